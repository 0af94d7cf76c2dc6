//! `/v1/tenants`: a tenant, and what is its own.

mod convert;
mod networks;
mod sites;
mod tenant;
mod tokens;
mod webhooks;
pub(super) mod wire;

use crate::face::Face;
use crate::table::{Access, Table, routes};

pub fn table() -> Table {
    Table::new(Face::Native)
        .get("/v1/tenants", Access::Live, routes!(tenant::list))
        .post("/v1/tenants", Access::Live, routes!(tenant::create))
        .get("/v1/tenants/{tenant}", Access::Live, routes!(tenant::show))
        .patch("/v1/tenants/{tenant}", Access::Live, routes!(tenant::change))
        .delete("/v1/tenants/{tenant}", Access::Live, routes!(tenant::delete))
        .get("/v1/tenants/{tenant}/sites", Access::Live, routes!(sites::list))
        .post("/v1/tenants/{tenant}/sites", Access::Live, routes!(sites::add))
        .get("/v1/tenants/{tenant}/sites/{id}", Access::Live, routes!(sites::show))
        .patch("/v1/tenants/{tenant}/sites/{id}", Access::Live, routes!(sites::change))
        .delete("/v1/tenants/{tenant}/sites/{id}", Access::Live, routes!(sites::remove))
        .get("/v1/tenants/{tenant}/networks", Access::Live, routes!(networks::show))
        .put("/v1/tenants/{tenant}/networks", Access::Live, routes!(networks::replace))
        .get("/v1/tenants/{tenant}/tokens", Access::Live, routes!(tokens::list))
        .post("/v1/tenants/{tenant}/tokens", Access::Live, routes!(tokens::mint))
        .delete("/v1/tenants/{tenant}/tokens/{id}", Access::Live, routes!(tokens::revoke))
        .get("/v1/tenants/{tenant}/webhooks", Access::Live, routes!(webhooks::list))
        .post("/v1/tenants/{tenant}/webhooks", Access::User, routes!(webhooks::add))
        .get("/v1/tenants/{tenant}/webhooks/{id}", Access::Live, routes!(webhooks::show))
        .patch("/v1/tenants/{tenant}/webhooks/{id}", Access::Live, routes!(webhooks::change))
        .delete("/v1/tenants/{tenant}/webhooks/{id}", Access::Live, routes!(webhooks::remove))
}
