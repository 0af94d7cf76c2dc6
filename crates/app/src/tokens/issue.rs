//! Minting an API key from the command line: for a member, or the tenant's own. The tenant's quota
//! binds it. Audits `token.minted`.

use std::time::Duration;

use domain::audit::{Actor, Origin};
use domain::tenant::Tenant;
use domain::token::{Token, TokenKind};
use domain::{EmailAddress, RoleId, Timestamp, TokenId};
use secrecy::{ExposeSecret, SecretString};
use store::numbers::Counted;
use store::{ReadTx, StoreError, memberships, roles, tenants, tokens, users};

use super::mint::{self, expiry, is_full, named};
use super::secret;
use crate::Ctx;
use crate::audit::Event;
use crate::failure::{Failure, Kind};
use crate::members::default_roles;
use crate::numbers::{numbered, unless_taken};
use crate::principal::digest;

pub struct Command {
    /// Key of the tenant.
    pub tenant: String,
    /// Who must be a live member; `None`: the token is the tenant's own.
    pub owner: Option<EmailAddress>,
    /// 1 to 100 characters.
    pub name: String,
    /// Key of a role: the cap of a member's token, what a tenant's own may do. `None`: no cap, or the default role.
    pub role: Option<String>,
    /// From now; `None`: as long as `tokens.max_ttl` allows.
    pub lives: Option<Duration>,
}

/// The token, and its key: shown this once.
pub struct Issued {
    pub token: Token,
    pub key: SecretString,
}

/// # Errors
/// `NotFound` names the tenant, person or role that is not there; `Invalid` names `name` or `expires_in`; `Forbidden` with
/// code `quota_exceeded`.
pub async fn run(ctx: &Ctx, command: Command) -> Result<Issued, Failure> {
    let expires_at = expiry(ctx, command.lives)?;
    named(&command.name)?;
    let id = TokenId::from_uuid(ctx.new_id());
    let event = ctx.event(Actor::COMMAND_LINE, "token.minted", &Origin::default()).on("token", id.uuid());
    let key = SecretString::from(secret::generate(&*ctx.rng));
    let wanted = Wanted {
        id,
        digest: digest(key.expose_secret()),
        tenant: command.tenant,
        owner: command.owner,
        role: command.role,
        name: command.name,
        now: ctx.now(),
        expires_at,
        event,
    };
    match numbered(ctx, Counted::Token, |number| keep(ctx, wanted.clone(), number)).await {
        Ok(token) => Ok(Issued { token, key }),
        Err(Refused::Store(error)) => Err(error.into()),
        Err(Refused::Missing(what)) => Err(Failure::new(Kind::NotFound, "not_found", what)),
        Err(Refused::Full) => Err(mint::Error::Quota.into()),
    }
}

#[derive(Clone)]
struct Wanted {
    id: TokenId,
    digest: [u8; 32],
    tenant: String,
    owner: Option<EmailAddress>,
    role: Option<String>,
    name: String,
    now: Timestamp,
    expires_at: Timestamp,
    event: Event,
}

enum Refused {
    Missing(String),
    Full,
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// `None`: another one has the number.
async fn keep(ctx: &Ctx, wanted: Wanted, number: i64) -> Result<Option<Token>, Refused> {
    ctx.store
        .write(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                let missing = || Refused::Missing(format!("There is no tenant {}.", wanted.tenant));
                let tenant = tenants::by_key(tx, &wanted.tenant).await?.ok_or_else(missing)?;
                if !tenants::revise(tx, tenant.id).await? {
                    return Err(missing());
                }
                let (token, own) = assemble(tx, &wanted, (&tenant, number)).await?;
                if is_full(tx, tenant.id, wanted.now).await? {
                    return Err(Refused::Full);
                }
                let keep = tokens::Keep {
                    digest: Some(&wanted.digest),
                    sealed: None,
                    created_by: None,
                    roles: &own,
                };
                if unless_taken(tokens::add(tx, &token, keep).await)?.is_none() {
                    return Ok(None);
                }
                wanted.event.in_tenant(Some(token.tenant)).write(tx).await?;
                Ok(Some(token))
            })
        })
        .await
}

/// The token as it is now allowed, and the roles that a tenant's own holds.
async fn assemble(
    tx: &mut ReadTx<'_>,
    wanted: &Wanted,
    (tenant, number): (&Tenant, i64),
) -> Result<(Token, Vec<RoleId>), Refused> {
    let missing = |what: String| Refused::Missing(what);
    let role = match &wanted.role {
        None => None,
        Some(key) => {
            let role = roles::by_key(tx, tenant.id, key).await?;
            Some(role.ok_or_else(|| missing(format!("There is no role {key} in {}.", tenant.key)))?)
        }
    };
    let mut token = Token {
        id: wanted.id,
        number,
        tenant: tenant.id,
        owner: None,
        kind: TokenKind::ApiKey,
        name: wanted.name.clone(),
        utility: None,
        cap: None,
        scopes: None,
        provider: "local".to_owned(),
        revealable: false,
        created_at: wanted.now,
        expires_at: Some(wanted.expires_at),
        revoked_at: None,
        last_used_at: None,
    };
    let Some(owner) = &wanted.owner else {
        let own = match role {
            Some(role) => vec![role],
            None => default_roles(roles::visible(tx, tenant.id).await?),
        };
        return Ok((token, own.into_iter().map(|role| role.id).collect()));
    };
    let user = users::by_email(tx, owner).await?;
    let user =
        user.ok_or_else(|| missing(format!("There is nobody with the address {}.", owner.as_str())))?;
    let bonds = memberships::of_user(tx, user.id).await?;
    if !bonds.iter().any(|bond| bond.tenant.id == tenant.id && bond.is_live(wanted.now)) {
        return Err(missing(format!("{} is not a member of {} now.", owner.as_str(), tenant.key)));
    }
    token.owner = Some(user.id);
    token.cap = role.map(|role| role.id);
    Ok((token, Vec::new()))
}
