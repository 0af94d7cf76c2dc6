//! Nobody is left without an administrator, or the installation without an operator, by a file.

use std::collections::BTreeSet;

use domain::{TenantId, Timestamp};
use store::{StoreError, WriteTx};

use super::draft::Settled;
use super::error::{ApplyError, Stop};
use super::step::Step;
use crate::last::{Before, Lost};

/// Comes before all other rows are touched.
pub(super) async fn before(tx: &mut WriteTx<'_>, draft: &Settled, now: Timestamp) -> Result<Before, Stop> {
    let tenants = touched(tx, draft).await?;
    let before = Before::take(tx, &tenants, draft.judge.operators, now).await?.ok_or(Stop::Moved)?;
    let gone = draft.steps.iter().filter(|step| step.removes() && step.table.name == "tenants");
    let gone: BTreeSet<_> = gone.flat_map(Step::key).map(TenantId::from_uuid).collect();
    Ok(before.without(&gone))
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
    let Lost { tenants, operators } = before.lost(tx, now).await?;
    let mut lost: Vec<String> =
        tenants.iter().map(|key| format!("tenant {key:?} would lose its last administrator")).collect();
    if operators {
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
