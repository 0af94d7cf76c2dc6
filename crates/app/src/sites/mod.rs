//! Sites: the named parts of a tenant. Whoever holds a credential of the tenant sees them.

pub mod add;
pub mod change;
pub mod list;
pub mod remove;
