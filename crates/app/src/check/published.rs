//! Secrets that everybody can read in a published world, and that count here.

use domain::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use store::{Store, StoreError, health, tokens, users};

use super::{Finding, NAMED};
use crate::passwords::Hasher;
use crate::principal::digest;
use crate::world::World;
use crate::world::file::{Secret, User};

pub(super) async fn run(
    store: &Store,
    hasher: &Hasher,
    now: Timestamp,
    world: &World,
) -> Result<Vec<Finding>, StoreError> {
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
    for user in &world.users {
        if let Some(password) = &user.password
            && opens(store, hasher, user, password).await?
        {
            let email = user.email.as_str();
            findings.push(Finding::wrong(format!(
                "the password of {email} is published; set another one with `herald user password {email}`"
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

/// Whether somebody of that address is here and has the published password.
async fn opens(
    store: &Store,
    hasher: &Hasher,
    user: &User,
    password: &SecretString,
) -> Result<bool, StoreError> {
    let email = user.email.clone();
    let login: Option<users::Login> = store
        .read(move |tx| {
            let email = email.clone();
            Box::pin(async move { users::login(tx, &email).await })
        })
        .await?;
    let Some(hash) = login.and_then(|login| login.password_hash) else { return Ok(false) };
    // This process alone uses the pool, one password at a time: it is never busy.
    Ok(hasher.verify(password.clone(), hash).await.is_ok_and(crate::passwords::Verdict::is_match))
}
