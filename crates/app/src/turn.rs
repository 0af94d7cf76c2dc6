//! Whom a write waits for before it judges: who changes the people it rests on. PostgreSQL would show it what they were
//! before. The tenant's turn ([`store::tenants::revise`]) comes behind, as everywhere.

use std::collections::BTreeSet;

use domain::UserId;
use store::{StoreError, WriteTx, users};

use crate::principal::Caller;

/// The caller, whom somebody may be about to lock or to demote, and `whom` he acts on; in one order, so that two do not
/// wait for each other. `false`: `whom` is gone.
pub(crate) async fn of_people(
    tx: &mut WriteTx<'_>,
    caller: &Caller,
    whom: Option<UserId>,
) -> Result<bool, StoreError> {
    let both: BTreeSet<UserId> = caller.user_id().into_iter().chain(whom).collect();
    let mut there = true;
    for user in both {
        let held = users::hold(tx, user).await?;
        there &= held || Some(user) != whom;
    }
    Ok(there)
}
