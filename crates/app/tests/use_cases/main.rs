//! The use cases on both engines, against the tables of `docs/design.md` and the traps of `docs/engine.md`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unchecked_time_subtraction,
    reason = "a panic in a test is a failed test"
)]

mod again;
mod audit;
mod audit_secrets;
mod decisions;
mod deeds;
mod drained;
mod inventory;
mod keys;
mod links;
mod lockout;
mod look_up;
mod look_up_ends;
mod oauth;
mod people;
mod places;
mod power;
mod read_model;
mod refresh;
mod refresh_ends;
mod second_factor;
mod sign_in;
mod sign_in_races;
mod support;
mod sweep;
mod sweep_between;
mod tokens;
mod tokens_cap;
mod tokens_signed;
mod turns;
mod user_races;
