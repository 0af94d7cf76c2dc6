//! The program as a whole: the real binary, real folders, real signals, HTTP on loopback.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic in a test is a failed test"
)]

mod backup;
mod check;
mod clients;
mod crash;
mod demo;
mod endpoints;
mod http;
mod keys;
mod large;
mod links;
mod mail;
mod pages;
mod people;
mod postgres;
mod program;
mod python;
mod quotas;
mod refusals;
mod restore;
mod schemathesis;
mod serve;
mod tokens;
mod transcripts;
mod world;
