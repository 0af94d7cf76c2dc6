//! Permissions that a world declares.

use domain::{PermissionId, Timestamp};

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Permission in "permissions", key "id = $1" of 1, also "" "";
    {
        id: PermissionId = "$1",
        key: String = "$2",
        description: String = "$3",
        origin: String = "$4",
        created_at: Timestamp = "$5",
        updated_at: Timestamp = "$6",
    }
    DECLARED = "origin <> 'builtin' ORDER BY key";
    BY_KEY = "key = $1";
}

pub async fn by_key(tx: &mut ReadTx<'_>, key: &str) -> Result<Option<Permission>, StoreError> {
    one(tx, &BY_KEY, params![key], read).await
}

/// Those that are not of the catalogue, by key.
pub async fn declared(tx: &mut ReadTx<'_>) -> Result<Vec<Permission>, StoreError> {
    tx.list(&DECLARED, params![], read).await
}
