//! The catalogue as it is here: Herald's own permissions and the declared ones.

use domain::{Permission, PermissionId, Timestamp};

use crate::db::{ReadTx, Row, params, statements};
use crate::error::StoreError;

statements! { "permissions";
    ALL = "SELECT id, key, description, created_at, updated_at FROM permissions ORDER BY key";
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub id: PermissionId,
    pub permission: Permission,
    pub description: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// All of them, by key.
pub async fn all(tx: &mut ReadTx<'_>) -> Result<Vec<Declared>, StoreError> {
    tx.list(&ALL, params![], |mut row: Row| {
        Ok(Declared {
            id: row.take("id")?,
            permission: row.parse("key", |key: String| Permission::parse(&key))?,
            description: row.take("description")?,
            created_at: row.take("created_at")?,
            updated_at: row.take("updated_at")?,
        })
    })
    .await
}
