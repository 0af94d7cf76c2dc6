//! What there is of a user besides the profile, and the user's end.

use domain::{EmailAddress, SiteId, TenantId, Timestamp, UserId};

use crate::db::{WriteTx, params, statements};
use crate::error::StoreError;
use crate::population;

statements! { "users";
    HOLDER = "SELECT id FROM users WHERE email = $1";
    SAME = "SELECT id FROM users WHERE id = $1 AND email = $2 AND active = $3 AND is_operator = $4";
    SET = "UPDATE users SET email = $2, verified = $3, active = $4, is_operator = $5, default_tenant_id = $6, \
        default_site_id = $7, updated_by = $8, updated_at = $9 WHERE id = $1";
    REMOVE = "DELETE FROM users WHERE id = $1 RETURNING id";
}

/// As it shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub email: EmailAddress,
    pub verified: bool,
    pub active: bool,
    pub operator: bool,
    pub default_tenant: Option<TenantId>,
    pub default_site: Option<SiteId>,
}

/// With another e-mail, state or power a link to a new password ends: it may lie in the mailbox of an address that is no
/// longer the user's, or lead to more than when it was made.
///
/// # Errors
/// `Conflict` names `email` where it is another's.
pub async fn set_standing(
    tx: &mut WriteTx<'_>,
    id: UserId,
    standing: &Standing,
    by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let holder: Option<UserId> =
        tx.row(&HOLDER, params![&standing.email]).await?.map(|mut row| row.take("id")).transpose()?;
    if holder.is_some_and(|holder| holder != id) {
        return Err(StoreError::Conflict { field: "email" });
    }
    let row = params![
        id,
        &standing.email,
        standing.verified,
        standing.active,
        standing.operator,
        standing.default_tenant,
        standing.default_site,
        by,
        now,
    ];
    if !tx.any(&SAME, params![id, &standing.email, standing.active, standing.operator]).await? {
        crate::links::end_reset(tx, id, now).await?;
    }
    tx.run(&SET, row).await?;
    tx.changed(id.uuid());
    Ok(())
}

/// Takes the user away with memberships, sessions and tokens; `false`: there is none.
pub async fn remove(tx: &mut WriteTx<'_>, id: UserId) -> Result<bool, StoreError> {
    let tenants = crate::world::tenants_of_user(tx, id).await?;
    let gone = tx.any(&REMOVE, params![id]).await?;
    if gone {
        tx.changed(id.uuid());
        for tenant in tenants {
            population::moved(tx, tenant);
        }
    }
    Ok(gone)
}
