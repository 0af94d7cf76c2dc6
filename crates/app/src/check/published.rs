//! Secrets that everybody can read in a published world, and that count here.

use domain::{Timestamp, UserId};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use store::{Store, StoreError, health, tokens, users};
use subtle::ConstantTimeEq;

use super::{Finding, NAMED, Tools};
use crate::mfa::totp;
use crate::passwords::Hasher;
use crate::principal::digest;
use crate::seal::Sealer;
use crate::world::World;
use crate::world::file::{Secret, User};

pub(super) async fn run(
    store: &Store,
    tools: Tools<'_>,
    now: Timestamp,
    world: &World,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = clients(store, world).await?;
    findings.extend(keys(store, now, world).await?);
    findings.extend(people(store, tools, world).await?);
    Ok(findings)
}

async fn clients(store: &Store, world: &World) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for secret in world.clients.iter().filter_map(|client| client.secret.as_ref()) {
        let digest = digest_of(secret);
        let ids: Vec<String> = store
            .scan(move |tx| Box::pin(async move { health::clients_with(tx, &digest, NAMED).await }))
            .await?;
        let say =
            |id: &String| format!("the client {id} has a secret that is published; give it another one");
        findings.extend(ids.iter().map(say).map(Finding::wrong));
    }
    Ok(findings)
}

async fn keys(store: &Store, now: Timestamp, world: &World) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for secret in world.tokens.iter().filter_map(|token| token.secret.as_ref()) {
        let digest = digest_of(secret);
        let token: Option<domain::token::Token> =
            store.read(move |tx| Box::pin(async move { tokens::by_digest(tx, &digest).await })).await?;
        let live = |token: &domain::token::Token| {
            token.revoked_at.is_none() && token.expires_at.is_none_or(|at| now < at)
        };
        if let Some(token) = token.filter(live) {
            let id = token.id.uuid();
            findings.push(Finding::wrong(format!(
                "the API key {id} is published; revoke it with `herald token revoke {id}`"
            )));
        }
    }
    Ok(findings)
}

async fn people(store: &Store, tools: Tools<'_>, world: &World) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for user in &world.users {
        let Some(login) = login(store, user).await? else { continue };
        let email = user.email.as_str();
        if let Some((password, hash)) = user.password.as_ref().zip(login.password_hash.clone())
            && opens(tools.hasher, password, hash).await
        {
            findings.push(Finding::wrong(format!(
                "the password of {email} is published; set another one with `herald user password {email}`"
            )));
        }
        if let Some(((seed, sealer), stored)) = user.totp_secret.as_ref().zip(tools.sealer).zip(login.totp)
            && is_sealed(sealer, login.id, &stored, seed)
        {
            findings.push(Finding::wrong(format!(
                "the authenticator seed of {email} is published; apply a world file with another `totp_secret`"
            )));
        }
    }
    Ok(findings)
}

fn digest_of(secret: &Secret) -> [u8; 32] {
    match secret {
        Secret::Text(text) => digest(text.expose_secret()),
        Secret::Digest(known) => known.0,
    }
}

/// Whoever has the user's address here.
async fn login(store: &Store, user: &User) -> Result<Option<users::Login>, StoreError> {
    let email = user.email.clone();
    store
        .read(move |tx| {
            let email = email.clone();
            Box::pin(async move { users::login(tx, &email).await })
        })
        .await
}

async fn opens(hasher: &Hasher, password: &SecretString, hash: String) -> bool {
    // This process alone uses the pool, one password at a time: it is never busy.
    hasher.verify(password.clone(), hash).await.is_ok_and(crate::passwords::Verdict::is_match)
}

/// Whether the seed is the one that is sealed there. One that does not open is a finding of its own.
fn is_sealed(sealer: &Sealer, user: UserId, stored: &users::Totp, seed: &SecretSlice<u8>) -> bool {
    let opened = sealer.open(totp::place(&user), &stored.sealed);
    opened.is_ok_and(|opened| opened.as_slice().ct_eq(seed.expose_secret()).into())
}
