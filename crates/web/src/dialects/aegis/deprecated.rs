//! What a deprecated call says of itself, answered or refused (RFC 9745, RFC 5829 §3.3).

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::MethodRouter;

use crate::State;
use crate::refusal::Beside;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
/// 2026-01-01.
const SINCE: HeaderValue = HeaderValue::from_static("@1767225600");

/// With both headers: since when, and that the same path takes another method.
pub fn deprecated(service: MethodRouter<State>) -> MethodRouter<State> {
    service.route_layer(from_fn(tell))
}

async fn tell(request: Request, next: Next) -> Response {
    let link = format!("<{}>; rel=\"successor-version\"", encoded(request.uri().path()));
    let mut response = next.run(request).await;
    let mut headers = HeaderMap::from_iter([(DEPRECATION, SINCE)]);
    if let Ok(link) = HeaderValue::from_str(&link) {
        headers.insert(header::LINK, link);
    }
    response.extensions_mut().insert(Beside(headers));
    response
}

/// The path as it was sent; whatever RFC 3986 §3.3 does not let stand in one is percent-encoded.
fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_stays_and_what_may_not_stand_is_encoded() {
        assert_eq!(encoded("/api/users/a+b@x.example"), "/api/users/a+b@x.example");
        assert_eq!(encoded("/api/users/a%40x"), "/api/users/a%40x");
        assert_eq!(encoded("/\"{ü>"), "/%22%7B%C3%BC%3E");
    }
}
