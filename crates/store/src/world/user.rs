//! Users as a world file names them: all but when they last signed in.

use domain::{EmailAddress, SiteId, TenantId, Timestamp, UserId};
use uuid::Uuid;

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    User in "users", key "id = $1" of 1, also "" "";
    {
        id: UserId = "$1",
        number: i64 = "$2",
        email: EmailAddress = "$3",
        name: Option<String> = "$4",
        first_name: Option<String> = "$5",
        middle_name: Option<String> = "$6",
        last_name: Option<String> = "$7",
        phone: Option<String> = "$8",
        picture: Option<String> = "$9",
        kind: String = "$10",
        user_group: Option<String> = "$11",
        verified: bool = "$12",
        active: bool = "$13",
        locked: bool = "$14",
        is_operator: bool = "$15",
        super_user: bool = "$16",
        invisible: bool = "$17",
        mfa_bypass: bool = "$18",
        default_tenant_id: Option<TenantId> = "$19",
        default_site_id: Option<SiteId> = "$20",
        metadata: String = "$21",
        vendor_metadata: String = "$22",
        managed_by: Option<String> = "$23",
        created_by: Option<String> = "$24",
        updated_by: Option<String> = "$25",
        provider: String = "$26",
        password_hash: Option<String> = "$27",
        totp_sealed: Option<Vec<u8>> = "$28",
        totp_device_id: Option<Uuid> = "$29",
        totp_step: Option<i64> = "$30",
        origin: String = "$31",
        created_at: Timestamp = "$32",
        updated_at: Timestamp = "$33",
    }
    BY_EMAIL = "email = $1";
    BY_NUMBER = "number = $1";
    PAGE = "email > $1 ORDER BY email LIMIT $2";
    AT_HOME = "default_tenant_id = $1 OR default_site_id = $1";
}

pub async fn by_email(tx: &mut ReadTx<'_>, email: &str) -> Result<Option<User>, StoreError> {
    one(tx, &BY_EMAIL, params![email], read).await
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    one(tx, &AGAIN, params![id], read).await
}

pub async fn by_number(tx: &mut ReadTx<'_>, number: i64) -> Result<Option<User>, StoreError> {
    one(tx, &BY_NUMBER, params![number], read).await
}

/// Whose default tenant or site it is.
pub async fn at_home(tx: &mut ReadTx<'_>, place: Uuid) -> Result<Vec<User>, StoreError> {
    tx.list(&AT_HOME, params![place], read).await
}

/// Users behind an address, by address.
pub async fn page(tx: &mut ReadTx<'_>, after: &str, limit: i64) -> Result<Vec<User>, StoreError> {
    tx.list(&PAGE, params![after, limit], read).await
}
