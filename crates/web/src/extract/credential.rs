//! Where a request carries its credentials. Pure reading: nothing is looked up here.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName};

pub const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Which kind of header a credential came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// `Authorization: Bearer`.
    Bearer,
    /// A header of its own: `X-API-Key`, `X-Access-Token`.
    Key,
}

/// One credential as it was sent; not looked up yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sent<'h> {
    pub by: Header,
    /// Without blanks around it, never empty; perhaps not UTF-8.
    pub value: &'h [u8],
}

/// What one header holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum One<'h> {
    Nothing,
    Value(Sent<'h>),
    /// Sent more than once with different values: refused before any look-up.
    Clash,
}

/// What a dialect found, and what it makes of a second credential.
pub struct Presented<'h> {
    /// The credential that counts.
    pub main: One<'h>,
    /// One in the header that does not count; a live one must prove the same principal.
    pub beside: One<'h>,
    /// Whether a dead one beside is ignored (Akto, Insights, Aegis) or refused (Testiny, Herald, Frontegg).
    pub beside_may_be_dead: bool,
}

impl<'h> Presented<'h> {
    /// Only this header is looked at.
    pub const fn only(main: One<'h>) -> Self {
        Self { main, beside: One::Nothing, beside_may_be_dead: false }
    }

    /// Either header will do; where both are sent, both must live and prove the same.
    pub const fn either(first: One<'h>, second: One<'h>) -> Self {
        match first {
            One::Nothing => Self::only(second),
            One::Value(_) | One::Clash => Self { main: first, beside: second, beside_may_be_dead: false },
        }
    }

    /// `main` alone opens the door; a live credential of somebody else beside it is a conflict, a dead one nothing.
    pub const fn with_stranger(main: One<'h>, beside: One<'h>) -> Self {
        Self { main, beside, beside_may_be_dead: true }
    }
}

/// What to make of an `Authorization` header of another scheme than Bearer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum OtherSchemes {
    /// As if it were not there: proxies add `Basic`.
    Ignored,
    /// It opens nothing; a second `Authorization` header beside it is a clash.
    Counted,
}

/// A header of its own, such as `X-API-Key`. Equal repeats count once; an empty one alone is none, and beside another it
/// differs: whoever put it there may have meant to take the other away.
pub fn key<'h>(headers: &'h HeaderMap, name: &HeaderName) -> One<'h> {
    settle(Header::Key, headers.get_all(name).iter().map(|value| trim(value.as_bytes())))
}

/// `Authorization: Bearer`, the scheme in any case, any number of blanks after it (RFC 9110 §11.1).
pub fn bearer(headers: &HeaderMap, others: OtherSchemes) -> One<'_> {
    let lines = || headers.get_all(AUTHORIZATION).iter().map(|value| trim(value.as_bytes()));
    if others == OtherSchemes::Counted && lines().count() > 1 {
        let credentials = || lines().map(|line| token(line).unwrap_or(line));
        if let Some(first) = credentials().next()
            && credentials().any(|other| other != first)
        {
            return One::Clash;
        }
    }
    settle(Header::Bearer, lines().filter_map(token))
}

fn settle<'h>(by: Header, mut values: impl Iterator<Item = &'h [u8]>) -> One<'h> {
    let Some(first) = values.next() else { return One::Nothing };
    match (values.any(|other| other != first), first.is_empty()) {
        (true, _) => One::Clash,
        (false, true) => One::Nothing,
        (false, false) => One::Value(Sent { by, value: first }),
    }
}

/// What follows the scheme, where it is Bearer.
fn token(line: &[u8]) -> Option<&[u8]> {
    let end = line.iter().position(|byte| is_blank(*byte)).unwrap_or(line.len());
    let (scheme, rest) = line.split_at_checked(end)?;
    scheme.eq_ignore_ascii_case(b"bearer").then(|| trim(rest))
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = bytes
        && is_blank(*first)
    {
        bytes = rest;
    }
    while let [rest @ .., last] = bytes
        && is_blank(*last)
    {
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn text(one: One<'_>) -> String {
        match one {
            One::Nothing => "nothing".into(),
            One::Clash => "clash".into(),
            One::Value(sent) => String::from_utf8_lossy(sent.value).into_owned(),
        }
    }

    fn read(lines: &[&str], others: OtherSchemes) -> String {
        let lines: Vec<_> = lines.iter().map(|line| ("authorization", *line)).collect();
        text(bearer(&headers(&lines), others))
    }

    #[test]
    fn the_scheme_is_read_loosely() {
        for line in ["Bearer abc", "bearer   abc", "BEARER\tabc ", " Bearer abc"] {
            assert_eq!(read(&[line], OtherSchemes::Ignored), "abc", "{line:?}");
        }
        for line in ["Bearer", "Bearer  ", "Basic abc", "Bearerabc", "", "abc"] {
            assert_eq!(read(&[line], OtherSchemes::Counted), "nothing", "{line:?}");
        }
    }

    #[test]
    fn repeats_count_once_and_differences_clash() {
        for others in [OtherSchemes::Ignored, OtherSchemes::Counted] {
            assert_eq!(read(&["Bearer a", "bearer  a"], others), "a");
            assert_eq!(read(&["Bearer a", "Bearer b"], others), "clash");
        }
        for others in [OtherSchemes::Ignored, OtherSchemes::Counted] {
            assert_eq!(read(&["Bearer a", "Bearer "], others), "clash");
            assert_eq!(read(&["Bearer", "Bearer a"], others), "clash");
            assert_eq!(read(&["Bearer", "Bearer "], others), "nothing");
        }
        assert_eq!(read(&["Basic a", "Bearer b"], OtherSchemes::Ignored), "b");
        assert_eq!(read(&["Basic a", "Bearer b"], OtherSchemes::Counted), "clash");
        assert_eq!(read(&["Basic a", "Basic a"], OtherSchemes::Counted), "nothing");
    }

    #[test]
    fn a_key_is_trimmed_and_may_be_any_bytes() {
        assert_eq!(text(key(&headers(&[("x-api-key", "  k ")]), &X_API_KEY)), "k");
        assert_eq!(text(key(&headers(&[("x-api-key", " ")]), &X_API_KEY)), "nothing");
        assert_eq!(text(key(&headers(&[("x-api-key", "a"), ("x-api-key", "b")]), &X_API_KEY)), "clash");
        for two in [["a", ""], ["", "a"], [" ", "a"]] {
            let lines = two.map(|value| ("x-api-key", value));
            assert_eq!(text(key(&headers(&lines), &X_API_KEY)), "clash", "{two:?}");
        }
        assert_eq!(text(key(&headers(&[("x-api-key", ""), ("x-api-key", " ")]), &X_API_KEY)), "nothing");
    }
}
