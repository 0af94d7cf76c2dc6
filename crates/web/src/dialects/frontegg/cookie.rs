//! The refresh cookie (frontegg.md §4): its three names, how it is read, set and cleared.

use std::time::Duration;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// Named after the environment, so that the clients of two installations on one host keep apart.
pub struct RefreshCookie {
    /// The client id without its first dash, which is the one that is set; without any; with all.
    names: [String; 3],
    /// Whether browsers may send it over TLS alone.
    secure: bool,
}

impl RefreshCookie {
    /// `public_url` says whether Herald is reached by TLS.
    pub fn new(client_id: &str, public_url: &str) -> Self {
        let id: String = client_id.chars().map(|c| if is_token(c) { c } else { '_' }).collect();
        let ids = [id.replacen('-', "", 1), id.replace('-', ""), id];
        Self {
            names: ids.map(|id| format!("fe_refresh_{id}")),
            secure: public_url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://")),
        }
    }

    /// The refresh token that was sent; the name that Herald sets counts before the others, since only it rotates.
    pub fn read<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        self.names.iter().find_map(|name| value(headers, name))
    }

    pub fn set(&self, token: &str, lives: Duration) -> HeaderValue {
        let [name, ..] = &self.names;
        self.header(name, token, lives.as_secs())
    }

    /// Takes the cookie back, under every name that was sent.
    pub fn clear(&self, headers: &HeaderMap) -> Vec<HeaderValue> {
        let [own, others @ ..] = &self.names;
        let sent = others.iter().filter(|name| *name != own && value(headers, name).is_some());
        std::iter::once(own).chain(sent).map(|name| self.header(name, "", 0)).collect()
    }

    fn header(&self, name: &str, token: &str, max_age: u64) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age}{secure}");
        // Name and token are plain ASCII by now.
        HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
    }
}

/// RFC 9110 §5.6.2, of which names of cookies are made; a client id may have more.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// The first cookie of that name with a value, over all `Cookie` lines (HTTP/2 may split them, RFC 9113 §8.2.3).
fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).iter();
    let pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(|pair| std::str::from_utf8(pair).ok()?.split_once('=')).find_map(|(key, value)| {
        let value = value.trim_ascii();
        let value = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
        (key.trim_ascii() == name && !value.is_empty()).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "7f4b6f0e-52c4-4c37-8f0a-2d6c1c5b9e01";

    fn sent(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (COOKIE, line.parse().unwrap())).collect()
    }

    fn read(lines: &[&str]) -> Option<String> {
        RefreshCookie::new(ID, "http://127.0.0.1").read(&sent(lines)).map(str::to_owned)
    }

    #[test]
    fn three_names_are_read() {
        for name in [
            "fe_refresh_7f4b6f0e52c4-4c37-8f0a-2d6c1c5b9e01",
            "fe_refresh_7f4b6f0e52c44c378f0a2d6c1c5b9e01",
            "fe_refresh_7f4b6f0e-52c4-4c37-8f0a-2d6c1c5b9e01",
        ] {
            assert_eq!(read(&[&format!("a=b; {name}=hr_x; c=d")]).as_deref(), Some("hr_x"), "{name}");
            assert_eq!(read(&["a=b", &format!("{name}=\"hr_x\"")]).as_deref(), Some("hr_x"), "{name}");
            assert_eq!(read(&[&format!("{name}=")]), None, "{name}");
        }
    }

    #[test]
    fn no_other_cookie_is_read() {
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["", ";;", "=x", "fe_refresh_=x", "fe_refresh=x", "\u{fc}=x"]), None);
        assert_eq!(read(&["FE_REFRESH_7f4b6f0e52c4-4c37-8f0a-2d6c1c5b9e01=x"]), None);
        assert_eq!(read(&["xfe_refresh_7f4b6f0e52c4-4c37-8f0a-2d6c1c5b9e01=x"]), None);
    }

    #[test]
    fn the_name_that_is_set_counts_first() {
        let old = "fe_refresh_7f4b6f0e-52c4-4c37-8f0a-2d6c1c5b9e01=old";
        let new = "fe_refresh_7f4b6f0e52c4-4c37-8f0a-2d6c1c5b9e01=new";
        assert_eq!(read(&[&format!("{old}; {new}")]).as_deref(), Some("new"));
    }

    #[test]
    fn what_is_set_and_cleared() {
        let cookie = RefreshCookie::new(ID, "https://id.example");
        assert_eq!(
            cookie.set("hr_x", Duration::from_hours(1)),
            "fe_refresh_7f4b6f0e52c4-4c37-8f0a-2d6c1c5b9e01=hr_x; Path=/; HttpOnly; SameSite=Strict; \
             Max-Age=3600; Secure"
        );
        let cleared = cookie.clear(&sent(&["fe_refresh_7f4b6f0e52c44c378f0a2d6c1c5b9e01=x"]));
        assert_eq!(cleared.len(), 2);
        assert!(cleared.iter().all(|header| header.to_str().unwrap().contains("=; Path=/;")));
        assert_eq!(cookie.clear(&HeaderMap::new()).len(), 1);
        let plain = RefreshCookie::new(ID, "http://id.example").set("hr_x", Duration::ZERO);
        assert!(!plain.to_str().unwrap().contains("Secure"));
    }

    #[test]
    fn any_client_id_makes_a_name() {
        let cookie = RefreshCookie::new("my shop; \"a\"=b", "http://h");
        assert_eq!(
            cookie.set("t", Duration::ZERO).to_str().unwrap().split(';').next(),
            Some("fe_refresh_my_shop___a__b=t")
        );
    }
}
