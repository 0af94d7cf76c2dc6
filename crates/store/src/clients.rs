//! OAuth clients.

use domain::ClientUid;
use domain::client::Client;

use crate::db::{ReadTx, Row, params, statements};
use crate::error::StoreError;

macro_rules! columns {
    () => {
        "id, client_id, secret_digest, name, grants, scopes, redirect_uris, environment"
    };
}

statements! { "clients";
    BY_CLIENT_ID = concat!("SELECT ", columns!(), " FROM live_clients WHERE client_id = $1");
    BY_ID = concat!("SELECT ", columns!(), " FROM live_clients WHERE id = $1");
    ANY_MAY = "SELECT id FROM live_clients WHERE grants LIKE $1 LIMIT 1";
    ENVIRONMENT = concat!("SELECT ", columns!(), " FROM live_clients WHERE environment ORDER BY created_at, id LIMIT 1");
}

pub async fn by_client_id(tx: &mut ReadTx<'_>, client_id: &str) -> Result<Option<Client>, StoreError> {
    tx.row(&BY_CLIENT_ID, params![client_id]).await?.map(read).transpose()
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: ClientUid) -> Result<Option<Client>, StoreError> {
    tx.row(&BY_ID, params![id]).await?.map(read).transpose()
}

/// Whether some client may ask for this grant. Looks at every client: there are few.
pub async fn any_may(tx: &mut ReadTx<'_>, grant: &'static str) -> Result<bool, StoreError> {
    tx.any(&ANY_MAY, params![&format!("%\"{grant}\"%")]).await
}

/// The oldest client that stands for the environment (frontegg.md §1).
pub async fn environment(tx: &mut ReadTx<'_>) -> Result<Option<Client>, StoreError> {
    tx.row(&ENVIRONMENT, params![]).await?.map(read).transpose()
}

fn read(mut row: Row) -> Result<Client, StoreError> {
    Ok(Client {
        uid: row.take("id")?,
        client_id: row.take("client_id")?,
        secret_digest: row.take("secret_digest")?,
        name: row.take("name")?,
        grants: row.take("grants")?,
        scopes: row.take("scopes")?,
        redirect_uris: row.take("redirect_uris")?,
        environment: row.take("environment")?,
    })
}
