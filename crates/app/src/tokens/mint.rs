//! Minting an API key for oneself. Asks for `tokens:write`. Audits `token.minted`.

use std::time::Duration;

use domain::client::Scopes;
use domain::credential::CredentialKind;
use domain::decision::Authority;
use domain::token::{Token, TokenKind, Utility};
use domain::{Permission, Role, RoleId, TenantId, Timestamp, TokenId};
use secrecy::{ExposeSecret, SecretString};
use store::numbers::Counted;
use store::{ReadTx, StoreError, WriteTx, roles, tenants, tokens};

use super::{lets_cap, lets_hold, secret};
use crate::Ctx;
use crate::audit::Event;
use crate::authorize::{authorize, person};
use crate::failure::{Failure, Kind};
use crate::numbers::{numbered, unless_taken};
use crate::principal::{Asked, Caller, digest, judge_again};
use crate::seal::Place;
use crate::turn;

pub struct Command {
    /// 1 to 100 characters.
    pub name: String,
    /// Key of the role that cuts the token down; `None`: the presented cap, if any.
    pub role: Option<String>,
    /// From now; `None`: as long as `tokens.max_ttl` allows.
    pub lives: Option<Duration>,
    pub utility: Option<Utility>,
    /// May be shown again; `None`: if it has a utility.
    pub revealable: Option<bool>,
}

/// The token, and its key: shown this once.
pub struct Minted {
    pub token: Token,
    pub key: SecretString,
    /// Key of the cap.
    pub role: Option<String>,
}

#[derive(Debug)]
pub enum Error {
    Refused(Failure),
    /// The role permits, lets give or shows what the presented credential does not.
    Exceeds,
    /// The tenant's quota `api_tokens` is reached.
    Quota,
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(failure) => failure,
            Error::Exceeds => {
                let text = "The role permits more than this credential does.";
                Self { public: text.into(), ..Self::forbidden() }
            }
            Error::Quota => {
                Self::new(Kind::Forbidden, "quota_exceeded", "The tenant's quota of API tokens is reached.")
            }
            Error::Store(error) => error.into(),
        }
    }
}

pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<Minted, Error> {
    let owner = person(caller)?;
    let tenant = caller.principal().tenant.ok_or_else(no_tenant)?;
    let decided = authorize(ctx, caller, &Permission::TOKENS_WRITE, Some(tenant)).await?;
    let expires_at = expiry_by(ctx, caller, command.lives)?;
    named(&command.name)?;
    let cap = cap(ctx, caller, tenant, command.role.as_deref()).await?;
    let key = SecretString::from(secret::generate(&*ctx.rng));
    let id = TokenId::from_uuid(ctx.new_id());
    let token = Token {
        id,
        number: 0,
        tenant,
        owner: Some(owner),
        kind: TokenKind::ApiKey,
        name: command.name,
        utility: command.utility,
        cap: cap.as_ref().map(|role| role.id),
        // `save` knows them.
        scopes: None,
        provider: "local".to_owned(),
        revealable: command.revealable.unwrap_or(command.utility.is_some()),
        created_at: ctx.now(),
        expires_at: Some(expires_at),
        revoked_at: None,
        last_used_at: None,
    };
    let sealed = seal(ctx, &token, &key)?;
    let event = ctx.event_by(caller, "token.minted").decided(&decided).on("token", id.uuid());
    let asked: Asked = Some((Permission::TOKENS_WRITE, Some(tenant)));
    let digest = Some(digest(key.expose_secret()));
    let row = Row { digest, sealed, roles: Vec::new(), event, caller: caller.clone(), asked };
    let token = save(ctx, token, row).await?;
    Ok(Minted { token, key, role: cap.map(|role| role.key) })
}

/// Keeps the token under the next free number, if the caller still may and the quota allows it. Every token that a
/// caller makes comes through here, and keeps the scopes of the credential that he presented: it permits nothing that
/// this does not.
pub(super) async fn save(ctx: &Ctx, token: Token, row: Row) -> Result<Token, Error> {
    numbered(ctx, Counted::Token, |number| keep(ctx, Token { number, ..token.clone() }, row.clone())).await
}

pub(super) fn no_tenant() -> Failure {
    Failure { public: "Sign in to a tenant to hold tokens in it.".into(), ..Failure::forbidden() }
}

pub(super) fn expiry(ctx: &Ctx, lives: Option<Duration>) -> Result<Timestamp, Failure> {
    let max = ctx.config.tokens.max_ttl;
    let lives = lives.unwrap_or(max);
    if lives.is_zero() || lives > max {
        let message = format!("must be between 1 and {} seconds", max.as_secs());
        return Err(Failure::invalid_field("expires_in", message));
    }
    Ok(ctx.now().plus(lives))
}

/// The same of a token that is minted with a token: it ends no later, so that a leaked one does not outlive itself.
pub(super) fn expiry_by(ctx: &Ctx, caller: &Caller, lives: Option<Duration>) -> Result<Timestamp, Failure> {
    let wanted = expiry(ctx, lives)?;
    let credential = &caller.principal().credential;
    let end = match credential.kind {
        CredentialKind::ApiKey | CredentialKind::SignedToken => credential.expires_at,
        CredentialKind::SessionToken | CredentialKind::OauthAccess | CredentialKind::FronteggUser => None,
    };
    Ok(end.map_or(wanted, |end| end.min(wanted)))
}

/// The rule for names of tokens.
pub(super) fn named(name: &str) -> Result<(), Failure> {
    domain::text::name(name, 100).map(drop).map_err(|unfit| Failure::invalid_field("name", unfit.to_string()))
}

/// The cap: the one asked for, else the presented cap.
async fn cap(
    ctx: &Ctx,
    caller: &Caller,
    tenant: TenantId,
    wanted: Option<&str>,
) -> Result<Option<Role>, Error> {
    let authority = &caller.principal().authority;
    let Some(wanted) = wanted else { return Ok(authority.cap.as_deref().cloned()) };
    let key = wanted.to_owned();
    let role: Option<Role> = ctx
        .store
        .read(move |tx| {
            let key = key.clone();
            Box::pin(async move { roles::by_key(tx, tenant, &key).await })
        })
        .await
        .map_err(Error::Store)?;
    match role {
        None => Err(Failure::invalid_field("role", "is not a role of this tenant").into()),
        Some(role) => Ok(Some(role)),
    }
}

pub(super) fn seal(ctx: &Ctx, token: &Token, key: &SecretString) -> Result<Option<Vec<u8>>, Failure> {
    if !token.revealable {
        return Ok(None);
    }
    let place = Place { table: "tokens", column: "sealed", row: token.id.as_bytes() };
    let sealed = ctx.sealer.seal(place, key.expose_secret().as_bytes(), &*ctx.rng);
    sealed.map(Some).map_err(Failure::internal)
}

#[derive(Clone)]
pub(super) struct Row {
    /// SHA-256 of an API key; a signed token has none.
    pub(super) digest: Option<[u8; 32]>,
    pub(super) sealed: Option<Vec<u8>>,
    /// What a tenant's own holds.
    pub(super) roles: Vec<RoleId>,
    pub(super) event: Event,
    /// Whom to judge again, and on what.
    pub(super) caller: Caller,
    pub(super) asked: Asked,
}

/// `None`: another one has the number.
async fn keep(ctx: &Ctx, token: Token, row: Row) -> Result<Option<Token>, Error> {
    ctx.store
        .write(move |tx| {
            let (token, row) = (token.clone(), row.clone());
            Box::pin(async move {
                // Before judging: whoever takes something away from the caller has then done so, or waits.
                turn::of_people(tx, &row.caller, None).await?;
                if !tenants::revise(tx, token.tenant).await? {
                    return Err(Failure::not_found().into());
                }
                let authority = judge_again(tx, &row.caller, &row.asked, token.created_at).await?.authority;
                let token = bound(token, &authority);
                within_power(tx, (&authority, &row), &token).await?;
                if is_full(tx, token.tenant, token.created_at).await? {
                    return Err(Error::Quota);
                }
                let keep = tokens::Keep {
                    digest: row.digest.as_ref(),
                    sealed: row.sealed.as_deref(),
                    created_by: row.caller.user_id(),
                    roles: &row.roles,
                };
                if unless_taken(tokens::add(tx, &token, keep).await)?.is_none() {
                    return Ok(None);
                }
                told(row.event, &token).write(tx).await?;
                Ok(Some(token))
            })
        })
        .await
}

/// The token with the scopes of what it is made with.
fn bound(token: Token, by: &Authority) -> Token {
    Token { scopes: by.scopes.as_ref().map(Scopes::of_permissions), ..token }
}

fn told(event: Event, token: &Token) -> Event {
    match &token.scopes {
        Some(scopes) => event.also(&format!("scopes {scopes}")),
        None => event,
    }
}

/// Whether the token does no more than the presented credential does now.
async fn within_power(
    tx: &mut ReadTx<'_>,
    (authority, row): (&Authority, &Row),
    token: &Token,
) -> Result<(), Error> {
    let by = (authority, row.caller.door);
    if token.owner.is_some() && !lets_cap(tx, by, token.cap).await? {
        return Err(Error::Exceeds);
    }
    for role in &row.roles {
        let held = roles::by_id(tx, *role).await?;
        let held = held.filter(|held| held.tenant.is_none_or(|of| of == token.tenant));
        let held = held.ok_or_else(|| Failure::invalid_field("roles", "must be roles of this tenant"))?;
        lets_hold(tx, by, &held).await?;
    }
    Ok(())
}

/// Whether the tenant has as many live tokens as its quota allows. Counted behind the tenant's revision, so that two at
/// once cannot both be the last.
pub(super) async fn is_full(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let quotas = tenants::by_id(tx, tenant).await?.map(|t| t.quotas).unwrap_or_default();
    match quotas.iter().find(|(name, _)| name == "api_tokens") {
        Some((_, limit)) => Ok(tenants::count_tokens(tx, tenant, now, *limit).await? >= *limit),
        None => Ok(false),
    }
}
