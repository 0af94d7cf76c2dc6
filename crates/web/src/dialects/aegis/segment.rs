//! The last segment of a path: a provider, a token's id, a pattern, an e-mail.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

/// Percent-decoded once; `None` where that is not UTF-8, which names nothing.
pub struct Segment(pub Option<String>);

impl FromRequestParts<crate::State> for Segment {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &crate::State) -> Result<Self, Infallible> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(path.ok().map(|Path(text)| text)))
    }
}
