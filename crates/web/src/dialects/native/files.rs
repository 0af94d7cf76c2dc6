//! Files for people's browsers, from the binary. They load nothing from elsewhere and run nothing inline.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;

use crate::dialects::rendered;

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

pub fn page(text: &'static str) -> Response {
    file("text/html; charset=utf-8", text)
}

pub fn script(text: &'static str) -> Response {
    file("text/javascript; charset=utf-8", text)
}

pub fn style(text: &'static str) -> Response {
    file("text/css; charset=utf-8", text)
}

fn file(media: &'static str, text: &'static str) -> Response {
    let mut response =
        rendered(StatusCode::OK, HeaderValue::from_static(media), Bytes::from_static(text.as_bytes()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
