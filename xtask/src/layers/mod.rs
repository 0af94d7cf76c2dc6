//! `cargo xtask layers`: the arrow rule, asserted from `cargo metadata`.

mod graph;
mod rule;
mod table;

use crate::fault::{Fault, Outcome};
use crate::say;

/// Fails when a crate of the workspace names one it must not, or stands in no row of the table.
pub fn run() -> Outcome {
    let graph = graph::read()?;
    let faults = rule::check(&table::TABLE, &graph);
    if faults.is_empty() {
        say::line(&format!("layers: {} crates keep the arrow rule", graph.len()));
        return Ok(());
    }
    Err(Fault::found(
        "the arrow rule is broken (see ARCHITECTURE.md, and xtask/src/layers/table.rs)",
        &faults,
    ))
}
