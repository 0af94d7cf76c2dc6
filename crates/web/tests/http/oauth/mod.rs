//! `POST /oauth/token` (insights.md §1, 2). Tests are named after the contract's numbered cases.

pub mod desk;
mod lines;
mod pairs;
mod password;
mod quiet;
mod refresh;
mod refused;
pub mod snapshots;
