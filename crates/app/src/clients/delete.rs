//! Deleting a client: its tokens, its families and the sessions behind them end at once. Operators only
//! (`installation:write`). Audits `client.deleted`.

use domain::{ClientUid, Permission};
use store::drain::{self, Of};
use store::world::client;

use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;

/// All that was opened through it hangs on it in the feed and is dead when this answers. Where that is much, the rows are
/// swept afterwards.
///
/// # Errors
/// `Forbidden` for who is no operator; `NotFound`.
pub async fn run(ctx: &Ctx, caller: &Caller, uid: ClientUid) -> Result<(), Failure> {
    let act = Act::begin(ctx, caller, (&Permission::INSTALLATION_WRITE, None), "client.deleted").await?;
    ctx.store
        .write(move |tx| {
            let act = act.clone();
            Box::pin(async move {
                act.in_turn(tx).await?;
                let row = client::by_id(tx, uid).await?.ok_or_else(Failure::not_found)?;
                if !drain::end(tx, Of::Client(uid), act.now).await? {
                    return Err(Failure::not_found());
                }
                act.tell(tx, ("client", uid.uuid()), &format!("client_id {:?}", row.client_id)).await?;
                Ok(())
            })
        })
        .await
}
