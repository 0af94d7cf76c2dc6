//! Changing a client. Operators only (`installation:write`). Audits `client.changed` with what
//! was and what is.

use domain::{ClientUid, Permission};
use store::world::client::{self, Client};
use store::world::{Record, hold, save};

use super::Given;
use super::given::{is_fit, moved};
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::rules::Faults;

/// What changes nothing is not written and not audited.
///
/// # Errors
/// `Forbidden` for who is no operator; `NotFound`; `Invalid` names every field at fault.
pub async fn run(ctx: &Ctx, caller: &Caller, uid: ClientUid, given: Given) -> Result<(), Failure> {
    let act = Act::begin(ctx, caller, (&Permission::INSTALLATION_WRITE, None), "client.changed").await?;
    given.judge(Faults::default())?;
    ctx.store
        .write(move |tx| {
            let (given, act) = (given.clone(), act.clone());
            Box::pin(async move {
                act.in_turn(tx).await?;
                hold(tx, Client::table(), &[store::Value::Uuid(uid.uuid())]).await?;
                let before = client::by_id(tx, uid).await?.ok_or_else(Failure::not_found)?;
                let mut after = before.clone();
                given.over(&mut after);
                let Some(words) = moved(&before, &after) else { return Ok(()) };
                is_fit(&after)?;
                after.updated_at = act.now;
                save(tx, &after).await?;
                act.tell(tx, ("client", uid.uuid()), &words).await?;
                tx.changed(uid.uuid());
                Ok(())
            })
        })
        .await
}
