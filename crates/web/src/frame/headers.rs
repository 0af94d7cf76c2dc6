//! Headers that every answer has.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

use super::RequestMeta;
use super::meta::REQUEST_ID;
use crate::face::Face;

/// Frontegg's name for the request id (frontegg.md §2, 5).
const TRACE_ID: HeaderName = HeaderName::from_static("frontegg-trace-id");

pub(super) fn finish(response: &mut Response, meta: &RequestMeta) {
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, meta.id_header());
    if meta.face == Face::Frontegg {
        headers.insert(TRACE_ID, meta.id_header());
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // What a page of ours may load and what may be kept is the page's to say; an answer of the API says nothing.
    unless_said(headers, CACHE_CONTROL, "no-store");
    unless_said(headers, X_FRAME_OPTIONS, "DENY");
    unless_said(headers, CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
}

fn unless_said(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
