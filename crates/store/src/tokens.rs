//! API keys and signed API tokens.

use domain::client::Scopes;
use domain::token::{Token, TokenKind, Utility};
use domain::{RoleId, TenantId, Timestamp, TokenId, UserId};

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;
use crate::population;

macro_rules! columns {
    () => {
        "k.id, k.number, k.tenant_id, k.owner_id, k.kind, k.name, k.utility, k.cap_id, k.scopes, k.provider, \
         k.sealed IS NOT NULL, k.created_at, k.expires_at, k.revoked_at, k.last_used_at"
    };
}
macro_rules! live {
    () => {
        " AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) "
    };
}
// A token whose owner's membership is over is dead for good, and nobody needs to revoke it.
macro_rules! held {
    () => {
        "AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = k.owner_id AND m.tenant_id = k.tenant_id \
         AND m.expires_at <= $2) "
    };
}

statements! { "tokens";
    BY_ID = concat!("SELECT ", columns!(), " FROM live_tokens k WHERE k.id = $1");
    BY_DIGEST = concat!("SELECT ", columns!(), " FROM live_tokens k WHERE k.digest = $1");
    OF_TENANT = concat!("SELECT ", columns!(), " FROM tokens k WHERE k.tenant_id = $1", live!(), held!(),
        "AND (k.created_at, k.id) > ($3, $4) ORDER BY k.created_at, k.id LIMIT $5");
    OF_OWNER = concat!("SELECT ", columns!(), " FROM tokens k WHERE k.tenant_id = $1", live!(),
        "AND (k.created_at, k.id) > ($3, $4) AND k.owner_id = $6 ORDER BY k.created_at, k.id LIMIT $5");
    OF_PROVIDER = concat!("SELECT ", columns!(), ", o.email AS owner, c.email AS creator FROM tokens k \
        LEFT JOIN users o ON o.id = k.owner_id LEFT JOIN users c ON c.id = k.created_by WHERE k.tenant_id = $1", live!(), held!(),
        "AND k.provider = $3 ORDER BY k.created_at, k.id LIMIT $4");
    OF_PROVIDER_AND_OWNER = concat!("SELECT ", columns!(), ", o.email AS owner, c.email AS creator \
        FROM tokens k \
        LEFT JOIN users o ON o.id = k.owner_id LEFT JOIN users c ON c.id = k.created_by WHERE k.tenant_id = $1", live!(),
        "AND k.provider = $3 AND k.owner_id = $5 ORDER BY k.created_at, k.id LIMIT $4");
    ALL = concat!("SELECT ", columns!(), " FROM live_tokens k WHERE k.id > $1", live!(), held!(),
        "ORDER BY k.id LIMIT $3");
    SEALED_OF_OWNER = concat!("SELECT k.id, k.sealed FROM tokens k WHERE k.tenant_id = $1", live!(),
        "AND k.owner_id = $3 AND k.sealed IS NOT NULL");
    ADD = "INSERT INTO tokens (id, number, tenant_id, owner_id, kind, name, utility, cap_id, scopes, digest, \
        sealed, provider, created_by, created_at, expires_at, origin) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '') \
        ON CONFLICT DO NOTHING RETURNING number";
    GIVE = "INSERT INTO token_roles (token_id, role_id) VALUES ($1, $2)";
    TAKEN_NUMBER = "SELECT id FROM tokens WHERE number = $1";
    REVOKE = "UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING tenant_id";
    REVOKE_OF_MEMBER = "UPDATE tokens SET revoked_at = $3 WHERE owner_id = $1 AND tenant_id = $2 \
        AND revoked_at IS NULL";
    TOUCH = "UPDATE tokens SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
}

/// What is kept of the secret, and by whom the token was made.
pub struct Keep<'k> {
    /// SHA-256 of an API key.
    pub digest: Option<&'k [u8; 32]>,
    pub sealed: Option<&'k [u8]>,
    pub created_by: Option<UserId>,
    /// Roles of a tenant's own token.
    pub roles: &'k [RoleId],
}

/// Where a list goes on: behind this creation time and id.
#[derive(Clone, Copy, Debug)]
pub struct After(pub Timestamp, pub TokenId);

impl After {
    pub const START: Self = Self(Timestamp::from_micros(i64::MIN), TokenId::from_uuid(uuid::Uuid::nil()));
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: TokenId) -> Result<Option<Token>, StoreError> {
    tx.row(&BY_ID, params![id]).await?.map(read).transpose()
}

pub async fn by_digest(tx: &mut ReadTx<'_>, digest: &[u8; 32]) -> Result<Option<Token>, StoreError> {
    tx.row(&BY_DIGEST, params![digest]).await?.map(read).transpose()
}

/// Live tokens of a tenant, oldest first; of one owner where one is given.
pub async fn list(
    tx: &mut ReadTx<'_>,
    (tenant, owner): (TenantId, Option<UserId>),
    now: Timestamp,
    After(at, id): After,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    match owner {
        None => tx.list(&OF_TENANT, params![tenant, now, at, id, limit], read).await,
        Some(owner) => tx.list(&OF_OWNER, params![tenant, now, at, id, limit, owner], read).await,
    }
}

/// The sealed copies of an owner's live tokens in a tenant, in no order: of those that may be shown again.
pub async fn sealed(
    tx: &mut ReadTx<'_>,
    (tenant, owner): (TenantId, UserId),
    now: Timestamp,
) -> Result<Vec<(TokenId, Vec<u8>)>, StoreError> {
    let read = |mut row: Row| Ok((row.take("id")?, row.take("sealed")?));
    tx.list(&SEALED_OF_OWNER, params![tenant, now, owner], read).await
}

/// A token, and what its ids stand for.
#[derive(Clone, Debug)]
pub struct Named {
    pub token: Token,
    /// E-mail of the owner; `None`: the tenant's own.
    pub owner: Option<String>,
    /// E-mail of whoever made it, where that is known and still there.
    pub creator: Option<String>,
}

/// Live tokens of a tenant that were made for a provider, oldest first; of one owner where one is given.
pub async fn of_provider(
    tx: &mut ReadTx<'_>,
    (tenant, owner): (TenantId, Option<UserId>),
    provider: &str,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Named>, StoreError> {
    match owner {
        None => tx.list(&OF_PROVIDER, params![tenant, now, provider, limit], read_named).await,
        Some(owner) => {
            tx.list(&OF_PROVIDER_AND_OWNER, params![tenant, now, provider, limit, owner], read_named).await
        }
    }
}

/// Live tokens of the whole installation, oldest first, as their ids tell: for the operator's command line.
pub async fn all(
    tx: &mut ReadTx<'_>,
    now: Timestamp,
    After(_, id): After,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    tx.list(&ALL, params![id, now, limit], read).await
}

/// # Errors
/// `Conflict` names `number` or `secret`.
pub async fn add(tx: &mut WriteTx<'_>, token: &Token, keep: Keep<'_>) -> Result<(), StoreError> {
    let scopes = token.scopes.as_ref().map(Scopes::to_string);
    let row = params![
        token.id,
        token.number,
        token.tenant,
        token.owner,
        token.kind.as_str(),
        &token.name,
        token.utility.map(Utility::as_str),
        token.cap,
        scopes.as_deref(),
        keep.digest,
        keep.sealed,
        &token.provider,
        keep.created_by,
        token.created_at,
        token.expires_at,
    ];
    if !tx.any(&ADD, row).await? {
        let number = tx.any(&TAKEN_NUMBER, params![token.number]).await?;
        return Err(StoreError::Conflict { field: if number { "number" } else { "secret" } });
    }
    for role in keep.roles {
        tx.run(&GIVE, params![token.id, *role]).await?;
    }
    population::moved(tx, token.tenant);
    Ok(())
}

/// `false` when it was revoked before.
pub async fn revoke(tx: &mut WriteTx<'_>, id: TokenId, now: Timestamp) -> Result<bool, StoreError> {
    let Some(mut row) = tx.row(&REVOKE, params![id, now]).await? else { return Ok(false) };
    tx.changed(id.uuid());
    population::moved(tx, row.take("tenant_id")?);
    Ok(true)
}

/// Revokes all tokens that the user has in the tenant; how many.
pub async fn revoke_of_member(
    tx: &mut WriteTx<'_>,
    user: UserId,
    tenant: TenantId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let count = tx.run(&REVOKE_OF_MEMBER, params![user, tenant, now]).await?;
    if count > 0 {
        tx.changed(user.uuid());
        population::moved(tx, tenant);
    }
    Ok(count)
}

/// Notes the last use; without feed and audit.
pub async fn touch(tx: &mut WriteTx<'_>, id: TokenId, at: Timestamp) -> Result<(), StoreError> {
    tx.run(&TOUCH, params![id, at]).await.map(drop)
}

fn read_named(mut row: Row) -> Result<Named, StoreError> {
    let token = read_from(&mut row)?;
    Ok(Named { token, owner: row.take("owner")?, creator: row.take("creator")? })
}

fn read(mut row: Row) -> Result<Token, StoreError> {
    read_from(&mut row)
}

fn read_from(row: &mut Row) -> Result<Token, StoreError> {
    Ok(Token {
        id: row.take("id")?,
        number: row.take("number")?,
        tenant: row.take("tenant_id")?,
        owner: row.take("owner_id")?,
        kind: row.parse("kind", |text: String| TokenKind::parse(&text))?,
        name: row.take("name")?,
        utility: row.parse("utility", |text: Option<String>| match text {
            None => Some(None),
            Some(text) => Utility::parse(&text).map(Some),
        })?,
        cap: row.take("cap_id")?,
        scopes: row.take::<Option<String>>("scopes")?.map(|names| Scopes::parse(&names)),
        provider: row.take("provider")?,
        revealable: row.take("sealed")?,
        created_at: row.take("created_at")?,
        expires_at: row.take("expires_at")?,
        revoked_at: row.take("revoked_at")?,
        last_used_at: row.take("last_used_at")?,
    })
}
