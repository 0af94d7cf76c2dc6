//! What Herald is about: entities, ids, names, roles, decisions and state transitions.
//!
//! Pure by rule: no I/O, no clock, no randomness, no async. Time and chance come in as arguments.

pub mod activity;
pub mod audit;
pub mod client;
pub mod clock;
pub mod credential;
pub mod decision;
pub mod email;
mod email_pattern;
pub mod email_range;
pub mod endpoint;
pub mod ids;
pub mod lines;
pub mod link;
pub mod lockout;
pub mod membership;
pub mod permission;
pub mod role;
pub mod session;
pub mod standing;
pub mod tenant;
pub mod text;
pub mod time;
pub mod token;
pub mod user;

pub use clock::{Clock, Rng};
pub use email::EmailAddress;
pub use email_pattern::EmailPattern;
pub use email_range::EmailRange;
pub use ids::{ClientUid, FamilyId, PermissionId, RoleId, SessionId, SiteId, TenantId, TokenId, UserId};
pub use permission::{Pattern, Permission};
pub use role::{Builtin, Role};
pub use time::Timestamp;
