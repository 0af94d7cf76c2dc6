//! Asking for a new password by one's address. Asks for nothing. Audits `password_reset.asked`, done or refused; refusals
//! from one address are counted beyond a few a minute.
//!
//! The answer is there before anything is looked up, so it says nothing about the address, and takes no longer for
//! one than for another. Behind it each address costs one look and one event. While a link that was mailed is new, asking
//! again sends nothing, and the link stays.

use std::sync::Arc;

use domain::audit::{Actor, Origin};
use domain::link::Link;
use domain::{EmailAddress, TenantId, UserId};
use store::{StoreError, WriteTx, links, users};

use super::{PAUSE, STAYS};
use crate::Ctx;
use crate::audit::Event;
use crate::links::{Fresh, fresh};
use crate::mail::{self, Full};
use crate::refusals;
use crate::users::told_in;

/// Never refuses. Where too much is under way the request is dropped, and the log says so.
pub fn run(ctx: &Arc<Ctx>, email: EmailAddress, origin: Origin) {
    let request_id = origin.request_id.clone();
    let work = write(Arc::clone(ctx), email, origin);
    if let Err(Full) = ctx.mail.beside(work) {
        tracing::error!(request_id, "a password reset was dropped: too many letters are under way");
    }
}

async fn write(ctx: Arc<Ctx>, email: EmailAddress, origin: Origin) {
    let request_id = origin.request_id.clone();
    let place = match ctx.mail.take_asked_place() {
        Ok(place) => place,
        Err(Full) => return tracing::error!(request_id, "a password reset was dropped: no mail can be sent"),
    };
    if place.is_none() {
        tracing::warn!(
            request_id,
            "a password reset was asked for, and there is no mail server: set `smtp.url` and `smtp.from`, or make a \
             link with POST /v1/users/{{id}}/password-reset"
        );
    }
    let event = ctx.event(Actor::ANONYMOUS, "password_reset.asked", &origin);
    // Made before it is known for whom, so that everybody costs the same.
    let nobody = UserId::from_uuid(uuid::Uuid::nil());
    let blank = super::link(&ctx, nobody, None, place.is_some());
    let fresh = fresh(&ctx, &blank.aim);
    let draft = Draft { blank, digest: fresh.digest, event };
    let refused = draft.event.clone();
    match keep(&ctx, email.clone(), draft).await {
        Ok(Ok(())) => {
            let Fresh { url, .. } = fresh;
            if let Some(place) = place {
                place.send(mail::password_reset(email, url, super::LIVES));
            }
        }
        Ok(Err((user, why))) => {
            let event = refused.because(why).refused();
            let event = match user {
                Some((user, tenant)) => event.on("user", user.uuid()).in_tenant(tenant),
                None => event,
            };
            if let Err(error) = refusals::tell(&ctx, event, &origin).await {
                tracing::error!(request_id, %error, "a password reset was refused and not audited");
            }
        }
        Err(error) => tracing::error!(request_id, %error, "a password reset was asked for and not kept"),
    }
}

#[derive(Clone)]
struct Draft {
    blank: Link,
    digest: [u8; 32],
    event: Event,
}

/// `Ok`: a letter shall go.
async fn keep(ctx: &Ctx, email: EmailAddress, draft: Draft) -> Result<Result<(), Refusal>, StoreError> {
    ctx.store
        .write(move |tx| {
            let (email, draft) = (email.clone(), draft.clone());
            Box::pin(async move {
                let user = match refusal(tx, &email, &draft).await? {
                    Ok(user) => user,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let link = Link { aim: domain::link::Aim::PasswordReset(user), ..draft.blank };
                links::put(tx, &link, &draft.digest).await?;
                let tenant = told_in(tx, user, link.created_at).await?;
                draft.event.on("user", user.uuid()).in_tenant(tenant).write(tx).await?;
                Ok(Ok(()))
            })
        })
        .await
}

/// The person, if there is one, with the tenant that is told; and why.
type Refusal = (Option<(UserId, Option<TenantId>)>, &'static str);

async fn refusal(
    tx: &mut WriteTx<'_>,
    email: &EmailAddress,
    draft: &Draft,
) -> Result<Result<UserId, Refusal>, StoreError> {
    let Some(user) = users::by_email(tx, email).await? else { return Ok(Err((None, "unknown address"))) };
    let told = told_in(tx, user.id, draft.blank.created_at).await?;
    let why = |why| Ok(Err((Some((user.id, told)), why)));
    if !user.active {
        return why("deactivated");
    }
    if !draft.blank.mailed {
        return why("no mail server");
    }
    // Of two at once the later sees the link of the first.
    users::hold(tx, user.id).await?;
    let now = draft.blank.created_at;
    if links::reset_at(tx, user.id).await?.is_some_and(|last| now.since(last) < PAUSE) {
        return why("asked a moment ago");
    }
    // Anybody may ask: he must not take away the link that its owner is about to open.
    let open = links::reset_of(tx, user.id).await?.filter(|link| link.mailed && link.is_open(now));
    if open.is_some_and(|link| now.since(link.created_at) < STAYS) {
        return why("a link was sent and is open");
    }
    Ok(Ok(user.id))
}
