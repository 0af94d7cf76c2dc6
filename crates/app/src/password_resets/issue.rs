//! Making a link to a new password for somebody: his first, or one in the place of a lost one. Asks that the person is
//! the caller's to change (an operator's, or an administrator's of the only tenant he is in), interactively. Audits
//! `password_reset.created`.

use domain::decision::{Door, Question};
use domain::link::Link;
use domain::{Permission, Timestamp, UserId};
use store::{ReadTx, StoreError, links};

use crate::Ctx;
use crate::authorize::{Stop, interactive};
use crate::decisions::facts;
use crate::failure::{Failure, Kind};
use crate::links::{Delivery, Fresh, fresh, place};
use crate::mail;
use crate::principal::{Caller, Profile, load_profile};
use crate::users::{Claim, Owned, of_another, owned};

pub struct Issued {
    pub link: Link,
    pub delivery: Delivery,
}

/// # Errors
/// `Hidden` or `NotFound` for who is not visible; `Forbidden` for oneself, for who is not the caller's to change, and for
/// a credential that a program holds; `Conflict` for who is deactivated.
pub async fn run(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<Issued, Failure> {
    let caller = &caller.about(id);
    let claimed = owned(ctx, caller, id).await?;
    if claimed.claim == Claim::Oneself {
        let public = "One's own password is changed with the current one, or asked for by mail.";
        return Err(Failure { public: public.into(), ..Failure::forbidden() });
    }
    interactive(caller)?;
    let place = place(ctx)?;
    let link = super::link(ctx, id, caller.user_id(), place.is_some());
    let Fresh { digest, url } = fresh(ctx, &link.aim);
    let event = claimed.event(ctx, caller, ("password_reset.created", id));
    let (row, by) = (link.clone(), caller.clone());
    let kept: Result<Profile, Stop> = ctx
        .store
        .write(move |tx| {
            let (row, event, by) = (row.clone(), event.clone(), by.clone());
            Box::pin(async move {
                let now = row.created_at;
                let owned = Owned::take(tx, &by, id, now).await?;
                let told_in = owned.told_in(now);
                may_be_made(tx, &row, &owned.person).await?;
                links::put(tx, &row, &digest).await?;
                event.in_tenant(told_in).write(tx).await?;
                Ok(owned.person)
            })
        })
        .await;
    let person = match kept {
        Ok(person) => person,
        Err(stop) => return Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    };
    let delivery = match place {
        None => Delivery::Hand(url),
        Some(place) => {
            place.send(mail::password_reset(person.user.email, url, super::LIVES));
            Delivery::Mail
        }
    };
    Ok(Issued { link, delivery })
}

async fn may_be_made(tx: &mut ReadTx<'_>, link: &Link, person: &Profile) -> Result<(), Failure> {
    if !person.user.active {
        return Err(Failure::new(Kind::Conflict, "conflict", "The person is deactivated."));
    }
    let before = links::reset_at(tx, person.user.id).await?.filter(|_| link.mailed);
    let rest = before.map(|before| super::PAUSE.saturating_sub(link.created_at.since(before)));
    match rest.filter(|rest| !rest.is_zero()) {
        None => Ok(()),
        Some(retry_after) => {
            let text = "A letter went to this person a moment ago.";
            Err(Failure::new(Kind::TooMany { retry_after }, "too_many_requests", text))
        }
    }
}

/// Whether a link still counts. One that went through the hands of somebody else counts only as long as the person is
/// his to change: he might use it himself, and the person may have become another tenant's meanwhile.
pub(super) async fn may_still(
    tx: &mut ReadTx<'_>,
    link: &Link,
    user: UserId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(person) = load_profile(tx, user).await?.filter(|person| person.user.active) else {
        return Ok(false);
    };
    if link.mailed {
        return Ok(true);
    }
    let Some(maker) = link.created_by else { return Ok(false) };
    let Some(maker) = load_profile(tx, maker).await? else { return Ok(false) };
    Ok(is_his(&maker, &person, now))
}

/// By what the maker may do with a credential that nothing cuts down.
fn is_his(maker: &Profile, person: &Profile, now: Timestamp) -> bool {
    let only = person.memberships.first().filter(|_| person.memberships.len() == 1);
    let seat = only.and_then(|here| maker.membership(here.tenant.id)).map(facts::seat);
    let facts = facts::of_user(facts::owner(&maker.user), maker.user.operator, seat);
    let tenant = only.map(|here| here.tenant.id);
    let question = Question { permission: &Permission::USERS_WRITE, tenant, door: Door::Own, now };
    facts.judge(&question).allowed && of_another(&facts.authority, Door::Own, person).is_ok()
}
