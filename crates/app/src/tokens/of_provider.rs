//! Live API keys and signed tokens that were made for a provider: one's own in the tenant of the credential, with
//! `tokens:admin` everybody's and the tenant's own. Asks for `tokens:read`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::token::Token;
use domain::{Permission, Role, RoleId, TenantId, UserId};
use store::tokens::{self, Named};
use store::{ReadTx, StoreError, roles};

use super::is_provider;
use crate::Ctx;
use crate::authorize::{authorize, person};
use crate::failure::Failure;
use crate::principal::Caller;

/// Tokens told of at most.
pub const LIMIT: usize = 1_000;

pub struct Listed {
    pub token: Token,
    /// The cap, else the strongest role of whom it acts for.
    pub role: Option<Role>,
    /// E-mail of whoever made it, else of its owner.
    pub created_by: Option<String>,
}

pub struct Tokens {
    /// Oldest first, then by id.
    pub listed: Vec<Listed>,
    /// There are more.
    pub truncated: bool,
}

#[derive(Debug)]
pub enum Error {
    Refused(Failure),
    /// There is no such provider.
    Provider,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

pub async fn run(ctx: &Ctx, caller: &Caller, provider: String) -> Result<Tokens, Error> {
    let owner = person(caller)?;
    let tenant = caller.principal().tenant;
    authorize(ctx, caller, &Permission::TOKENS_READ, tenant).await?;
    if !is_provider(&ctx.config, &provider) {
        return Err(Error::Provider);
    }
    let Some(tenant) = tenant else { return Ok(Tokens { listed: Vec::new(), truncated: false }) };
    let all =
        caller.principal().authority.decide(&Permission::TOKENS_ADMIN, Some(tenant), caller.door).allowed;
    let (owner, now) = ((!all).then_some(owner), ctx.now());
    let listed: Result<Vec<Listed>, StoreError> = ctx
        .store
        .scan(move |tx| {
            let provider = provider.clone();
            Box::pin(async move {
                let one_more = i64::try_from(LIMIT + 1).unwrap_or(i64::MAX);
                let named = tokens::of_provider(tx, (tenant, owner), &provider, now, one_more).await?;
                with_roles(tx, tenant, named).await
            })
        })
        .await;
    let mut listed = listed.map_err(Failure::from)?;
    let truncated = listed.len() > LIMIT;
    listed.truncate(LIMIT);
    Ok(Tokens { listed, truncated })
}

async fn with_roles(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    named: Vec<Named>,
) -> Result<Vec<Listed>, StoreError> {
    let mut held: HashMap<UserId, Option<Role>> = HashMap::new();
    let caps: HashMap<RoleId, Role> =
        roles::visible(tx, tenant).await?.into_iter().map(|role| (role.id, role)).collect();
    let mut listed = Vec::new();
    for Named { token, owner, creator } in named {
        let role = match (token.cap, token.owner) {
            (Some(cap), _) => caps.get(&cap).cloned(),
            (None, None) => Role::highest(&roles::of_token(tx, token.id).await?).cloned(),
            (None, Some(owner)) => {
                if let Entry::Vacant(place) = held.entry(owner) {
                    place.insert(strongest(tx, owner, tenant).await?);
                }
                held.get(&owner).cloned().flatten()
            }
        };
        listed.push(Listed { token, role, created_by: creator.or(owner) });
    }
    Ok(listed)
}

/// The strongest role of a user in the tenant.
async fn strongest(tx: &mut ReadTx<'_>, user: UserId, tenant: TenantId) -> Result<Option<Role>, StoreError> {
    let all = roles::of_user(tx, user).await?;
    let here = all.into_iter().filter(|(of, _)| *of == tenant).map(|(_, role)| role);
    Ok(here.min_by(Role::by_strength))
}
