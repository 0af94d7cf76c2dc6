//! Which client asks, and its proof: lines 6 and 7 of the contract's table (RFC 6749 §2.3.1).

use app::{Failure, catalogue};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::client::Client;

use super::request::TokenRequest;
use crate::extract::caller::From;
use crate::extract::form::decode;
use crate::refusal::Refusal;
use crate::state::State;

/// One reading of what names a client. No `Debug`: it holds the secret.
#[derive(PartialEq, Eq)]
struct Named {
    id: String,
    secret: Option<String>,
}

/// # Errors
/// One answer for an unknown client and every way in which a secret can be wrong.
/// A failure counts for the address, and is audited: a secret is not for guessing.
pub async fn authenticate(web: &State, from: &From, request: &TokenRequest) -> Result<Client, Refusal> {
    for named in readings(&request.headers, request)? {
        let found = catalogue::client(&web.ctx, &named.id, named.secret.as_deref()).await;
        if let Some(client) = found.map_err(Failure::from)? {
            return Ok(client);
        }
    }
    Err(unproven(web, from).await)
}

/// As [`authenticate`], and a public client, which proves nothing, is refused too.
///
/// # Errors
/// The same.
pub async fn by_secret(web: &State, from: &From, request: &TokenRequest) -> Result<Client, Refusal> {
    let client = authenticate(web, from, request).await?;
    if client.secret_digest.is_some() { Ok(client) } else { Err(unproven(web, from).await) }
}

/// The one answer to who does not prove to be a client: counted for the address, and audited.
pub async fn unproven(web: &State, from: &From) -> Refusal {
    if let Err(refusal) = web.admit_client(from.ip) {
        return refusal;
    }
    if let Err(error) = catalogue::refused(&web.ctx, &from.origin).await {
        return Failure::from(error).into();
    }
    let challenge = HeaderValue::from_static("Basic realm=\"herald\"");
    Refusal::said(StatusCode::UNAUTHORIZED, "invalid_client", "Bad client credentials")
        .with(WWW_AUTHENTICATE, challenge)
}

/// In the order to be tried; none where nothing names a client.
fn readings(headers: &HeaderMap, request: &TokenRequest) -> Result<Vec<Named>, Refusal> {
    let (id, secret) = (request.form.get("client_id"), request.form.get("client_secret"));
    let Some(basic) = basic(headers)? else {
        let named = id.map(|id| Named { id: id.to_owned(), secret: secret.map(str::to_owned) });
        return Ok(named.into_iter().collect());
    };
    if secret.is_some() {
        return Err(refused("More than one client authentication"));
    }
    let mut readings = of_basic(basic);
    readings.retain(|named| id.is_none_or(|id| id == named.id));
    Ok(readings)
}

/// What follows the scheme in the one `Authorization` header.
fn basic(headers: &HeaderMap) -> Result<Option<&[u8]>, Refusal> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    let line = line.as_bytes().trim_ascii();
    let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
    match line.split_at_checked(end) {
        Some((scheme, rest)) if lines.next().is_none() && scheme.eq_ignore_ascii_case(b"basic") => {
            Ok(Some(rest.trim_ascii()))
        }
        _ => Err(refused("Unsupported client authentication")),
    }
}

/// RFC 6749 asks for both parts form-encoded; many clients send them as they are.
fn of_basic(credentials: &[u8]) -> Vec<Named> {
    let text = STANDARD.decode(credentials).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(text) = text.filter(|text| !text.contains('\0')) else { return Vec::new() };
    let Some((id, secret)) = text.split_once(':') else { return Vec::new() };
    let named =
        |id: String, secret: String| Named { id, secret: Some(secret).filter(|text| !text.is_empty()) };
    let decoded = decode(id.as_bytes()).and_then(|id| Ok(named(id, decode(secret.as_bytes())?)));
    let mut readings: Vec<Named> = decoded.into_iter().collect();
    let plain = named(id.to_owned(), secret.to_owned());
    if !readings.contains(&plain) {
        readings.push(plain);
    }
    readings
}

fn refused(text: &'static str) -> Refusal {
    Refusal::said(StatusCode::BAD_REQUEST, "invalid_request", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Option<String>)> {
        of_basic(STANDARD.encode(text).as_bytes()).into_iter().map(|n| (n.id, n.secret)).collect()
    }

    fn pair(id: &str, secret: &str) -> (String, Option<String>) {
        (id.to_owned(), Some(secret.to_owned()))
    }

    #[test]
    fn both_parts_are_read_decoded_first() {
        assert_eq!(read("a:b"), [pair("a", "b")]);
        assert_eq!(read("a:50%25+1%3A"), [pair("a", "50% 1:"), pair("a", "50%25+1%3A")]);
        assert_eq!(read("a:5%+x:y"), [pair("a", "5%+x:y")], "a broken escape leaves one reading");
        assert_eq!(read("a:"), [("a".to_owned(), None)], "an empty secret is none");
    }

    #[test]
    fn what_is_broken_names_nobody() {
        assert!(read("no colon").is_empty());
        assert!(read("a:b\0").is_empty());
        assert!(of_basic(b"***").is_empty());
        assert!(of_basic(b"").is_empty());
        assert!(of_basic(STANDARD.encode([0xff, b':', b'x']).as_bytes()).is_empty());
    }

    #[test]
    fn one_basic_header_counts_and_nothing_else_is_taken() {
        let of = |lines: &[&str]| {
            let lines = lines.iter().map(|line| (AUTHORIZATION, line.parse().unwrap()));
            let headers: HeaderMap = lines.collect();
            basic(&headers).map(|found| found.map(<[u8]>::to_vec)).map_err(|_| ())
        };
        assert_eq!(of(&[]), Ok(None));
        assert_eq!(of(&["BASIC  abc "]), Ok(Some(b"abc".to_vec())));
        assert_eq!(of(&["Basic"]), Ok(Some(Vec::new())));
        for other in [&["Bearer abc"][..], &["Basic a", "Basic a"], &[""], &["Basicabc"]] {
            assert_eq!(of(other), Err(()), "{other:?}");
        }
    }
}
