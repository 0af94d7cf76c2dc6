//! The use cases, one file a verb, and what they stand on: principals, permission, audit, keys, hashing.

pub mod account;
pub mod audit;
pub mod authorize;
pub mod billing;
pub mod catalogue;
pub mod check;
pub mod config;
pub mod ctx;
pub mod decisions;
pub mod endpoints;
pub mod failure;
pub mod health;
pub mod jwt;
pub mod keys;
mod last;
pub mod members;
pub mod mfa;
pub mod oauth;
pub mod passwords;
pub mod principal;
pub mod roles;
pub mod seal;
pub mod sessions;
pub mod sweep;
pub mod system;
pub mod tenants;
pub mod tokens;
pub mod users;
pub mod world;

pub use config::Config;
pub use ctx::{Ambient, Ctx, OpenError};
pub use failure::{Failure, FieldFault, Kind};
pub use principal::{Caller, Principal, Profile, Subject, Unproven};
