//! The `herald` program: command line, settings, telemetry, wiring and shutdown.

pub mod aside;
pub mod cli;
pub mod commands;
pub mod data;
pub mod failed;
pub mod installation;
pub mod jobs;
pub mod password;
pub mod say;
pub mod serve;
pub mod settings;
pub mod telemetry;
pub mod wait;
