//! The caller's own live tokens and webhooks in the tenant of his credential, with the keys that may be shown again.
//! Asks for `tokens:read`.

use std::collections::HashMap;

use domain::token::Token;
use domain::{Permission, TokenId};
use secrecy::SecretString;
use store::{StoreError, tokens, webhooks};

use crate::Ctx;
use crate::authorize::{authorize, person};
use crate::failure::Failure;
use crate::principal::Caller;
use crate::seal::Place;

/// Rows of each kind at most: far beyond what a person has.
const MOST: i64 = 10_000;

/// Both oldest first.
#[derive(Default)]
pub struct Revealed {
    pub tokens: Vec<(Token, Option<SecretString>)>,
    pub webhooks: Vec<Hook>,
}

/// A webhook, and its address where that may be shown.
pub struct Hook {
    pub number: i64,
    pub name: String,
    pub kind: String,
    pub created_at: domain::Timestamp,
    pub url: Option<SecretString>,
}

/// A key is there for a revealable token; none where a role cuts the presented credential down and the listed one is
/// not cut down by the same, or scopes bind it and not the listed one, else the lesser credential would give the
/// greater one away.
pub async fn run(ctx: &Ctx, caller: &Caller) -> Result<Revealed, Failure> {
    let owner = person(caller)?;
    let Some(tenant) = caller.principal().tenant else { return Ok(Revealed::default()) };
    authorize(ctx, caller, &Permission::TOKENS_READ, Some(tenant)).await?;
    let now = ctx.now();
    let read: Result<_, StoreError> = ctx
        .store
        .read(move |tx| {
            Box::pin(async move {
                let whose = (tenant, Some(owner));
                let listed = tokens::list(tx, whose, now, tokens::After::START, MOST).await?;
                let sealed = tokens::sealed(tx, (tenant, owner), now).await?;
                Ok((listed, sealed, webhooks::of_owner(tx, owner, tenant, MOST).await?))
            })
        })
        .await;
    let (mut listed, sealed, mut hooks) = read?;
    // Those of one world file were made at one moment; their numbers say in which order.
    listed.sort_by_key(|token| (token.created_at, token.number));
    hooks.sort_by_key(|hook| (hook.created_at, hook.number));
    let mut sealed: HashMap<TokenId, Vec<u8>> = sealed.into_iter().collect();
    let (cap, scopes) = (caller.principal().cap, &caller.principal().authority.scopes);
    let lesser = |token: &Token| {
        let bound = |own| token.scopes.as_ref().is_some_and(|scopes| scopes.within(own));
        (cap.is_none() || token.cap == cap) && scopes.as_ref().is_none_or(bound)
    };
    let open = |token: Token| {
        let sealed = sealed.remove(&token.id).filter(|_| lesser(&token));
        let key = sealed.and_then(|sealed| unseal(ctx, token.id, &sealed));
        (token, key)
    };
    let hook = |row: webhooks::Webhook| Hook {
        number: row.number,
        name: row.name,
        kind: row.kind,
        created_at: row.created_at,
        url: (cap.is_none() && scopes.is_none()).then(|| row.url.into()),
    };
    Ok(Revealed {
        tokens: listed.into_iter().map(open).collect(),
        webhooks: hooks.into_iter().map(hook).collect(),
    })
}

/// A copy that does not open is not shown, and told to the operator: the other keys of the list are still good.
fn unseal(ctx: &Ctx, id: TokenId, sealed: &[u8]) -> Option<SecretString> {
    let place = Place { table: "tokens", column: "sealed", row: id.as_bytes() };
    match ctx.sealer.open(place, sealed) {
        Ok(key) => std::str::from_utf8(&key).ok().map(SecretString::from),
        Err(error) => {
            tracing::error!(token = %id, %error, "a revealable key does not open");
            None
        }
    }
}
