//! `/v1/agents`: what agents did on devices.

mod convert;
mod device;
mod report;
mod wire;

use crate::face::Face;
use crate::table::{Access, Table, routes};

pub fn table() -> Table {
    Table::new(Face::Native).post("/v1/agents/activity", Access::Live, routes!(report::report)).streams().get(
        "/v1/agents/{agent}/devices/{device}",
        Access::Live,
        routes!(device::show),
    )
}
