//! What a world file names again and a deleted tenant still has, until it is swept.

use super::record::Table;
use crate::db::{Param, Value, WriteTx, statements};
use crate::error::StoreError;
use crate::world::cell::param;

statements! { "way";
    TOKENS = "DELETE FROM tokens WHERE (id = $1 OR number = $2 OR digest = $3) \
        AND NOT EXISTS (SELECT 1 FROM live_tenants t WHERE t.id = tokens.tenant_id)";
    WEBHOOKS = "DELETE FROM webhooks WHERE (id = $1 OR number = $2) \
        AND NOT EXISTS (SELECT 1 FROM live_tenants t WHERE t.id = webhooks.tenant_id)";
}

/// Comes before a row is made that a file may give an id, a number or a key. Nothing that lives goes.
pub async fn make_way(tx: &mut WriteTx<'_>, table: &Table, cells: &[Value]) -> Result<(), StoreError> {
    let (statement, columns): (_, &[&str]) = match table.name {
        "tokens" => (&TOKENS, &["id", "number", "digest"]),
        "webhooks" => (&WEBHOOKS, &["id", "number"]),
        _ => return Ok(()),
    };
    let cells = columns.iter().filter_map(|column| cells.get(table.at(column)?));
    let row: Vec<Param<'_>> = cells.map(param).collect();
    tx.run(statement, &row).await.map(drop)
}
