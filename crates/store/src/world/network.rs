//! The networks that decide access types.

use domain::TenantId;

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Network in "networks" seen "live_networks", key "tenant_id = $1" of 1, also "" "";
    {
        tenant_id: TenantId = "$1",
        private: Vec<String> = "$2",
        partner: Vec<String> = "$3",
        origin: String = "$4",
    }
}

pub async fn of_tenant(tx: &mut ReadTx<'_>, tenant: TenantId) -> Result<Option<Network>, StoreError> {
    one(tx, &AGAIN, params![tenant], read).await
}
