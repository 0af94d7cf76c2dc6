//! The `herald` program: command line, settings, telemetry, wiring and shutdown.

pub mod cli;
pub mod data;
pub mod failed;
pub mod say;
pub mod serve;
pub mod settings;
pub mod telemetry;
