//! Making a tenant. Operators only (`installation:write`). Audits `tenant.created`.

use domain::{Permission, TenantId};
use store::StoreError;
use store::numbers::Counted;
use store::world::tenant::{Tenant, by_key};

use super::Settings;
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::numbers::numbered;
use crate::principal::Caller;
use crate::rules::{Faults, taken};

/// `settings` must name key and name.
///
/// # Errors
/// `Conflict` where the key is taken.
pub async fn run(ctx: &Ctx, caller: &Caller, settings: Settings) -> Result<TenantId, Failure> {
    let id = TenantId::from_uuid(ctx.new_id());
    let act = Act::begin(ctx, caller, (&Permission::INSTALLATION_WRITE, None), "tenant.created").await?;
    let act = act.in_tenant(Some(id));
    let mut faults = Faults::default();
    faults.unless(settings.key.is_some(), "key", "is required");
    faults.unless(settings.name.is_some(), "name", "is required");
    faults.done()?;
    settings.judge()?;
    let mut row = Tenant::blank(id, String::new(), String::new(), act.now);
    settings.over(&mut row);
    numbered(ctx, Counted::Tenant, |number| keep(ctx, Tenant { number, ..row.clone() }, act.clone())).await
}

/// `None`: another one has the number.
async fn keep(ctx: &Ctx, row: Tenant, act: Act) -> Result<Option<TenantId>, Failure> {
    ctx.store
        .write(move |tx| {
            let (row, act) = (row.clone(), act.clone());
            Box::pin(async move {
                act.in_turn(tx).await?;
                if !store::world::add(tx, &row).await? {
                    let same: Result<Option<Tenant>, StoreError> = by_key(tx, &row.key).await;
                    return if same?.is_some() { Err(taken("key")) } else { Ok(None) };
                }
                act.tell(tx, ("tenant", row.id.uuid()), "").await?;
                Ok(Some(row.id))
            })
        })
        .await
}
