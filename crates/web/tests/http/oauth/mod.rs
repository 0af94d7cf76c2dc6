//! `POST /oauth/token` (insights.md §1, 2). Tests are named after the contract's numbered cases.

mod client_credentials;
mod clients;
pub mod desk;
mod introspect;
mod lines;
mod metadata;
mod pairs;
mod password;
mod quiet;
mod refresh;
mod refused;
mod revoke;
pub mod snapshots;
