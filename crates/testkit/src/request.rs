//! Requests as values, answers as they came.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use bytes::Bytes;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::{Actor, Server};

/// From where requests come unless a test says otherwise (RFC 5737).
const CALLER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

/// A request to be sent; nothing is added to what the test says.
#[must_use]
pub struct Request<'s> {
    server: &'s Server,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
    ip: IpAddr,
}

/// What came back, the body read whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl<'s> Request<'s> {
    pub(crate) fn new(server: &'s Server, method: Method, path: &str) -> Self {
        let path = path.to_owned();
        Self { server, method, path, headers: HeaderMap::new(), body: Vec::new(), ip: CALLER }
    }

    /// One more header, of any bytes that a header may hold.
    ///
    /// # Panics
    /// For what is no header.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name = HeaderName::try_from(name).expect("a header's name");
        self.headers.append(name, HeaderValue::from_bytes(value.as_ref()).expect("a header's value"));
        self
    }

    /// `Authorization: Bearer …`.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// With an actor's session token.
    pub fn by(self, actor: &Actor) -> Self {
        self.bearer(&actor.token)
    }

    /// `X-API-Key: …`.
    pub fn api_key(self, key: &str) -> Self {
        self.header("x-api-key", key)
    }

    /// `Authorization: Basic …` (RFC 7617), as OAuth clients send it.
    pub fn basic(self, user: &str, password: &str) -> Self {
        self.header("authorization", format!("Basic {}", base64(format!("{user}:{password}").as_bytes())))
    }

    /// A JSON body with its content type.
    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    /// A form body with its content type.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        self.raw("application/x-www-form-urlencoded", pairs.join("&"))
    }

    /// Any body under any content type.
    pub fn raw(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header(header::CONTENT_TYPE.as_str(), content_type)
    }

    /// Any body without a content type.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The other end of the connection.
    pub fn ip(mut self, ip: impl Into<IpAddr>) -> Self {
        self.ip = ip.into();
        self
    }

    /// Calls the router in this process.
    ///
    /// # Panics
    /// For a path that is none.
    pub async fn send(self) -> Answer {
        let mut request = axum::http::Request::new(Body::from(self.body));
        *request.method_mut() = self.method;
        *request.uri_mut() = self.path.parse().expect("a path");
        *request.headers_mut() = self.headers;
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.ip, 40_000)));
        let response = self.server.router().oneshot(request).await;
        let (parts, body) = response.unwrap_or_else(|never| match never {}).into_parts();
        let body = body.collect().await.expect("the body comes whole").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// For another body: the message shows it.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|why| panic!("{} is no JSON ({why}): {}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The first value of a header; `None` for none.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header of text"))
    }

    /// The answer itself, where it has this status.
    ///
    /// # Panics
    /// For another status: the message shows the body.
    #[expect(clippy::return_self_not_must_use, reason = "the status may be all that is asked")]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

/// As forms have it: all but letters, digits and `-._~` in percent signs.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |bits: u32| char::from(LETTERS.get((bits & 63) as usize).copied().unwrap_or(b'='));
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let at = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            text.push(if index <= three.len() { letter(bits >> shift) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_base64() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn forms_are_escaped() {
        assert_eq!(escaped("a b&c=ä~"), "a%20b%26c%3D%C3%A4~");
    }
}
