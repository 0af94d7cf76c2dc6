//! The one form of an e-mail address, made once, before anything else looks at it.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Trimmed; domain IDNA (UTS 46, ASCII form) and lower-case; local part NFC and ASCII-lower-case.
/// At most 254 bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    TooLong,
    NoAt,
    LocalPart,
    Domain,
}

impl EmailAddress {
    pub const MAX_BYTES: usize = 254;

    /// # Errors
    /// `Malformed` says which part is at fault; the text itself is never repeated.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        let text = raw.trim();
        if text.len() > Self::MAX_BYTES {
            return Err(Malformed::TooLong);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(Malformed::NoAt)?;
        let address = format!("{}@{}", local_part(local)?, domain_part(domain)?);
        if address.len() > Self::MAX_BYTES {
            return Err(Malformed::TooLong);
        }
        Ok(Self(address))
    }

    /// Takes what a store holds, which was parsed when it was written.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The beginning of an address in the form of addresses. A domain that is not ASCII meets only whole.
pub(crate) fn prefix(raw: &str) -> String {
    let text: String = raw.trim().nfc().map(|c| c.to_ascii_lowercase()).collect();
    match text.rsplit_once('@') {
        Some((local, domain)) if !domain.is_ascii() => match domain_part(domain) {
            Ok(domain) => format!("{local}@{domain}"),
            Err(_) => text,
        },
        Some(_) | None => text,
    }
}

fn local_part(raw: &str) -> Result<String, Malformed> {
    let local: String = raw.nfc().map(|c| c.to_ascii_lowercase()).collect();
    let odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '@' | '<' | '>' | ',' | ';' | '"');
    if local.is_empty() || local.len() > 64 || local.contains(odd) {
        return Err(Malformed::LocalPart);
    }
    Ok(local)
}

fn domain_part(raw: &str) -> Result<String, Malformed> {
    let domain = idna::domain_to_ascii_strict(raw).map_err(|_| Malformed::Domain)?;
    let label_ok = |label: &str| !label.is_empty() && label.len() <= 63;
    if domain.is_empty() || domain.len() > 253 || !domain.split('.').all(label_ok) {
        return Err(Malformed::Domain);
    }
    Ok(domain)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress({})", self.0)
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "an e-mail address has at most 254 bytes",
            Self::NoAt => "an e-mail address has an @",
            Self::LocalPart => "the part before the @ is not valid",
            Self::Domain => "the part after the @ is not a domain",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(raw: &str) -> String {
        EmailAddress::parse(raw).map_or_else(|e| format!("{e:?}"), |a| a.to_string())
    }

    #[test]
    fn spellings_meet_in_one_form() {
        assert_eq!(form("  MIRA.Holt@Northwind.Example "), "mira.holt@northwind.example");
        assert_eq!(form("a+b@BÜCHER.example"), "a+b@xn--bcher-kva.example");
        assert_eq!(form("e\u{301}va@x.example"), form("\u{e9}va@x.example"));
        assert_eq!(form("admin@localhost"), "admin@localhost");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert_eq!(form("nobody"), "NoAt");
        assert_eq!(form("@x.example"), "LocalPart");
        assert_eq!(form("a b@x.example"), "LocalPart");
        assert_eq!(form("a\0@x.example"), "LocalPart");
        assert_eq!(form("a@"), "Domain");
        assert_eq!(form("a@x..example"), "Domain");
        assert_eq!(form(&format!("{}@x.example", "a".repeat(300))), "TooLong");
    }
}
