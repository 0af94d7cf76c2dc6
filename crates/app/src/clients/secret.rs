//! Giving a client a new secret, shown once; the one before counts no more, nor does what it proved. A public client
//! becomes a confidential one. Operators only (`installation:write`). Audits `client.secret_replaced`.

use domain::{ClientUid, Permission};
use secrecy::SecretString;
use store::world::client::{self, Client};
use store::world::{Record, hold, save};

use super::equip;
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;

/// # Errors
/// `Forbidden` for who is no operator; `NotFound`.
pub async fn run(ctx: &Ctx, caller: &Caller, uid: ClientUid) -> Result<SecretString, Failure> {
    let ask = (&Permission::INSTALLATION_WRITE, None);
    let act = Act::begin(ctx, caller, ask, "client.secret_replaced").await?;
    let found: Result<Option<Client>, store::StoreError> =
        ctx.store.read(move |tx| Box::pin(client::by_id(tx, uid))).await;
    let mut equipped = found?.ok_or_else(Failure::not_found)?;
    let secret = equip(ctx, &mut equipped);
    let kept: Result<(), Failure> = ctx
        .store
        .write(move |tx| {
            let (equipped, act) = (equipped.clone(), act.clone());
            Box::pin(async move {
                act.in_turn(tx).await?;
                hold(tx, Client::table(), &[store::Value::Uuid(uid.uuid())]).await?;
                let mut row = client::by_id(tx, uid).await?.ok_or_else(Failure::not_found)?;
                row.secret_digest = equipped.secret_digest;
                row.secret_bytes = equipped.secret_bytes;
                row.updated_at = act.now;
                save(tx, &row).await?;
                act.tell(tx, ("client", uid.uuid()), "").await?;
                tx.changed(uid.uuid());
                Ok(())
            })
        })
        .await;
    kept.map(|()| secret)
}
