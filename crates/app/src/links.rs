//! What invitations and password resets have in common: a token of 256 bits behind a prefix, of which the store knows
//! the digest; its place in a URL's fragment, which no browser sends and no server logs; one refusal.

use std::time::Duration;

use domain::UserId;
use domain::audit::Actor;
use domain::link::{Aim, Link};
use secrecy::{ExposeSecret, SecretString};

use crate::Ctx;
use crate::failure::{Failure, Kind};
use crate::mail::{Full, Slot};
use crate::principal::digest;
use crate::sessions::opaque;

/// How the person gets the link.
#[derive(Debug)]
pub enum Delivery {
    /// By mail; nobody else sees it.
    Mail,
    /// No mail server is configured: by the hand of who asked, who is shown it this once.
    Hand(SecretString),
}

/// A link that was just made.
pub(crate) struct Fresh {
    pub digest: [u8; 32],
    /// Holds the token.
    pub url: SecretString,
}

/// What a link that was mailed did besides, as the trail tells of it.
pub(crate) const VERIFIED: &str = "the address is verified";

/// How long a caller should wait for the mail server.
const MAIL_AWAY: Duration = Duration::from_mins(1);

pub(crate) fn fresh(ctx: &Ctx, aim: &Aim) -> Fresh {
    let (prefix, page) = match aim {
        Aim::Invitation(_) => ("hi_", "invitation"),
        Aim::PasswordReset(_) => ("hp_", "password-reset"),
    };
    let token = opaque(ctx, prefix);
    let url = format!("{}/{page}#token={token}", ctx.config.public_url);
    Fresh { digest: digest(&token), url: url.into() }
}

/// Under which a presented token is kept.
pub(crate) fn key(token: &SecretString) -> [u8; 32] {
    digest(token.expose_secret())
}

/// Who it was that used a link: the person, where the link was mailed to him; whoever holds it, where it was handed to who made it.
pub(crate) fn by_whom(link: &Link, user: UserId) -> (Actor, String) {
    if link.mailed {
        let made = link.created_by.map(|maker| format!(", made by user {maker}")).unwrap_or_default();
        return (Actor { kind: "user", id: Some(user.uuid()), credential: None }, format!("mailed{made}"));
    }
    let maker = link.created_by.map_or_else(|| "nobody".to_owned(), |maker| format!("user {maker}"));
    (Actor::ANONYMOUS, format!("handed to {maker}, who made it"))
}

/// For every token that does not, or no longer, do what it is presented for.
pub(crate) fn invalid() -> Failure {
    Failure::new(Kind::Invalid, "invalid_token", "This link does not work, or no longer; ask for a new one.")
}

/// A place in the queue of letters; `None` without a mail server.
pub(crate) fn place(ctx: &Ctx) -> Result<Option<Slot>, Failure> {
    ctx.mail.take_place().map_err(|Full| {
        let kind = Kind::Unavailable { retry_after: MAIL_AWAY };
        Failure::new(kind, "unavailable", "No mail can be sent for the moment.")
    })
}
