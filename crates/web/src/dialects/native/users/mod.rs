//! `/v1/users` and the members of tenants.

mod convert;
mod make;
mod members;
mod person;
mod query;
mod sessions;
mod wire;

use super::{Native, fields, page, wire as common};
use crate::face::Face;
use crate::table::{Access, Table, routes};

pub fn table() -> Table {
    Table::new(Face::Native)
        .get("/v1/users", Access::Live, routes!(person::list))
        .post("/v1/users", Access::Live, routes!(make::create))
        .get("/v1/users/{id}", Access::Live, routes!(person::show))
        .patch("/v1/users/{id}", Access::Live, routes!(make::change))
        .delete("/v1/users/{id}", Access::Live, routes!(person::delete))
        .post("/v1/users/{id}/lock", Access::Live, routes!(person::lock))
        .post("/v1/users/{id}/unlock", Access::Live, routes!(person::unlock))
        .post("/v1/users/{id}/password", Access::Interactive, routes!(make::set_password))
        .get("/v1/users/{id}/sessions", Access::Live, routes!(sessions::list))
        .post("/v1/users/{id}/sessions/end", Access::Live, routes!(sessions::end_all))
        .delete("/v1/users/{id}/sessions/{session}", Access::Live, routes!(sessions::end))
        .get("/v1/tenants/{tenant}/members", Access::Live, routes!(members::list))
        .post("/v1/tenants/{tenant}/members", Access::Live, routes!(members::add))
        .get("/v1/tenants/{tenant}/members/{user}", Access::Live, routes!(members::show))
        .patch("/v1/tenants/{tenant}/members/{user}", Access::Live, routes!(members::change))
        .delete("/v1/tenants/{tenant}/members/{user}", Access::Live, routes!(members::remove))
}
