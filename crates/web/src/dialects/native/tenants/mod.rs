//! `/v1/tenants`: a tenant, and what is its own.

mod convert;
mod networks;
mod sites;
mod tenant;
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
}
