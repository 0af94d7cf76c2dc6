//! Roles: what is defined, and what may be given.

pub mod assignable;
pub mod custom;
