//! `GET /api/v2/users/loggedIn/detail` (insights.md §4). Tests are named after the contract's numbered cases.

mod detail;
mod refused;
mod snapshots;
