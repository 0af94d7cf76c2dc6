//! Reading the inventory out of what is there already: access logs and API descriptions.

pub mod combined;
pub mod openapi;

use domain::endpoint;

/// A URL within the bounds of the inventory.
fn url(raw: &str) -> Result<String, &'static str> {
    let fits =
        endpoint::url(raw).map_err(|_| "the path is longer than 2048 bytes, or holds control characters");
    fits.map(str::to_owned)
}
