//! What is known of a request before anybody looks into it.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use bytes::Bytes;
use uuid::Uuid;

use crate::extract::client_ip::{client_ip, peer};
use crate::face::Face;
use crate::state::State;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Cheap to clone. In the extensions of every request: `Extension<RequestMeta>`.
#[derive(Clone, Debug)]
pub struct RequestMeta {
    id: HeaderValue,
    pub face: Face,
    /// The client's address, IPv4-mapped IPv6 as IPv4.
    pub ip: IpAddr,
    /// The path with `{name}` for parameters: nothing that a caller chose.
    pub template: &'static str,
    found: Arc<Found>,
}

/// What is found out on the way.
#[derive(Default)]
struct Found {
    credential: OnceLock<Uuid>,
    caller: OnceLock<app::Caller>,
    decision: OnceLock<Uuid>,
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found").field("decision", &self.decision).finish_non_exhaustive()
    }
}

impl RequestMeta {
    pub(super) fn of(state: &State, (face, template): (Face, &'static str), request: &Request) -> Self {
        let headers = request.headers();
        let ip = client_ip(headers, peer(request.extensions()), &state.config.trusted_proxies);
        let given = headers.get(REQUEST_ID).filter(|id| is_plain(id.as_bytes()));
        let id = given.cloned().unwrap_or_else(|| header(state.ctx.new_id()));
        Self { id, face, ip, template, found: Arc::default() }
    }

    /// 1 to 64 of `[A-Za-z0-9._-]`: the client's own where it sent such a one, else a UUID v7.
    pub fn id(&self) -> &str {
        self.id.to_str().unwrap_or_default()
    }

    /// The same as a header's value.
    pub fn id_header(&self) -> HeaderValue {
        self.id.clone()
    }

    /// The id of the credential that was presented and lives; the trail and the lists of tokens know it by that.
    pub(super) fn credential(&self) -> Option<Uuid> {
        self.found.credential.get().copied()
    }

    /// The first one counts, as with [`Self::is_by`].
    pub(crate) fn is_with(&self, credential: Uuid) {
        let _ = self.found.credential.set(credential);
    }

    /// Who calls, where that is known before the request is refused or done.
    pub fn caller(&self) -> Option<&app::Caller> {
        self.found.caller.get()
    }

    /// The first one counts: a request has one caller.
    pub(crate) fn is_by(&self, caller: &app::Caller) {
        let _ = self.found.caller.set(caller.clone());
    }

    /// The decision that refuses the request, where no use case named one.
    pub fn decision(&self) -> Option<Uuid> {
        self.found.decision.get().copied()
    }

    pub(super) fn is_decided(&self, id: Uuid) {
        let _ = self.found.decision.set(id);
    }

    #[cfg(test)]
    pub fn of_test(face: Face) -> Self {
        let ip = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
        Self { id: HeaderValue::from_static("test-1"), face, ip, template: "", found: Arc::default() }
    }
}

/// A client's own id goes back to him and into the log only when it can do no harm there.
fn is_plain(id: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=64).contains(&id.len()) && id.iter().all(plain)
}

fn header(id: Uuid) -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    let text = id.hyphenated().encode_lower(&mut text);
    let bytes = Bytes::copy_from_slice(text.as_bytes());
    HeaderValue::from_maybe_shared(bytes).unwrap_or(HeaderValue::from_static("unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_ids_are_taken_over() {
        assert!(is_plain(b"0193a1c2-6b1e.A_z"));
        for id in [&b""[..], b"a b", b"a\"", b"\xff", b"<x>", "x".repeat(65).as_bytes()] {
            assert!(!is_plain(id), "{id:?}");
        }
        assert_eq!(header(Uuid::nil()), "00000000-0000-0000-0000-000000000000");
    }
}
