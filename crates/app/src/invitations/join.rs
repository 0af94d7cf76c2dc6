//! The transaction in which an invitation becomes a membership.

use domain::audit::{Actor, Origin};
use domain::membership::Membership;
use domain::{Role, Timestamp, UserId};
use store::memberships::{self, Seat};
use store::numbers::Counted;
use store::users::NewUser;
use store::{StoreError, WriteTx, links, tenants, users};

use super::accept::{Accepted, Command, Found};
use super::enter::Who;
use super::{first, judge};
use crate::Ctx;
use crate::audit::Event;
use crate::failure::Failure;
use crate::links::VERIFIED;
use crate::members;
use crate::numbers::{numbered, unless_taken};

#[derive(Clone)]
pub(super) struct Join {
    pub digest: [u8; 32],
    pub who: Who,
    pub now: Timestamp,
}

/// Why it was rolled back.
pub(super) enum Stop {
    /// What was looked at is no longer so.
    Moved,
    /// Used or over meanwhile, or it gives nothing any more; why is for the audit trail.
    Invalid(&'static str),
    CodeUsed,
    Refused(Failure),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        match error {
            // Somebody made the account, or world files took each number.
            StoreError::Conflict { field: "email" | "number" } => Self::Moved,
            error => Self::Refused(error.into()),
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

/// What the transaction writes besides the membership.
#[derive(Clone)]
struct Told {
    new: NewUser,
    made: Event,
    first: Event,
    accepted: Event,
}

pub(super) async fn run(
    ctx: &Ctx,
    join: Join,
    (command, found): (&Command, &Found),
) -> Result<Accepted, Stop> {
    let told = told(ctx, &join.who, (command, found));
    if !matches!(join.who, Who::New { .. }) {
        let kept = keep(ctx, (join, found.clone()), told).await?;
        return kept.ok_or(Stop::Moved);
    }
    numbered(ctx, Counted::User, |number| {
        let new = NewUser { number, ..told.new.clone() };
        keep(ctx, (join.clone(), found.clone()), Told { new, ..told.clone() })
    })
    .await
}

/// `None`: the number is taken.
async fn keep(ctx: &Ctx, (join, found): (Join, Found), told: Told) -> Result<Option<Accepted>, Stop> {
    ctx.store
        .write(move |tx| {
            let (join, found, told) = (join.clone(), found.clone(), told.clone());
            Box::pin(async move {
                let held = join.who.hold(tx, &found, join.now).await?;
                // Of two who accept at once the later counts the other.
                let tenant = found.invitation.tenant;
                if !tenants::revise(tx, tenant).await? || !links::take(tx, &join.digest, join.now).await? {
                    return Err(Stop::Invalid("used or over"));
                }
                let judged = judge::judge(tx, &found.link, &found.invitation, join.now).await?;
                let roles = judged.map_err(Stop::Invalid)?;
                let user = if let Some(user) = held {
                    user
                } else {
                    if unless_taken(users::add(tx, &told.new, join.now).await)?.is_none() {
                        return Ok(None);
                    }
                    told.made.write(tx).await?;
                    told.new.id
                };
                if let Who::First(proven) = &join.who {
                    first::set(tx, proven, (&found, &told.first), join.now).await?;
                }
                let membership = seat(tx, user, (&found, &roles), join.now).await?;
                let accepted = told.accepted.on("user", user.uuid());
                let accepted = accepted.also(&format!("as {}", members::keys(&roles)));
                let accepted = if verify(tx, user, &found, join.now).await? {
                    accepted.also(VERIFIED)
                } else {
                    accepted
                };
                accepted.write(tx).await?;
                Ok(Some(Accepted { user, membership, is_new: held.is_none() }))
            })
        })
        .await
}

/// Whoever has read the letter has the mailbox; who was handed the link has not shown it. Of somebody new it is said
/// already.
async fn verify(
    tx: &mut WriteTx<'_>,
    user: UserId,
    found: &Found,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(found.link.mailed && users::verify(tx, user, found.invitation.email.as_str(), now).await?)
}

fn told(ctx: &Ctx, who: &Who, (command, found): (&Command, &Found)) -> Told {
    let origin: &Origin = &command.origin;
    let id = UserId::from_uuid(ctx.new_id());
    let hash = match who {
        Who::New { hash } => Some(hash.clone()),
        Who::Known(_) | Who::First(_) | Who::Caller(_) => None,
    };
    let invitation = &found.invitation;
    let new = NewUser {
        id,
        number: 0,
        email: invitation.email.clone(),
        name: command.name.clone().or_else(|| invitation.name.clone()),
        operator: false,
        // Who was handed the link by the inviter has not shown that the mailbox is his.
        verified: found.link.mailed,
        password_hash: hash,
        default_tenant: Some(invitation.tenant),
        // As everywhere, an address: here the person's own, who did it.
        created_by: invitation.email.to_string(),
    };
    let by = |user: UserId| Actor { kind: "user", id: Some(user.uuid()), credential: None };
    let accepted = match who {
        Who::Caller(caller) => ctx.event_by(caller, "invitation.accepted"),
        Who::New { .. } | Who::Known(_) | Who::First(_) => {
            ctx.event(by(found.user.unwrap_or(id)), "invitation.accepted", origin)
        }
    };
    let accepted =
        accepted.because(format!("invitation {}", found.link.id)).in_tenant(Some(invitation.tenant));
    let made = ctx.event(by(id), "user.created", origin).on("user", id.uuid());
    let made = made.in_tenant(Some(invitation.tenant)).because("invited");
    let first = first::told(ctx, found, found.user.unwrap_or(id), origin);
    Told { new, made, first, accepted }
}

async fn seat(
    tx: &mut WriteTx<'_>,
    user: UserId,
    (found, roles): (&Found, &[Role]),
    now: Timestamp,
) -> Result<Membership, Stop> {
    let invitation = &found.invitation;
    let seat = Seat {
        active: true,
        expires_at: invitation.member_until,
        roles: roles.iter().map(|role| role.id).collect(),
        sites: invitation.sites.clone(),
    };
    members::join(tx, (user, invitation.tenant), &seat, now).await?;
    let all = memberships::of_user(tx, user).await?;
    let made = all.into_iter().find(|m| m.tenant.id == invitation.tenant);
    made.ok_or(Stop::Refused(StoreError::Corrupt { table: "memberships", column: "user_id" }.into()))
}
