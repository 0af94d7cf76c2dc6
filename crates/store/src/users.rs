//! Users: what is shown of them, what a sign-in needs, and the changes.

pub(crate) mod standing;

use domain::user::User;
use domain::{EmailAddress, EmailRange, Timestamp, UserId};
use uuid::Uuid;

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

pub use standing::{Standing, remove, set_standing};

/// As [`read`] takes them.
macro_rules! columns {
    () => {
        "u.id, u.number, u.email, u.name, u.first_name, u.middle_name, u.last_name, u.phone, u.picture, u.kind, \
         u.user_group, u.verified, u.active, u.locked, u.is_operator, u.super_user, u.invisible, u.mfa_bypass, \
         u.totp_device_id, \
         (SELECT home.id FROM live_tenants home WHERE home.id = u.default_tenant_id) AS default_tenant_id, \
         (SELECT home.id FROM live_sites home WHERE home.id = u.default_site_id) AS default_site_id, \
         u.metadata, u.vendor_metadata, u.managed_by, u.created_by, u.updated_by, u.provider, u.last_login_at, u.created_at, u.updated_at"
    };
}

pub(crate) use columns;

statements! { "users";
    BY_ID = concat!("SELECT ", columns!(), " FROM users u WHERE u.id = $1");
    BY_EMAIL = concat!("SELECT ", columns!(), " FROM users u WHERE u.email = $1");
    LOGIN = "SELECT id, password_hash, totp_sealed, totp_device_id, totp_step FROM users WHERE email = $1";
    LOGIN_BY_ID = "SELECT id, password_hash, totp_sealed, totp_device_id, totp_step FROM users WHERE id = $1";
    ADD = "INSERT INTO users (id, number, email, name, kind, verified, active, locked, is_operator, super_user, \
        invisible, mfa_bypass, metadata, vendor_metadata, provider, password_hash, default_tenant_id, created_by, \
        origin, created_at, updated_at) VALUES ($1, $2, $3, $4, 'USER', $10, TRUE, FALSE, $5, FALSE, FALSE, \
        FALSE, '{}', '{}', 'local', $6, $7, $8, '', $9, $9) ON CONFLICT DO NOTHING RETURNING number";
    TAKEN_BY_EMAIL = "SELECT id FROM users WHERE email = $1";
    HOLD = "UPDATE users SET updated_at = updated_at WHERE id = $1 RETURNING id";
    SET_PASSWORD = "UPDATE users SET password_hash = $2, updated_by = $3, updated_at = $4 WHERE id = $1";
    VERIFY = "UPDATE users SET verified = TRUE, updated_by = $2, updated_at = $3 WHERE id = $1 AND NOT verified \
        RETURNING id";
    REHASH = "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
    SET_LOCKED = "UPDATE users SET locked = $2, updated_by = $3, updated_at = $4 WHERE id = $1 AND locked <> $2";
    SET_PROFILE = "UPDATE users SET name = $2, first_name = $3, middle_name = $4, last_name = $5, phone = $6, \
        picture = $7, metadata = $8, updated_by = $9, updated_at = $10 WHERE id = $1";
    SIGNED_IN = "UPDATE users SET last_login_at = $3 WHERE id = $1 AND active AND NOT locked \
        AND password_hash = $2 RETURNING id";
    USE_STEP = "UPDATE users SET totp_step = $2 WHERE id = $1 AND (totp_step IS NULL OR totp_step < $2) RETURNING id";
    LIST = concat!("SELECT ", columns!(), " FROM users u WHERE u.email >= $1 AND u.email < $2 \
        ORDER BY u.email LIMIT $3");
    ANYONE = "SELECT id FROM users LIMIT 1";
}

/// What verifying a password and a code takes; never shown.
pub struct Login {
    pub id: UserId,
    /// PHC string.
    pub password_hash: Option<String>,
    pub totp: Option<Totp>,
}

pub struct Totp {
    pub sealed: Vec<u8>,
    pub device: Uuid,
    /// The last step that a code was accepted for.
    pub step: Option<i64>,
}

/// A user as the command line or an administrator makes one.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub id: UserId,
    pub number: i64,
    pub email: EmailAddress,
    pub name: Option<String>,
    pub operator: bool,
    /// Whether the address is known to be this person's.
    pub verified: bool,
    pub password_hash: Option<String>,
    pub default_tenant: Option<domain::TenantId>,
    pub created_by: String,
}

/// The profile as it shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: Option<String>,
    pub first_name: Option<String>,
    pub middle_name: Option<String>,
    pub last_name: Option<String>,
    pub phone: Option<String>,
    pub picture: Option<String>,
    pub metadata: String,
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    tx.row(&BY_ID, params![id]).await?.map(read).transpose()
}

pub async fn by_email(tx: &mut ReadTx<'_>, email: &EmailAddress) -> Result<Option<User>, StoreError> {
    tx.row(&BY_EMAIL, params![email]).await?.map(read).transpose()
}

pub async fn login(tx: &mut ReadTx<'_>, email: &EmailAddress) -> Result<Option<Login>, StoreError> {
    tx.row(&LOGIN, params![email]).await?.map(read_login).transpose()
}

pub async fn login_by_id(tx: &mut ReadTx<'_>, id: UserId) -> Result<Option<Login>, StoreError> {
    tx.row(&LOGIN_BY_ID, params![id]).await?.map(read_login).transpose()
}

/// # Errors
/// `Conflict` names `email` or `number`.
pub async fn add(tx: &mut WriteTx<'_>, user: &NewUser, now: Timestamp) -> Result<(), StoreError> {
    let row = params![
        user.id,
        user.number,
        &user.email,
        user.name.as_deref(),
        user.operator,
        user.password_hash.as_deref(),
        user.default_tenant,
        &user.created_by,
        now,
        user.verified,
    ];
    if tx.any(&ADD, row).await? {
        return Ok(());
    }
    let email_taken = tx.any(&TAKEN_BY_EMAIL, params![&user.email]).await?;
    Err(StoreError::Conflict { field: if email_taken { "email" } else { "number" } })
}

/// Comes before reading what shall be changed: until the commit nobody else changes this user. `false`: there is
/// none.
pub async fn hold(tx: &mut WriteTx<'_>, id: UserId) -> Result<bool, StoreError> {
    tx.any(&HOLD, params![id]).await
}

/// A link by which the user could choose another one goes with it.
pub async fn set_password(
    tx: &mut WriteTx<'_>,
    id: UserId,
    hash: &str,
    by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(&SET_PASSWORD, params![id, hash, by, now]).await?;
    crate::links::end_reset(tx, id, now).await?;
    tx.changed(id.uuid());
    Ok(())
}

/// The address is known to be the user's: a letter to it was read. `false`: it was so before.
pub async fn verify(tx: &mut WriteTx<'_>, id: UserId, by: &str, now: Timestamp) -> Result<bool, StoreError> {
    let new = tx.any(&VERIFY, params![id, by, now]).await?;
    if new {
        tx.changed(id.uuid());
    }
    Ok(new)
}

/// Replaces a hash by one of the same password with today's parameters; not if it changed meanwhile.
pub async fn rehash(tx: &mut WriteTx<'_>, id: UserId, old: &str, new: &str) -> Result<(), StoreError> {
    tx.run(&REHASH, params![id, old, new]).await.map(drop)
}

/// `false`: it was so before.
pub async fn set_locked(
    tx: &mut WriteTx<'_>,
    id: UserId,
    locked: bool,
    by: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.run(&SET_LOCKED, params![id, locked, by, now]).await? > 0;
    if changed {
        tx.changed(id.uuid());
    }
    Ok(changed)
}

pub async fn set_profile(
    tx: &mut WriteTx<'_>,
    id: UserId,
    profile: &Profile,
    by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = params![
        id,
        profile.name.as_deref(),
        profile.first_name.as_deref(),
        profile.middle_name.as_deref(),
        profile.last_name.as_deref(),
        profile.phone.as_deref(),
        profile.picture.as_deref(),
        &profile.metadata,
        by,
        now,
    ];
    tx.run(&SET_PROFILE, row).await?;
    tx.changed(id.uuid());
    Ok(())
}

/// Notes an interactive sign-in, if hash and state are still what was verified; else `false`.
pub async fn signed_in(
    tx: &mut WriteTx<'_>,
    id: UserId,
    verified_hash: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let stands = tx.any(&SIGNED_IN, params![id, verified_hash, now]).await?;
    if stands {
        tx.changed(id.uuid());
    }
    Ok(stands)
}

/// Spends a TOTP step; `false` when it, or a later one, was used before (RFC 6238 §5.2).
pub async fn use_totp_step(tx: &mut WriteTx<'_>, id: UserId, step: i64) -> Result<bool, StoreError> {
    tx.any(&USE_STEP, params![id, step]).await
}

/// By e-mail, `limit` at most.
pub async fn list(tx: &mut ReadTx<'_>, range: &EmailRange, limit: i64) -> Result<Vec<User>, StoreError> {
    tx.list(&LIST, params![range.from(), range.until(), limit], |mut row| read_from(&mut row)).await
}

/// Whether there is any user at all.
pub async fn anyone(tx: &mut ReadTx<'_>) -> Result<bool, StoreError> {
    tx.any(&ANYONE, params![]).await
}

fn read_login(mut row: Row) -> Result<Login, StoreError> {
    let id = row.take("id")?;
    let password_hash = row.take("password_hash")?;
    let sealed: Option<Vec<u8>> = row.take("totp_sealed")?;
    let device: Option<Uuid> = row.take("totp_device_id")?;
    let step = row.take("totp_step")?;
    let totp = match (sealed, device) {
        (Some(sealed), Some(device)) => Some(Totp { sealed, device, step }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(row.corrupt("totp_device_id")),
    };
    Ok(Login { id, password_hash, totp })
}

fn read(mut row: Row) -> Result<User, StoreError> {
    read_from(&mut row)
}

pub(crate) fn read_from(row: &mut Row) -> Result<User, StoreError> {
    Ok(User {
        id: row.take("id")?,
        number: row.take("number")?,
        email: row.take("email")?,
        name: row.take("name")?,
        first_name: row.take("first_name")?,
        middle_name: row.take("middle_name")?,
        last_name: row.take("last_name")?,
        phone: row.take("phone")?,
        picture: row.take("picture")?,
        kind: row.take("kind")?,
        group: row.take("user_group")?,
        verified: row.take("verified")?,
        active: row.take("active")?,
        locked: row.take("locked")?,
        operator: row.take("is_operator")?,
        super_user: row.take("super_user")?,
        invisible: row.take("invisible")?,
        mfa_bypass: row.take("mfa_bypass")?,
        mfa_enrolled: row.take::<Option<Uuid>>("totp_device_id")?.is_some(),
        default_tenant: row.take("default_tenant_id")?,
        default_site: row.take("default_site_id")?,
        metadata: row.take("metadata")?,
        vendor_metadata: row.take("vendor_metadata")?,
        managed_by: row.take("managed_by")?,
        created_by: row.take("created_by")?,
        updated_by: row.take("updated_by")?,
        provider: row.take("provider")?,
        last_login_at: row.take("last_login_at")?,
        created_at: row.take("created_at")?,
        updated_at: row.take("updated_at")?,
    })
}
