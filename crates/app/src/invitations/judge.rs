//! Judging an invitation at the moment of its use: what it gives must still be there, and whoever made it must
//! still be one who may give it.

use domain::decision::{Door, Question};
use domain::link::{Invitation, Link};
use domain::{Permission, Role, Timestamp};
use store::{ReadTx, StoreError, roles, tenants};

use crate::decisions::facts;
use crate::members::all_assignable;
use crate::principal::load_profile;

/// Why it gives nothing any more, for the audit trail alone.
pub(super) type Why = &'static str;

/// The roles that it gives, or why it gives nothing.
pub(super) async fn judge(
    tx: &mut ReadTx<'_>,
    link: &Link,
    invitation: &Invitation,
    now: Timestamp,
) -> Result<Result<Vec<Role>, Why>, StoreError> {
    let visible = roles::visible(tx, invitation.tenant).await?;
    let given: Vec<Role> = visible.into_iter().filter(|role| invitation.roles.contains(&role.id)).collect();
    if given.len() != invitation.roles.len() {
        return Ok(Err("a role is gone"));
    }
    for site in &invitation.sites {
        if tenants::site_of(tx, invitation.tenant, *site).await?.is_none() {
            return Ok(Err("a site is gone"));
        }
    }
    if invitation.member_until.is_some_and(|end| end <= now) {
        return Ok(Err("the membership would be over"));
    }
    let may = still_may(tx, link, (invitation, &given), now).await?;
    Ok(if may { Ok(given) } else { Err("whoever invited may no longer") })
}

/// By what he may do himself, with a credential that nothing cuts down: the one that he presented then may be over.
async fn still_may(
    tx: &mut ReadTx<'_>,
    link: &Link,
    (invitation, roles): (&Invitation, &[Role]),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(inviter) = link.created_by else { return Ok(false) };
    let Some(profile) = load_profile(tx, inviter).await? else { return Ok(false) };
    let seat = profile.membership(invitation.tenant).map(facts::seat);
    let facts = facts::of_user(facts::owner(&profile.user), profile.user.operator, seat);
    let permission = &Permission::USERS_WRITE;
    let question = Question { permission, tenant: Some(invitation.tenant), door: Door::Own, now };
    let gives = all_assignable((&facts.authority, Door::Own), roles, &[]).is_ok();
    Ok(gives && facts.judge(&question).allowed)
}
