//! Reporting what agents did. Asks for `agents:write`. Audits `activities.reported`, once a transaction.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::activity::{Activity, Tally};
use domain::{Permission, TenantId, Timestamp};
use store::agents::{self, Reported};
use store::{StoreError, WriteTx};
use uuid::Uuid;

use crate::Ctx;
use crate::act::Act;
use crate::authorize::{Decided, authorize};
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, meant};

/// Activities of one transaction at most.
const AT_ONCE: usize = 250;
/// How long one waits at most, as long as more follow.
const WAITS: Duration = Duration::from_secs(2);
/// How far ahead a moment may be: a clock in another zone's time is borne with.
const AHEAD: Duration = Duration::from_hours(24);

/// Takes activities one by one and writes them in short transactions, however many come. What it was given counts
/// once [`Reporter::flush`] has answered.
pub struct Reporter {
    caller: Caller,
    decided: Decided,
    tenant: TenantId,
    gathered: Vec<Reported>,
    /// On the monotonic clock.
    flushed_at: Duration,
}

type Sums = BTreeMap<(String, String), (Uuid, Tally)>;

impl Reporter {
    pub async fn begin(ctx: &Ctx, caller: &Caller, tenant: Option<&TenantName>) -> Result<Self, Failure> {
        let tenant = meant(ctx, caller, tenant).await?;
        let decided = authorize(ctx, caller, &Permission::AGENTS_WRITE, tenant).await?;
        let none = || Failure::invalid_field("tenant", "is required: this credential belongs to no tenant");
        let tenant = tenant.ok_or_else(none)?;
        let flushed_at = ctx.clock.monotonic();
        Ok(Self { caller: caller.clone(), decided, tenant, gathered: Vec::new(), flushed_at })
    }

    /// `at` is the moment that was told; `None`: now. What `activity` says of that and of its receipt is set here.
    ///
    /// # Errors
    /// What is to come: the newest one tells of its device, and would tell of it until then.
    pub fn add(
        &mut self,
        ctx: &Ctx,
        mut activity: Activity,
        at: Option<Timestamp>,
    ) -> Result<(), &'static str> {
        let now = ctx.now();
        activity.at = at.unwrap_or(now);
        if activity.at > now.plus(AHEAD) {
            return Err("at must not be more than a day from now");
        }
        let place = i64::try_from(self.gathered.len()).unwrap_or(i64::MAX);
        activity.received = now.as_micros().saturating_add(place);
        let digest = super::digest(&activity, at);
        self.gathered.push(Reported { id: ctx.new_id(), digest, activity });
        Ok(())
    }

    /// Whether it is time to [`Reporter::flush`].
    pub fn is_due(&self, ctx: &Ctx) -> bool {
        self.gathered.len() >= AT_ONCE || ctx.clock.monotonic().saturating_sub(self.flushed_at) >= WAITS
    }

    /// Writes what was gathered.
    ///
    /// # Errors
    /// `Unauthenticated`, `Forbidden` where the caller may no longer; what was written before stays.
    pub async fn flush(&mut self, ctx: &Ctx) -> Result<(), Failure> {
        self.flushed_at = ctx.clock.monotonic();
        if self.gathered.is_empty() {
            return Ok(());
        }
        let rows: Arc<[Reported]> = std::mem::take(&mut self.gathered).into();
        let sums = Arc::new(sums(ctx, &rows));
        let tenant = self.tenant;
        let asked = (&Permission::AGENTS_WRITE, Some(tenant));
        let act = Act::decided(ctx, (&self.caller, &self.decided), asked, "activities.reported");
        ctx.store
            .write(move |tx| {
                let (rows, sums, act) = (Arc::clone(&rows), Arc::clone(&sums), act.clone());
                Box::pin(async move {
                    act.in_turn(tx).await?;
                    keep(tx, tenant, &rows, &sums).await?;
                    let told = format!("{} reported", rows.len());
                    act.tell(tx, ("tenant", tenant.uuid()), &told).await.map_err(Failure::from)
                })
            })
            .await
    }
}

/// What the rows add up to, by agent and device: in one order, so that two reports never wait for each other.
fn sums(ctx: &Ctx, rows: &[Reported]) -> Sums {
    let mut sums = Sums::new();
    for Reported { activity, .. } in rows {
        let key = (activity.agent.clone(), activity.device.clone());
        let one = Tally::of(activity);
        let sum = match sums.remove(&key) {
            Some((id, sum)) => (id, sum.and(one)),
            None => (ctx.new_id(), one),
        };
        sums.insert(key, sum);
    }
    sums
}

async fn keep(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    rows: &[Reported],
    sums: &Sums,
) -> Result<(), StoreError> {
    for ((agent, device), (id, sum)) in sums {
        agents::count(tx, (*id, tenant), (agent, device), sum).await?;
    }
    for row in rows {
        agents::add(tx, tenant, row).await?;
    }
    Ok(())
}
