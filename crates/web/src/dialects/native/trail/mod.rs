//! `/v1/audit`: who did what, to whom, from where, by which credential, decided why.

mod list;
mod wire;

use crate::face::Face;
use crate::table::{Access, Table, routes};

pub fn table() -> Table {
    Table::new(Face::Native).get("/v1/audit", Access::Live, routes!(list::list))
}
