//! A client gives back a token that was issued to it (insights.md §2c, RFC 7009).
//!
//! Asks for no permission: the client has proved itself, and ends only what is its own. Audits `session.ended` or
//! `token.revoked`, by the client, where something ended.

use domain::Timestamp;
use domain::audit::Origin;
use domain::client::Client;
use domain::ids::AccessTokenId;
use domain::session::Opening;
use secrecy::{ExposeSecret, SecretString};
use store::access_tokens::AccessKind;
use store::{StoreError, WriteTx, access_tokens, families, sessions};

use super::event;
use crate::Ctx;
use crate::audit::Event;
use crate::principal::digest;

pub struct Command {
    pub client: Client,
    pub token: SecretString,
    pub origin: Origin,
}

#[derive(Debug)]
pub enum Error {
    /// A live token that was issued to another client (RFC 7009 §2.1: refused, and the client is told).
    Anothers,
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A refresh token takes its family along: every token of that sign-in, and its session. An access token goes alone.
/// What is unknown, dead or no token of OAuth's is as good as revoked.
pub async fn run(ctx: &Ctx, command: Command) -> Result<(), Error> {
    let Command { client, token, origin } = command;
    let what = match what(ctx, token.expose_secret()).await {
        Ok(Some(what)) => what,
        Ok(None) => return Ok(()),
        Err(error) => return Err(Error::Store(error)),
    };
    let event = event(ctx, &client, what.action(), &origin).because("by the client it was issued to");
    let now = ctx.now();
    ctx.store
        .write(move |tx| {
            let (client, event) = (client.clone(), event.clone());
            Box::pin(async move {
                match what {
                    What::Refresh(key) => family(tx, &client, (key, now), event).await,
                    What::Access(id) => access(tx, &client, (id, now), event).await,
                }
            })
        })
        .await
}

/// Which of OAuth's tokens it may be.
#[derive(Clone, Copy)]
enum What {
    Refresh([u8; 32]),
    Access(AccessTokenId),
}

impl What {
    const fn action(self) -> &'static str {
        match self {
            Self::Refresh(_) => "session.ended",
            Self::Access(_) => "token.revoked",
        }
    }
}

async fn what(ctx: &Ctx, token: &str) -> Result<Option<What>, StoreError> {
    if token.starts_with("hr_") {
        return Ok(Some(What::Refresh(digest(token))));
    }
    Ok(ctx.access_token(token).await?.map(What::Access))
}

async fn family(
    tx: &mut WriteTx<'_>,
    client: &Client,
    (key, now): ([u8; 32], Timestamp),
    event: Event,
) -> Result<(), Error> {
    let Some(token) = families::token(tx, &key).await? else { return Ok(()) };
    let Some(family) = families::by_id(tx, token.family).await? else { return Ok(()) };
    if family.opening != Opening::Oauth || family.ended_at.is_some() {
        return Ok(());
    }
    if family.client != Some(client.uid) {
        return if now < token.expires_at { Err(Error::Anothers) } else { Ok(()) };
    }
    if families::end(tx, family.id, now).await? {
        let tenant = sessions::by_id(tx, family.session).await?.and_then(|session| session.tenant);
        event.on("session", family.session.uuid()).in_tenant(tenant).write(tx).await?;
    }
    Ok(())
}

async fn access(
    tx: &mut WriteTx<'_>,
    client: &Client,
    (id, now): (AccessTokenId, Timestamp),
    event: Event,
) -> Result<(), Error> {
    let Some(token) = access_tokens::by_id(tx, id).await? else { return Ok(()) };
    if token.kind != AccessKind::Oauth || token.revoked_at.is_some() || now >= token.expires_at {
        return Ok(());
    }
    if token.client != Some(client.uid) {
        return Err(Error::Anothers);
    }
    if access_tokens::revoke(tx, id, now).await? {
        event.on("token", id.uuid()).in_tenant(token.tenant).write(tx).await?;
    }
    Ok(())
}
