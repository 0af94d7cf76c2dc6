//! Nobody is left without an administrator, or the installation without an operator, by a file.

use std::collections::BTreeSet;

use domain::{TenantId, Timestamp};
use store::{StoreError, WriteTx};

use super::draft::Settled;
use super::error::{ApplyError, Stop};

/// Who could administer before anything was written.
pub(super) struct Before {
    tenants: Vec<(TenantId, bool)>,
    operators: bool,
}

/// Comes before all other rows are touched: takes the tenants in the order of their ids (engine.md §3).
pub(super) async fn before(tx: &mut WriteTx<'_>, draft: &Settled, now: Timestamp) -> Result<Before, Stop> {
    let mut tenants = Vec::new();
    for tenant in touched(tx, draft).await? {
        if !store::tenants::revise(tx, tenant).await? {
            return Err(Stop::Moved);
        }
        tenants.push((tenant, false));
    }
    for (tenant, had) in &mut tenants {
        *had = store::world::administrators(tx, *tenant, now).await? > 0;
    }
    let mut operators = false;
    if draft.judge.operators {
        store::world::lock_operators(tx).await?;
        operators = store::world::operators(tx).await? > 0;
    }
    Ok(Before { tenants, operators })
}

async fn touched(tx: &mut WriteTx<'_>, draft: &Settled) -> Result<BTreeSet<TenantId>, StoreError> {
    let mut all = draft.judge.tenants.clone();
    for user in &draft.judge.users {
        all.extend(store::world::tenants_of_user(tx, *user).await?);
    }
    for role in &draft.judge.roles {
        all.extend(store::world::tenants_of_role(tx, *role).await?);
    }
    Ok(all)
}

/// # Errors
/// `Refused`, where any that had somebody has nobody now, with all of them: the transaction is rolled back.
pub(super) async fn after(tx: &mut WriteTx<'_>, before: Before, now: Timestamp) -> Result<(), Stop> {
    let mut lost = Vec::new();
    for (tenant, _) in before.tenants.into_iter().filter(|(_, had)| *had) {
        if store::world::administrators(tx, tenant, now).await? == 0 {
            let tenant = store::tenants::by_id(tx, tenant).await?;
            let key = tenant.map(|tenant| tenant.key).unwrap_or_default();
            lost.push(format!("tenant {key:?} would lose its last administrator"));
        }
    }
    lost.sort_unstable();
    if before.operators && store::world::operators(tx).await? == 0 {
        lost.push("the installation would lose its last operator".to_owned());
    }
    let advice = match lost.len() {
        0 => return Ok(()),
        1 => "leave it one",
        _ => "leave each of them one",
    };
    let lost = lost.join("; ");
    Err(ApplyError::Refused(format!("refused, and nothing was written: {lost}; {advice}")).into())
}
