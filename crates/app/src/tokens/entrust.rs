//! Minting an API key of a tenant's own, which outlives its maker. Asks for `tokens:admin`. Audits `token.minted`.

use std::time::Duration;

use domain::token::{Token, TokenKind, Utility};
use domain::{Permission, Role, TenantId, TokenId};
use secrecy::{ExposeSecret, SecretString};
use store::{StoreError, roles};

use super::mint::{Row, expiry_by, named, save, seal};
use super::{LOCAL, secret};
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::{Caller, digest};
use crate::tenants::{TenantName, reach};

/// A new key.
#[derive(Clone, Debug)]
pub struct Command {
    /// 1 to 100 characters.
    pub name: String,
    /// Keys of the roles that it holds: 1 to 20.
    pub roles: Vec<String>,
    /// From now; `None`: as long as `tokens.max_ttl` allows.
    pub lives: Option<Duration>,
    pub utility: Option<Utility>,
    /// May be shown again; `None`: if it has a utility.
    pub revealable: Option<bool>,
}

/// The token, and its key: shown this once.
pub struct Entrusted {
    pub token: Token,
    pub key: SecretString,
    pub roles: Vec<String>,
}

const ROLES: usize = 20;

/// # Errors
/// `Hidden` for another tenant; `Forbidden` where a role is more than the credential may give or permits, and with code
/// `quota_exceeded`; `Invalid` names the field at fault.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    tenant: &TenantName,
    command: Command,
) -> Result<Entrusted, Failure> {
    let tenant = reach(ctx, caller, tenant).await?;
    let act = Act::begin(ctx, caller, (&Permission::TOKENS_ADMIN, Some(tenant)), "token.minted").await?;
    let expires_at = expiry_by(ctx, caller, command.lives)?;
    named(&command.name)?;
    let held = held(ctx, tenant, &command.roles).await?;
    let key = SecretString::from(secret::generate(&*ctx.rng));
    let token = Token {
        id: TokenId::from_uuid(ctx.new_id()),
        number: 0,
        tenant,
        owner: None,
        kind: TokenKind::ApiKey,
        name: command.name,
        utility: command.utility,
        cap: None,
        // `save` knows them.
        scopes: None,
        provider: LOCAL.to_owned(),
        revealable: command.revealable.unwrap_or(command.utility.is_some()),
        created_at: act.now,
        expires_at: Some(expires_at),
        revoked_at: None,
        last_used_at: None,
    };
    let keys: Vec<String> = held.iter().map(|role| role.key.clone()).collect();
    let words = format!("the tenant's own, roles {}", keys.join(" "));
    let row = Row {
        digest: Some(digest(key.expose_secret())),
        sealed: seal(ctx, &token, &key)?,
        roles: held.iter().map(|role| role.id).collect(),
        event: act.event.on("token", token.id.uuid()).also(&words),
        caller: act.caller,
        asked: act.asked,
    };
    let token = save(ctx, token, row).await?;
    Ok(Entrusted { token, key, roles: keys })
}

async fn held(ctx: &Ctx, tenant: TenantId, keys: &[String]) -> Result<Vec<Role>, Failure> {
    if keys.is_empty() || keys.len() > ROLES {
        return Err(Failure::invalid_field("roles", "must name 1 to 20 roles"));
    }
    let visible: Result<Vec<Role>, StoreError> =
        ctx.store.read(move |tx| Box::pin(roles::visible(tx, tenant))).await;
    let mut held: Vec<Role> = visible?.into_iter().filter(|role| keys.contains(&role.key)).collect();
    if !keys.iter().all(|key| held.iter().any(|role| role.key == *key)) {
        return Err(Failure::invalid_field("roles", "must be roles of this tenant"));
    }
    held.sort_by(Role::by_strength);
    Ok(held)
}
