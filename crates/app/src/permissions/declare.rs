//! Declaring a permission of a product. Operators only (`installation:write`). Audits `permission.declared`.

use domain::Permission;
use store::feed::CATALOGUE;
use store::permissions::Declared;
use store::world::permission;
use store::{installation, permissions};

use crate::Ctx;
use crate::act::Act;
use crate::failure::{Failure, Kind};
use crate::principal::Caller;
use crate::rules::{Faults, TEXT, taken};

/// Permissions that an installation may have: each is shown in every list of them.
pub const MOST: usize = 5_000;

/// `description`: at most 2048 characters.
///
/// # Errors
/// `Conflict` where it is there already.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    permission: Permission,
    description: String,
) -> Result<Declared, Failure> {
    let ask = (&Permission::INSTALLATION_WRITE, None);
    let act = Act::begin(ctx, caller, ask, "permission.declared").await?;
    let mut faults = Faults::default();
    faults.optional_name("description", &description, TEXT);
    // The operators' own are asked for above all tenants alone: no role should seem to grant them.
    faults.unless(!permission.is_of_installation(), "key", "must not begin with installation:");
    faults.done()?;
    let (id, at) = (permission.id(), act.now);
    let row = permission::Permission {
        id,
        key: permission.as_str().to_owned(),
        description: description.clone(),
        origin: String::new(),
        created_at: at,
        updated_at: at,
    };
    ctx.store
        .write(move |tx| {
            let (row, act) = (row.clone(), act.clone());
            Box::pin(async move {
                installation::hold(tx, "vendor_id").await?;
                act.in_turn(tx).await?;
                if permissions::all(tx).await?.len() >= MOST {
                    let text = "The installation has as many permissions as it may have.";
                    return Err(Failure::new(Kind::Conflict, "limit_reached", text));
                }
                if !store::world::add(tx, &row).await? {
                    return Err(taken("key"));
                }
                act.tell(tx, ("permission", id.uuid()), &format!("key {}", row.key)).await?;
                tx.changed(CATALOGUE);
                Ok(())
            })
        })
        .await?;
    Ok(Declared { id, permission, description, created_at: at, updated_at: at })
}
