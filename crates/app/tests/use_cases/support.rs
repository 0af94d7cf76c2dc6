//! Short words that several subjects share.

use domain::session::Opening;
use domain::standing::Dead;
use herald_app::Failure;
use herald_app::sessions::refresh::{self, Refreshed};
use herald_app::sessions::sign_in::{self, Command, Through};
use herald_app::tokens::mint;
use secrecy::{ExposeSecret, SecretString};
use testkit::{Installation, command, demo, origin};

/// `"in"`, or the code of the refusal.
pub async fn outcome(it: &Installation, command: Command) -> &'static str {
    match it.try_command(command).await {
        Ok(_) => "in",
        Err(error) => Failure::from(error).code,
    }
}

/// A native sign-in with a password.
pub async fn try_in(it: &Installation, email: &str, password: &str) -> &'static str {
    outcome(it, command(email, password, Through::Native)).await
}

/// A native sign-in of a person of the demo, with the right password.
pub async fn right(it: &Installation, email: &str) -> &'static str {
    try_in(it, email, demo::password(email)).await
}

/// The same naming a tenant: the tenant's key, or the code of the refusal.
pub async fn into_tenant(it: &Installation, email: &str, tenant: Option<&str>) -> String {
    let mut command = command(email, demo::password(email), Through::Native);
    command.tenant = tenant.map(str::to_owned);
    match it.try_command(command).await {
        Ok(signed) => {
            let session = signed.opened.session;
            let member = session.tenant.and_then(|id| signed.opened.profile.membership(id));
            member.map_or_else(|| "none".to_owned(), |m| m.tenant.key.clone())
        }
        Err(error) => Failure::from(error).code.to_owned(),
    }
}

/// Why a credential is dead; `None`: it lives.
pub async fn dead(it: &Installation, presented: &str) -> Option<Dead> {
    match it.prove(presented).await {
        Ok(_) => None,
        Err(herald_app::Unproven::Dead(dead)) => Some(dead),
        Err(herald_app::Unproven::Store(error)) => panic!("{error}"),
    }
}

pub async fn lives(it: &Installation, presented: &str) -> bool {
    dead(it, presented).await.is_none()
}

/// What a refresh asks for: the demo's client, all that was granted.
pub async fn asking(it: &Installation, presented: &str) -> refresh::Command {
    refresh::Command {
        presented: SecretString::from(presented),
        opening: Opening::Oauth,
        client: Some(it.client(demo::CLIENT).await.uid),
        scope: None,
        tenant: None,
        origin: origin(),
    }
}

/// The successor and its access token.
pub struct Renewed {
    pub refresh: String,
    pub access: String,
    pub scope: String,
    pub whole: Refreshed,
}

pub async fn refresh(it: &Installation, presented: &str) -> Result<Renewed, refresh::Error> {
    refresh_as(it, asking(it, presented).await).await
}

pub async fn refresh_as(it: &Installation, command: refresh::Command) -> Result<Renewed, refresh::Error> {
    let whole = refresh::run(&it.ctx, command).await?;
    Ok(Renewed {
        refresh: whole.grant.refresh_token.expose_secret().to_owned(),
        access: whole.grant.sign_oauth(&it.ctx).unwrap(),
        scope: whole.grant.scope.to_string(),
        whole,
    })
}

pub async fn is_refused(it: &Installation, presented: &str) -> bool {
    matches!(refresh(it, presented).await, Err(refresh::Error::Invalid))
}

/// A plain token.
pub fn named(name: &str) -> mint::Command {
    mint::Command { name: name.to_owned(), role: None, lives: None, utility: None, revealable: None }
}

/// Mints with a credential: the key, or the code of the refusal.
pub async fn mint(it: &Installation, by: &str, command: mint::Command) -> Result<String, &'static str> {
    let caller = it.caller(by).await;
    match mint::run(&it.ctx, &caller, command).await {
        Ok(minted) => Ok(minted.key.expose_secret().to_owned()),
        Err(error) => Err(Failure::from(error).code),
    }
}

/// The one value that a query yields.
pub async fn value(it: &Installation, sql: &str) -> String {
    let rows = it.sql(sql).await;
    rows.first().and_then(|row| row.first().cloned().flatten()).unwrap_or_default()
}

pub fn is_invalid(outcome: &Result<testkit::Signed, sign_in::Error>) -> bool {
    matches!(outcome, Err(sign_in::Error::InvalidCredentials))
}
