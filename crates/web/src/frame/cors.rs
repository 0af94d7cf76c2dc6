//! Which web pages may call the API from a browser: those of `cors.origins`, and no others.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::config::WebConfig;
use crate::face::Face;

/// The request's origin, if its pages may call.
pub(super) fn allowed(config: &WebConfig, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(ORIGIN)?;
    config.cors_origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

/// The answer to a browser's question, before it sends the request itself. From another origin, OPTIONS is a method
/// like any other.
pub(super) fn preflight(origin: Option<&HeaderValue>, request: &Request) -> Option<Response> {
    origin?;
    if request.method() != Method::OPTIONS || !request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE"));
    if let Some(asked) = request.headers().get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    Some(response)
}

/// Cookies ride along only in Frontegg's dialect, whose refresh cookie its browser SDKs need.
pub(super) fn finish(response: &mut Response, origin: HeaderValue, face: Face) {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(VARY, HeaderValue::from_static("Origin"));
    let shown = HeaderValue::from_static("X-Request-Id, Retry-After, X-Herald-Truncated, X-Herald-Kept");
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, shown);
    if face == Face::Frontegg {
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_counts_byte_for_byte() {
        let mut config = WebConfig::at("http://127.0.0.1");
        config.cors_origins.push("https://app.example".into());
        let asks =
            |origin: &str| allowed(&config, &HeaderMap::from_iter([(ORIGIN, origin.parse().unwrap())]));
        assert!(asks("https://app.example").is_some());
        for other in ["https://app.example.evil", "http://app.example", "https://app.example:8443", "null"] {
            assert!(asks(other).is_none(), "{other}");
        }
    }
}
