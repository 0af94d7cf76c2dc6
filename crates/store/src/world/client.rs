//! OAuth clients as a world file names them.

use domain::{ClientUid, Timestamp};

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Client in "clients" seen "live_clients", key "id = $1 AND ended_at IS NULL" of 1, also "" "";
    {
        id: ClientUid = "$1",
        client_id: String = "$2",
        secret_digest: Option<Vec<u8>> = "$3",
        secret_bytes: Option<i64> = "$4",
        name: Option<String> = "$5",
        grants: Vec<String> = "$6",
        scopes: Vec<String> = "$7",
        redirect_uris: Vec<String> = "$8",
        environment: bool = "$9",
        origin: String = "$10",
        created_at: Timestamp = "$11",
        updated_at: Timestamp = "$12",
    }
    BY_CLIENT_ID = "client_id = $1";
    PAGE = "client_id > $1 ORDER BY client_id LIMIT $2";
}

pub async fn by_client_id(tx: &mut ReadTx<'_>, client_id: &str) -> Result<Option<Client>, StoreError> {
    one(tx, &BY_CLIENT_ID, params![client_id], read).await
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: ClientUid) -> Result<Option<Client>, StoreError> {
    one(tx, &AGAIN, params![id], read).await
}

/// By what they call themselves, `limit` at most behind `after`.
pub async fn page(tx: &mut ReadTx<'_>, after: &str, limit: i64) -> Result<Vec<Client>, StoreError> {
    tx.list(&PAGE, params![after, limit], read).await
}
