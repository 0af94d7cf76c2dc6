//! `/v1/endpoints`: the endpoint inventory.

mod convert;
mod list;
mod observe;
mod put;
mod wire;

use crate::face::Face;
use crate::table::{Access, Table, routes};

pub fn table() -> Table {
    Table::new(Face::Native)
        .get("/v1/endpoints", Access::Live, routes!(list::list))
        .put("/v1/endpoints", Access::Live, routes!(put::put))
        .post("/v1/endpoints/observations", Access::Live, routes!(observe::observe))
        .streams()
}
