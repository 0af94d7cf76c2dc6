//! Everything HTTP: the frame around every request, the route table, the extractors, the dialects.
//!
//! Start at [`dialect`]: it says how an endpoint or a dialect is added.

mod config;
pub mod dialect;
pub mod dialects;
pub mod extract;
mod face;
mod frame;
mod geo;
mod metrics;
mod openapi;
pub mod refusal;
mod router;
mod schema;
mod state;
pub mod table;

pub use config::{Product, WebConfig};
pub use face::Face;
pub use frame::RequestMeta;
pub use geo::{Geo, GeoError};
pub use openapi::openapi;
pub use refusal::Refusal;
pub use router::{RouteInfo, router, routes};
pub use state::State;
