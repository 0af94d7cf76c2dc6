//! How bodies come in: their size, their content type, and what an empty one means.

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;

use super::gather::gather;
use crate::refusal::Refusal;

/// How a dialect reads JSON bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyRule {
    pub media: Media,
    pub empty: Empty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`, else [`Refusal::MediaType`]; not asked of an empty body.
    Json,
    /// Whatever it says (`curl -d` says form).
    Ignored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// No bytes are `{}`.
    IsObject,
    /// No bytes are no JSON.
    IsMalformed,
}

/// A body read whole before anybody is authenticated, since every contract decides 413 first.
#[derive(Clone)]
struct Whole(Bytes);

/// Reads the body of `request` whole, and leaves it to the extractors.
pub(crate) async fn hold(request: Request, limit: usize) -> Result<Request, Refusal> {
    let (mut parts, body) = request.into_parts();
    let bytes = gather(body, &parts.headers, limit).await?;
    parts.extensions.insert(Whole(bytes));
    Ok(Request::from_parts(parts, Body::empty()))
}

/// The bytes that [`hold`] left, or the body itself where a route reads one without the gate.
pub(super) async fn whole(request: Request, limit: usize) -> Result<(HeaderMap, Bytes), Refusal> {
    let (mut parts, body) = request.into_parts();
    let bytes = if let Some(Whole(bytes)) = parts.extensions.remove::<Whole>() {
        bytes
    } else {
        gather(body, &parts.headers, limit).await?
    };
    Ok((parts.headers, bytes))
}

/// Whether the one content type is `wanted`, its parameters apart.
pub(super) fn is_media(headers: &HeaderMap, wanted: &str) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let Some(Ok(value)) = values.next().map(|value| value.to_str()) else { return false };
    let essence = value.split(';').next().unwrap_or_default().trim_ascii();
    values.next().is_none() && essence.eq_ignore_ascii_case(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_is_read_without_its_parameters() {
        let headers = |value: &str| HeaderMap::from_iter([(CONTENT_TYPE, value.parse().unwrap())]);
        assert!(is_media(&headers("Application/JSON ; charset=utf-8"), "application/json"));
        assert!(!is_media(&headers("application/jsonp"), "application/json"));
        assert!(!is_media(&HeaderMap::new(), "application/json"));
    }
}
