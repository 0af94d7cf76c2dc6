//! Minting a signed API token for oneself: a JWT whose `jti` is the id of the token. Asks for `tokens:write`.
//! Audits `token.minted` with the role and the expiry.

use std::time::Duration;

use domain::token::{Token, TokenKind};
use domain::{Permission, Role, TenantId, TokenId, UserId};
use secrecy::SecretString;
use serde_json::json;
use store::{StoreError, roles};

use super::is_provider;
use super::mint::{self, expiry_by, no_tenant, save};
use crate::Ctx;
use crate::authorize::{authorize, person};
use crate::failure::Failure;
use crate::jwt::Purpose;
use crate::members::role_by_key;
use crate::principal::Caller;

pub struct Command {
    /// For whose sake it is made: `local`, or a name of the setting `dialects.aegis.providers`.
    pub provider: String,
    /// Key of the role that cuts the token down.
    pub role: String,
    /// From now; at most `tokens.max_ttl`.
    pub lives: Duration,
    /// At most 100 characters; may be empty.
    pub name: String,
}

/// The token, and its JWT: shown this once.
pub struct Signed {
    pub token: Token,
    pub jwt: SecretString,
}

#[derive(Debug)]
pub enum Error {
    Refused(Failure),
    /// There is no such provider.
    Provider,
    /// No role of the tenant has that key.
    Role,
    /// Not between one second and `tokens.max_ttl`.
    Lives,
    Name,
    /// The role permits what the presented credential does not.
    Exceeds,
    /// The tenant's quota `api_tokens` is reached.
    Quota,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<mint::Error> for Error {
    fn from(error: mint::Error) -> Self {
        match error {
            mint::Error::Refused(failure) => Self::Refused(failure),
            mint::Error::Exceeds => Self::Exceeds,
            mint::Error::Quota => Self::Quota,
            mint::Error::Store(error) => error.into(),
        }
    }
}

pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<Signed, Error> {
    let owner = person(caller)?;
    let tenant = caller.principal().tenant.ok_or_else(no_tenant)?;
    let permission = Permission::TOKENS_WRITE;
    let decided = authorize(ctx, caller, &permission, Some(tenant)).await?;
    let (token, cap) = draft((ctx, caller), (tenant, owner), command).await?;
    let jwt = sign(ctx, &token)?;
    let until = token.expires_at.map(domain::Timestamp::rfc3339_secs).unwrap_or_default();
    let event = ctx.event_by(caller, "token.minted").decided(&decided).on("token", token.id.uuid());
    let event = event.also(&format!("role {}, expires {until}", cap.key));
    let asked = Some((permission, Some(tenant)));
    let row =
        mint::Row { digest: None, sealed: None, roles: Vec::new(), event, caller: caller.clone(), asked };
    let token = save(ctx, token, row).await?;
    Ok(Signed { token, jwt })
}

/// The token as it is wanted, and its cap.
async fn draft(
    (ctx, caller): (&Ctx, &Caller),
    (tenant, owner): (TenantId, UserId),
    command: Command,
) -> Result<(Token, Role), Error> {
    if !is_provider(&ctx.config, &command.provider) {
        return Err(Error::Provider);
    }
    let key = command.role;
    let found = ctx.store.read(move |tx| {
        let key = key.clone();
        Box::pin(async move { Ok(role_by_key(roles::visible(tx, tenant).await?, &key)) })
    });
    let cap: Option<Role> = found.await.map_err(|error: StoreError| Error::from(error))?;
    let cap = cap.ok_or(Error::Role)?;
    let expires_at = expiry_by(ctx, caller, Some(command.lives)).map_err(|_| Error::Lives)?;
    domain::text::optional_name(&command.name, 100).map_err(|_| Error::Name)?;
    let token = Token {
        id: TokenId::from_uuid(ctx.new_id()),
        number: 0,
        tenant,
        owner: Some(owner),
        kind: TokenKind::Signed,
        name: command.name,
        utility: None,
        cap: Some(cap.id),
        // `save` knows them.
        scopes: None,
        provider: command.provider,
        revealable: false,
        created_at: ctx.now(),
        expires_at: Some(expires_at),
        revoked_at: None,
        last_used_at: None,
    };
    Ok((token, cap))
}

/// Whoever holds it is found by the `jti` alone; the other claims are for whoever reads it elsewhere.
fn sign(ctx: &Ctx, token: &Token) -> Result<SecretString, Failure> {
    let claims = json!({
        "iss": ctx.config.public_url,
        "sub": token.owner.map(|owner| owner.to_string()),
        "jti": token.id.to_string(),
        "iat": token.created_at.as_secs(),
        "exp": token.expires_at.map(domain::Timestamp::as_secs),
    });
    let signed = ctx.keys.sign(Purpose::ApiToken, "JWT", &claims).map_err(Failure::internal)?;
    Ok(SecretString::from(signed))
}
