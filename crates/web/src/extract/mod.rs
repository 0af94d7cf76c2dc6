//! What handlers take from a request: who calls, and what the body says.

mod body;
pub mod caller;
pub mod client_ip;
pub mod credential;
pub mod form;
mod gather;
pub mod json;
pub mod ndjson;
mod path;

pub(crate) use body::hold;
pub use body::{BodyRule, Empty, Media};
pub use caller::{Caller, Demand, Known, OfAnyone, OfUser, OfUserUnscoped};
pub use form::Form;
pub use json::{Json, Object};
pub use ndjson::Ndjson;
pub use path::{Id, Ids, InTenant, WithinTenant};
