//! A write by a caller: authorised before its transaction, judged again inside it, told of with why it was allowed.

use domain::decision::Authority;
use domain::{Permission, TenantId, Timestamp};
use store::{StoreError, WriteTx};

use crate::Ctx;
use crate::audit::Event;
use crate::authorize::{Decided, authorize};
use crate::failure::Failure;
use crate::principal::{Asked, Caller, judge_again};
use crate::turn;

/// What is asked of `authorize`, and where: `None` is above all tenants, where only an operator may.
pub(crate) type Ask<'a> = (&'a Permission, Option<TenantId>);

/// Made before the transaction, cloned into it.
#[derive(Clone)]
pub(crate) struct Act {
    pub caller: Caller,
    pub now: Timestamp,
    pub asked: Asked,
    pub event: Event,
}

impl Act {
    /// Authorises; the event of `action` then bears the steps of the decision, in the tenant that was asked about.
    ///
    /// # Errors
    /// `Forbidden`, as [`authorize`].
    pub async fn begin(
        ctx: &Ctx,
        caller: &Caller,
        (permission, tenant): Ask<'_>,
        action: &'static str,
    ) -> Result<Self, Failure> {
        let decided = authorize(ctx, caller, permission, tenant).await?;
        Ok(Self::decided(ctx, (caller, &decided), (permission, tenant), action))
    }

    /// What was authorised before, by `decided`: a stream writes more than once.
    pub fn decided(
        ctx: &Ctx,
        (caller, decided): (&Caller, &Decided),
        (permission, tenant): Ask<'_>,
        action: &'static str,
    ) -> Self {
        let event = ctx.event_by(caller, action).in_tenant(tenant).decided(decided);
        let asked = Some((permission.clone(), tenant));
        Self { caller: caller.clone(), now: ctx.now(), asked, event }
    }

    /// Tells of it in another tenant than was asked about: an operator's acts on a tenant are that tenant's to know.
    pub fn in_tenant(mut self, tenant: Option<TenantId>) -> Self {
        self.event = self.event.in_tenant(tenant);
        self
    }

    /// First in the transaction: waits for whoever changes the caller, and what is the tenant's that was asked about, and
    /// judges again behind them. The other way round, a demotion that is about to be committed would be overlooked.
    ///
    /// # Errors
    /// `Unauthenticated` or `Forbidden`, where something came between; `NotFound` where the tenant is gone.
    pub async fn in_turn(&self, tx: &mut WriteTx<'_>) -> Result<Authority, Failure> {
        turn::of_people(tx, &self.caller, None).await?;
        if let Some((_, Some(tenant))) = &self.asked
            && !store::tenants::revise(tx, *tenant).await?
        {
            return Err(Failure::not_found());
        }
        Ok(judge_again(tx, &self.caller, &self.asked, self.now).await?.authority)
    }

    /// Last in the transaction. `words`: what changed, without any secret; may be empty.
    pub async fn tell(
        &self,
        tx: &mut WriteTx<'_>,
        (kind, id): (&'static str, uuid::Uuid),
        words: &str,
    ) -> Result<(), StoreError> {
        let event = self.event.clone().on(kind, id);
        let event = if words.is_empty() { event } else { event.also(words) };
        event.write(tx).await
    }
}
