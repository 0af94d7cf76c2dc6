//! `/v1/clients`: the operators'.

mod client;
mod wire;

use crate::face::Face;
use crate::table::{Access, Table, routes};

pub fn table() -> Table {
    Table::new(Face::Native)
        .get("/v1/clients", Access::Live, routes!(client::list))
        .post("/v1/clients", Access::Live, routes!(client::create))
        .get("/v1/clients/{id}", Access::Live, routes!(client::show))
        .patch("/v1/clients/{id}", Access::Live, routes!(client::change))
        .delete("/v1/clients/{id}", Access::Live, routes!(client::delete))
        .post("/v1/clients/{id}/secret", Access::Live, routes!(client::secret))
}
