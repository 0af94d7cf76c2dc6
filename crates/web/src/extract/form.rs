//! `application/x-www-form-urlencoded` bodies, as OAuth sends them (RFC 6749 appendix B).

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;

use super::body::{is_media, whole};
use crate::refusal::{BodyFault, Refusal};
use crate::state::State;

/// Parameters in the order sent, no name twice. `Debug` is left out: passwords are among them.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The value of a parameter; an empty one counts as absent (RFC 6749 §3.2).
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

impl FromRequest<State> for Form {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &State) -> Result<Self, Refusal> {
        if !request.headers().contains_key(CONTENT_TYPE) {
            return nothing(request, state).await;
        }
        if !is_media(request.headers(), "application/x-www-form-urlencoded") {
            return Err(Refusal::MediaType);
        }
        let (_, bytes) = whole(request, state.config.body_bytes).await?;
        parse(&bytes).map(Self).map_err(Refusal::Body)
    }
}

/// Without a content type there may be no body either: that is a form of nothing.
async fn nothing(request: Request, state: &State) -> Result<Form, Refusal> {
    match whole(request, state.config.body_bytes).await {
        Ok((_, bytes)) if bytes.is_empty() => Ok(Form(Vec::new())),
        Ok(_) | Err(Refusal::TooLarge) => Err(Refusal::MediaType),
        Err(refusal) => Err(refusal),
    }
}

/// # Errors
/// `Malformed` for a broken escape, bytes that are not UTF-8, or U+0000; `Repeated` for a name twice.
pub fn parse(bytes: &[u8]) -> Result<Vec<(String, String)>, BodyFault> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for piece in bytes.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty()) {
        let end = piece.iter().position(|byte| *byte == b'=').unwrap_or(piece.len());
        let (name, value) = piece.split_at_checked(end).ok_or(BodyFault::Malformed)?;
        let name = decode(name)?;
        let value = decode(value.strip_prefix(b"=").unwrap_or(value))?;
        if !seen.insert(name.clone()) {
            return Err(BodyFault::Repeated);
        }
        pairs.push((name, value));
    }
    Ok(pairs)
}

/// One name or value: `+` is a blank, `%XX` a byte. Also what each part of OAuth's Basic may be in.
///
/// # Errors
/// `Malformed`.
pub fn decode(bytes: &[u8]) -> Result<String, BodyFault> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|digit| char::from(*digit).to_digit(16));
                let (high, low) = (digit(), digit());
                let code = high.zip(low).map(|(high, low)| high * 16 + low).ok_or(BodyFault::Malformed)?;
                u8::try_from(code).map_err(|_| BodyFault::Malformed)?
            }
            byte => *byte,
        });
    }
    String::from_utf8(out).ok().filter(|text| !text.contains('\0')).ok_or(BodyFault::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_escapes() {
        let form = Form(parse(b"a=x+y%20z&b=%2B%26%25&c=&d&=e&f=1=2").unwrap());
        assert_eq!(form.get("a"), Some("x y z"));
        assert_eq!(form.get("b"), Some("+&%"));
        assert_eq!(form.get("c"), None);
        assert_eq!(form.get("d"), None);
        assert_eq!(form.get("f"), Some("1=2"));
    }

    #[test]
    fn what_is_broken_is_refused() {
        for text in ["a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", "%=1", "a=%+1", "a=\u{0}"] {
            assert_eq!(parse(text.as_bytes()).err(), Some(BodyFault::Malformed), "{text:?}");
        }
        assert_eq!(parse(b"scope=a&%73cope=b").err(), Some(BodyFault::Repeated));
        assert_eq!(parse(b"").unwrap(), []);
    }
}
