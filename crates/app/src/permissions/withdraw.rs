//! Withdrawing a permission that an installation declared. Operators only (`installation:write`).
//! Audits `permission.withdrawn`.

use domain::Permission;
use domain::permission;
use store::feed::CATALOGUE;
use store::world::{Record, permission as declared, remove};
use store::{installation, roles};

use crate::Ctx;
use crate::act::Act;
use crate::failure::{Failure, Kind};
use crate::principal::Caller;

/// # Errors
/// `NotFound`; `Conflict` for one of Herald's own (`builtin`), and for one that a custom role names (`in_use`).
pub async fn run(ctx: &Ctx, caller: &Caller, permission: Permission) -> Result<(), Failure> {
    let ask = (&Permission::INSTALLATION_WRITE, None);
    let act = Act::begin(ctx, caller, ask, "permission.withdrawn").await?;
    if permission::CATALOGUE.iter().any(|(own, _)| *own == permission) {
        return Err(Failure::new(Kind::Conflict, "builtin", "A permission of Herald itself stays."));
    }
    ctx.store
        .write(move |tx| {
            let (permission, act) = (permission.clone(), act.clone());
            Box::pin(async move {
                // Who makes a role holds it too: none may come to name it meanwhile.
                installation::hold(tx, "vendor_id").await?;
                act.in_turn(tx).await?;
                let key = permission.as_str();
                let row = declared::by_key(tx, key).await?.ok_or_else(Failure::not_found)?;
                if roles::names_permission(tx, key).await? {
                    let text = "The permission is in use: a role names it.";
                    return Err(Failure::new(Kind::Conflict, "in_use", text));
                }
                remove(tx, declared::Permission::table(), &[store::Value::Uuid(row.id.uuid())]).await?;
                act.tell(tx, ("permission", row.id.uuid()), &format!("key {key}")).await?;
                tx.changed(CATALOGUE);
                Ok(())
            })
        })
        .await
}
