//! Endpoints of a tenant's products: where they are, and from where they are reached.

mod access;
mod zones;

use crate::text::Unfit;

pub use access::{AccessSet, AccessType};
pub use zones::{Direction, Seen, Zones, address, network};

/// One row of the inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub key: Key,
    pub access: AccessSet,
}

/// What tells one endpoint of a tenant from another, in the order of lists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// See [`url`].
    pub url: String,
    /// See [`is_collection`].
    pub collection: i64,
    /// One of [`METHODS`].
    pub method: String,
}

/// RFC 9110 §9.3 and RFC 5789.
pub const METHODS: &[&str] =
    &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

/// Bytes of a URL at most: an index of PostgreSQL takes no more than about 2,700 of a whole row.
pub const MAX_URL: usize = 2_048;

/// Collections are integers that JavaScript can read: of either sign, up to this.
pub const MAX_COLLECTION: i64 = (1 << 53) - 1;

/// One of [`METHODS`], in upper case.
pub fn method(raw: &str) -> Option<&'static str> {
    METHODS.iter().find(|method| **method == raw).copied()
}

/// A URL as it is stored and matched, byte for byte: 1 to [`MAX_URL`] bytes, no control characters.
///
/// # Errors
/// Says which rule is broken.
pub fn url(raw: &str) -> Result<&str, Unfit> {
    if raw.trim().is_empty() {
        return Err(Unfit::Empty);
    }
    if raw.len() > MAX_URL {
        return Err(Unfit::TooLong { max: MAX_URL });
    }
    if raw.chars().any(char::is_control) { Err(Unfit::Control) } else { Ok(raw) }
}

/// Whether it is a collection's number.
pub fn is_collection(number: i64) -> bool {
    (-MAX_COLLECTION..=MAX_COLLECTION).contains(&number)
}
