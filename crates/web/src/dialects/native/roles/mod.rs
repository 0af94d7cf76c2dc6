//! `/v1/roles` and `/v1/permissions`.

mod convert;
mod permission;
mod role;
mod wire;

use crate::face::Face;
use crate::table::{Access, Table, routes};

pub fn table() -> Table {
    Table::new(Face::Native)
        .get("/v1/roles", Access::Live, routes!(role::list))
        .post("/v1/roles", Access::Live, routes!(role::create))
        .get("/v1/roles/{id}", Access::Live, routes!(role::show))
        .patch("/v1/roles/{id}", Access::Live, routes!(role::change))
        .delete("/v1/roles/{id}", Access::Live, routes!(role::delete))
        .get("/v1/permissions", Access::Live, routes!(permission::list))
        .post("/v1/permissions", Access::Live, routes!(permission::declare))
        .delete("/v1/permissions/{key}", Access::Live, routes!(permission::withdraw))
}
