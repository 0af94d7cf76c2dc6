//! Roles: the rows of built-in ones carry their identity, what they permit stands in `domain`.

use domain::role::Custom;
use domain::{Builtin, Pattern, Role, RoleId, TenantId, Timestamp, UserId};

use crate::db::{ReadTx, Row, params, statements};
use crate::error::StoreError;

macro_rules! columns {
    () => {
        "r.id, r.tenant_id, r.key, r.name, r.description, r.base, r.builtin, r.level, r.patterns, r.assigns, \
         r.is_default, r.first_user, r.default_invite, r.collections, r.features, r.created_at, r.updated_at"
    };
}

statements! { "roles";
    BY_ID = concat!("SELECT ", columns!(), " FROM live_roles r WHERE r.id = $1");
    BY_KEY = concat!("SELECT ", columns!(), " FROM roles r \
        WHERE r.key = $2 AND (r.tenant_id IS NULL OR r.tenant_id = $1)");
    VISIBLE = concat!("SELECT ", columns!(), " FROM roles r WHERE r.tenant_id IS NULL OR r.tenant_id = $1 \
        ORDER BY r.key");
    COMMON = concat!("SELECT ", columns!(), " FROM roles r WHERE r.tenant_id IS NULL ORDER BY r.key");
    COUNT_OF_TENANT = "SELECT COUNT(*) FROM roles WHERE tenant_id = $1";
    COUNT_COMMON = "SELECT COUNT(*) FROM roles WHERE tenant_id IS NULL AND NOT builtin";
    HELD = "SELECT mr.role_id FROM membership_roles mr JOIN live_tenants t ON t.id = mr.tenant_id \
        WHERE mr.role_id = $1 LIMIT 1";
    CAPS = "SELECT cap_id FROM live_tokens WHERE cap_id = $1 AND revoked_at IS NULL \
        AND (expires_at IS NULL OR expires_at > $2) LIMIT 1";
    OWN_OF_TOKENS = "SELECT tr.role_id FROM token_roles tr JOIN live_tokens k ON k.id = tr.token_id \
        WHERE tr.role_id = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) LIMIT 1";
    ASSIGNS_OF_TENANT = "SELECT id, assigns FROM roles WHERE tenant_id = $1 AND assigns IS NOT NULL";
    ASSIGNS_OF_ALL = "SELECT id, assigns FROM live_roles WHERE assigns IS NOT NULL";
    PATTERNS_OF_ALL = "SELECT patterns FROM live_roles WHERE NOT builtin";
    OF_USER = concat!("SELECT mr.tenant_id, ", columns!(), " FROM membership_roles mr \
        JOIN live_tenants t ON t.id = mr.tenant_id JOIN roles r ON r.id = mr.role_id WHERE mr.user_id = $1");
    OF_TOKEN = concat!("SELECT ", columns!(), " FROM token_roles tr JOIN roles r ON r.id = tr.role_id \
        WHERE tr.token_id = $1");
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: RoleId) -> Result<Option<Role>, StoreError> {
    tx.row(&BY_ID, params![id]).await?.map(read).transpose()
}

/// A role of the tenant, or of the installation.
pub async fn by_key(tx: &mut ReadTx<'_>, tenant: TenantId, key: &str) -> Result<Option<Role>, StoreError> {
    tx.row(&BY_KEY, params![tenant, key]).await?.map(read).transpose()
}

/// All roles that may be held in the tenant.
pub async fn visible(tx: &mut ReadTx<'_>, tenant: TenantId) -> Result<Vec<Role>, StoreError> {
    tx.list(&VISIBLE, params![tenant], read).await
}

/// All roles of the installation.
pub async fn common(tx: &mut ReadTx<'_>) -> Result<Vec<Role>, StoreError> {
    tx.list(&COMMON, params![], read).await
}

/// Custom roles of the tenant; of the installation where there is none.
pub async fn count_custom(tx: &mut ReadTx<'_>, tenant: Option<TenantId>) -> Result<i64, StoreError> {
    let row = match tenant {
        Some(tenant) => tx.row(&COUNT_OF_TENANT, params![tenant]).await?,
        None => tx.row(&COUNT_COMMON, params![]).await?,
    };
    row.map_or(Ok(0), |mut row| row.take("count"))
}

/// Whether somebody holds the role, live or not, or a live token does.
pub async fn is_held(tx: &mut ReadTx<'_>, id: RoleId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.any(&HELD, params![id]).await?
        || tx.any(&CAPS, params![id, now]).await?
        || tx.any(&OWN_OF_TOKENS, params![id, now]).await?)
}

/// Whether another role lets its holders give this one.
pub async fn is_assigned(tx: &mut ReadTx<'_>, role: &Role) -> Result<bool, StoreError> {
    let pair = |mut row: Row| Ok((row.take::<RoleId>("id")?, row.take::<Vec<String>>("assigns")?));
    let lists = match role.tenant {
        // Only roles of the same tenant can name it.
        Some(tenant) => tx.list(&ASSIGNS_OF_TENANT, params![tenant], pair).await?,
        None => tx.list(&ASSIGNS_OF_ALL, params![], pair).await?,
    };
    Ok(lists.iter().any(|(id, assigns)| *id != role.id && assigns.contains(&role.key)))
}

/// Whether a custom role names the permission itself.
pub async fn names_permission(tx: &mut ReadTx<'_>, key: &str) -> Result<bool, StoreError> {
    let lists: Vec<Vec<String>> =
        tx.list(&PATTERNS_OF_ALL, params![], |mut row: Row| row.take("patterns")).await?;
    Ok(lists.iter().flatten().any(|pattern| pattern == key))
}

/// What the user holds, with the tenant in which.
pub async fn of_user(tx: &mut ReadTx<'_>, user: UserId) -> Result<Vec<(TenantId, Role)>, StoreError> {
    tx.list(&OF_USER, params![user], |mut row| Ok((row.take("tenant_id")?, read(row)?))).await
}

/// What a tenant's own token holds.
pub async fn of_token(tx: &mut ReadTx<'_>, token: domain::TokenId) -> Result<Vec<Role>, StoreError> {
    tx.list(&OF_TOKEN, params![token], read).await
}

fn read(mut row: Row) -> Result<Role, StoreError> {
    let id: RoleId = row.take("id")?;
    let tenant: Option<TenantId> = row.take("tenant_id")?;
    let key: String = row.take("key")?;
    let name: String = row.take("name")?;
    let description: String = row.take("description")?;
    let base: Option<String> = row.take("base")?;
    let builtin: bool = row.take("builtin")?;
    let level: Option<i64> = row.take("level")?;
    let patterns: Vec<String> = row.take("patterns")?;
    let assigns: Option<Vec<String>> = row.take("assigns")?;
    let base = match base {
        None => None,
        Some(base) => Some(Builtin::from_key(&base).ok_or_else(|| row.corrupt("base"))?),
    };
    let patterns: Option<Vec<Pattern>> = patterns.iter().map(|p| Pattern::parse(p)).collect();
    let custom = Custom { base, level, patterns: patterns.ok_or_else(|| row.corrupt("patterns"))?, assigns };
    Ok(Role {
        id,
        tenant,
        key,
        name,
        description,
        base,
        builtin,
        level: custom.effective_level(),
        patterns: custom.effective_patterns(),
        assigns: custom.effective_assigns(),
        is_default: row.take("is_default")?,
        first_user: row.take("first_user")?,
        default_invite: row.take("default_invite")?,
        collections: row.take("collections")?,
        features: row.take("features")?,
        created_at: row.take::<Timestamp>("created_at")?,
        updated_at: row.take("updated_at")?,
    })
}
