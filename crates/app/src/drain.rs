//! Emptying what is to be deleted and has much hanging on it: in bounded batches, with other writers in between.

use domain::Permission;
use store::drain::{self, Of};
use store::{StoreError, WriteTx};

use crate::Ctx;
use crate::act::{Act, Ask};
use crate::failure::Failure;
use crate::principal::Caller;

/// Rows in a transaction; what has no more goes in the one that deletes it.
const ROWS: i64 = 500;

/// What is emptied, by whom, and how it is told of.
pub(crate) struct Emptying<'e> {
    pub of: Of,
    /// The permission that the deletion asks for, above all tenants.
    pub permission: &'e Permission,
    /// That it has begun: until it ends, some of what hangs on it is gone already.
    pub action: &'static str,
}

/// Comes before the transaction that deletes. Each batch judges again; the first is audited. Who hangs up or runs into
/// the deadline stops it between two batches, and goes on by asking once more.
///
/// # Errors
/// `Forbidden`, or `Unauthenticated` where something came between.
pub(crate) async fn run(ctx: &Ctx, caller: &Caller, emptying: Emptying<'_>) -> Result<(), Failure> {
    let Emptying { of, permission, action } = emptying;
    let ask: Ask<'_> = (permission, None);
    let mut act = Act::begin(ctx, caller, ask, action).await?;
    if let Of::Tenant(tenant) = of {
        act = act.in_tenant(Some(tenant));
    }
    let much: Result<bool, StoreError> =
        ctx.store.read(move |tx| Box::pin(async move { drain::exceeds(tx, of, ROWS).await })).await;
    if !much? {
        return Ok(());
    }
    let mut first = true;
    loop {
        let step = Step { act: act.clone(), of, first };
        let more = ctx
            .store
            .write(move |tx| {
                let step = step.clone();
                Box::pin(async move { step.take(tx).await })
            })
            .await?;
        if !more {
            return Ok(());
        }
        first = false;
    }
}

#[derive(Clone)]
struct Step {
    act: Act,
    of: Of,
    first: bool,
}

impl Step {
    async fn take(&self, tx: &mut WriteTx<'_>) -> Result<bool, Failure> {
        self.act.in_turn(tx).await?;
        let spared = self.act.caller.user_id();
        let more = drain::batch(tx, self.of, spared, ROWS).await?;
        if self.first {
            let target = match self.of {
                Of::Tenant(id) => ("tenant", id.uuid()),
                Of::Client(id) => ("client", id.uuid()),
            };
            self.act.tell(tx, target, "").await?;
        }
        Ok(more)
    }
}
