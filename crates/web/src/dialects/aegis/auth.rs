//! Who am I, and out (aegis.md §2).

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::Response;

use super::{Aegis, convert, wire};
use crate::dialects::{JSON, Ready, answer, ready};
use crate::extract::{Caller, Known, OfUserUnscoped};
use crate::refusal::Refusal;

/// E-mail and role of the caller.
#[utoipa::path(get, path = "", responses(
    (status = 200, body = wire::Me,
        example = json!({"email": "mira.holt@northwind.example", "role": "admin", "isActive": true})),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn me(caller: Known<Aegis, OfUserUnscoped>) -> Result<Response, Refusal> {
    let principal = &caller.entry.principal;
    let profile = principal.profile().ok_or(Refusal::NotAUser)?;
    Ok(ready(&caller.entry, Ready::AegisMe, JSON, || convert::me(profile, principal.tenant)))
}

/// Ends exactly what was presented: a session with all that was refreshed from it, or a key.
#[utoipa::path(get, path = "", responses(
    (status = 200, body = wire::Passed, example = json!({"status": "pass"})),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn logout(
    State(web): State<crate::State>,
    caller: Caller<Aegis, OfUserUnscoped>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if is_prefetch(&headers) {
        return Err(Refusal::said(StatusCode::BAD_REQUEST, "", "prefetch refused"));
    }
    app::sessions::sign_out::presented(&web.ctx, &caller).await?;
    Ok(answer(StatusCode::OK, JSON, &wire::Passed { status: wire::Pass::Pass }))
}

/// Whether a browser only guesses that somebody will go there: `Sec-Purpose: prefetch;prerender`, or the older
/// `Purpose: prefetch`. A guess must not end anything.
fn is_prefetch(headers: &HeaderMap) -> bool {
    let names = [HeaderName::from_static("sec-purpose"), HeaderName::from_static("purpose")];
    let mut lines = names.iter().flat_map(|name| headers.get_all(name));
    lines.any(|line| {
        let mut words = line.as_bytes().split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
        words.any(|word| word.eq_ignore_ascii_case(b"prefetch"))
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn prefetches(name: &'static str, value: &[u8]) -> bool {
        let value = HeaderValue::from_bytes(value).unwrap();
        is_prefetch(&HeaderMap::from_iter([(HeaderName::from_static(name), value)]))
    }

    #[test]
    fn a_prefetch_says_so_in_either_header() {
        for value in ["prefetch", "Prefetch", "prefetch;prerender", "prerender, prefetch", " prefetch ; x=1"]
        {
            assert!(prefetches("sec-purpose", value.as_bytes()), "{value}");
            assert!(prefetches("purpose", value.as_bytes()), "{value}");
        }
        assert!(prefetches("purpose", b"\xff prefetch"));
    }

    #[test]
    fn other_purposes_pass() {
        for value in ["", "preview", "not-prefetch", "prefetcher"] {
            assert!(!prefetches("sec-purpose", value.as_bytes()), "{value}");
        }
        assert!(!prefetches("x-purpose", b"prefetch"));
    }
}
