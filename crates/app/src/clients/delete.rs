//! Deleting a client: its tokens, its families and the sessions behind them end at once. Operators only
//! (`installation:write`). Audits `client.deleted`, and before it `client.deletion_begun` where much hangs on it.

use domain::{ClientUid, Permission};
use store::drain::Of;
use store::world::client::{self, Client};
use store::world::{Record, remove};

use crate::Ctx;
use crate::act::Act;
use crate::drain::{self, Emptying};
use crate::failure::Failure;
use crate::principal::Caller;

/// All that was opened through it hangs on it in the feed. Where that is much, it goes first, in bounded batches.
///
/// # Errors
/// `Forbidden` for who is no operator; `NotFound`.
pub async fn run(ctx: &Ctx, caller: &Caller, uid: ClientUid) -> Result<(), Failure> {
    let action = "client.deletion_begun";
    let emptying = Emptying { of: Of::Client(uid), permission: &Permission::INSTALLATION_WRITE, action };
    drain::run(ctx, caller, emptying).await?;
    let act = Act::begin(ctx, caller, (&Permission::INSTALLATION_WRITE, None), "client.deleted").await?;
    ctx.store
        .write(move |tx| {
            let act = act.clone();
            Box::pin(async move {
                act.in_turn(tx).await?;
                let row = client::by_id(tx, uid).await?.ok_or_else(Failure::not_found)?;
                if !remove(tx, Client::table(), &[store::Value::Uuid(uid.uuid())]).await? {
                    return Err(Failure::not_found());
                }
                act.tell(tx, ("client", uid.uuid()), &format!("client_id {:?}", row.client_id)).await?;
                tx.changed(uid.uuid());
                Ok(())
            })
        })
        .await
}
