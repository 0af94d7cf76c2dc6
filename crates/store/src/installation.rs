//! What the installation was given once, and the rows that every installation has.

use domain::permission::CATALOGUE;
use domain::{Builtin, Timestamp};

use crate::db::{ReadTx, WriteTx, params, statements};
use crate::error::StoreError;

statements! { "installation";
    GET = "SELECT value FROM installation WHERE key = $1";
    SET_ONCE = "INSERT INTO installation (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
    HOLD = "UPDATE installation SET value = value WHERE key = $1 RETURNING key";
    DROP = "DELETE FROM installation WHERE key = $1";
    ADD_PERMISSION = "INSERT INTO permissions (id, key, description, origin, created_at, updated_at) \
        VALUES ($1, $2, $3, 'builtin', $4, $4) ON CONFLICT DO NOTHING";
    ADD_ROLE = "INSERT INTO roles (id, tenant_id, key, name, description, base, builtin, level, patterns, assigns, \
        is_default, first_user, default_invite, collections, features, origin, created_at, updated_at) \
        VALUES ($1, NULL, $2, $3, '', $2, TRUE, $4, '[]', NULL, $5, FALSE, FALSE, '[]', '[]', 'builtin', $6, $6) \
        ON CONFLICT DO NOTHING";
}

pub async fn get(tx: &mut ReadTx<'_>, key: &str) -> Result<Option<String>, StoreError> {
    tx.row(&GET, params![key]).await?.map(|mut row| row.take("value")).transpose()
}

/// Keeps the first value that was ever set, and returns it.
pub async fn set_once(tx: &mut WriteTx<'_>, key: &str, value: &str) -> Result<String, StoreError> {
    tx.run(&SET_ONCE, params![key, value]).await?;
    get(tx, key).await?.ok_or(StoreError::Corrupt { table: "installation", column: "value" })
}

/// Until the commit nobody else holds this row; `false`: it is not there.
pub async fn hold(tx: &mut WriteTx<'_>, key: &str) -> Result<bool, StoreError> {
    tx.any(&HOLD, params![key]).await
}

/// Bytes that must find room: several pages.
const ROOM: usize = 16 * 1024;

/// Writes as much as a small use case does, and leaves nothing: fails where nothing can be written.
pub async fn probe(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    tx.run(&SET_ONCE, params!["probe", "x".repeat(ROOM)]).await?;
    tx.run(&DROP, params!["probe"]).await.map(drop)
}

/// Built-in roles and the catalogue, as this version knows them; rows that are there stay.
pub async fn seed(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<(), StoreError> {
    for (permission, description) in CATALOGUE {
        tx.run(&ADD_PERMISSION, params![permission.id(), permission.as_str(), *description, now]).await?;
    }
    for role in Builtin::ALL {
        let is_default = role == Builtin::Guest;
        tx.run(&ADD_ROLE, params![role.id(), role.key(), role.name(), role.level(), is_default, now]).await?;
    }
    Ok(())
}
