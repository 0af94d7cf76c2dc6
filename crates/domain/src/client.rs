//! An OAuth client: a program that may ask for tokens.

use crate::ids::ClientUid;
use crate::permission::SCOPES;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub uid: ClientUid,
    /// What it calls itself on the wire.
    pub client_id: String,
    /// SHA-256 of its secret; `None`: a public client.
    pub secret_digest: Option<Vec<u8>>,
    pub name: Option<String>,
    pub grants: Vec<String>,
    /// In the client's order.
    pub scopes: Vec<String>,
    pub redirect_uris: Vec<String>,
    /// May call the vendor operations of the Frontegg dialect.
    pub environment: bool,
}

/// RFC 6749 §4.3, §4.4, §6.
pub const GRANTS: [&str; 4] = ["password", "refresh_token", CLIENT_CREDENTIALS, "authorization_code"];
/// For a program in its own name.
pub const CLIENT_CREDENTIALS: &str = "client_credentials";

/// Bytes of a `client_id`, of a URI.
const ID: usize = 255;
const URI: usize = 2_048;
/// A browser that follows one of these runs what it says, in whatever page it is.
const SCRIPTS: [&str; 3] = ["javascript", "data", "vbscript"];

/// RFC 6749 appendix A.1: printable ASCII, 1 to 255.
pub fn is_id(text: &str) -> bool {
    (1..=ID).contains(&text.len()) && text.chars().all(|c| (' '..='~').contains(&c))
}

/// RFC 6749 §3.3, without commas, since some clients separate scopes by them: 1 to 128.
pub fn is_scope(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | ',');
    (1..=128).contains(&text.len()) && text.chars().all(fits)
}

/// RFC 6749 §3.1.2: absolute, without fragment; apps have schemes of their own, but none that runs scripts.
pub fn is_redirect_uri(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let absolute = text.split_once(':').is_some_and(|(scheme, rest)| {
        let runs = SCRIPTS.iter().any(|script| scheme.eq_ignore_ascii_case(script));
        let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(fits);
        named && !runs && !rest.is_empty()
    });
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '#');
    absolute && plain && text.len() <= URI
}

impl Client {
    pub fn may(&self, grant: &str) -> bool {
        self.grants.iter().any(|g| g == grant)
    }
}

/// OAuth scopes in the order asked, without repeats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// Names between blanks or commas; repeats collapse.
    pub fn parse(text: &str) -> Self {
        let mut names: Vec<String> = Vec::new();
        for name in text.split([' ', ',']).filter(|name| !name.is_empty()) {
            if !names.iter().any(|n| n == name) {
                names.push(name.to_owned());
            }
        }
        Self(names)
    }

    pub fn of(names: &[String]) -> Self {
        Self(names.to_vec())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|n| n == name)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Those that Herald's own permissions ask for ([`SCOPES`]), in their order: what a token keeps of the credential that
    /// it is made with. Any other one is between a client and its resource server.
    #[must_use]
    pub fn of_permissions(&self) -> Self {
        Self(SCOPES.into_iter().filter(|name| self.has(name)).map(str::to_owned).collect())
    }

    /// Those that `allowed` names too, in the order they have here.
    #[must_use]
    pub fn among(mut self, allowed: &[String]) -> Self {
        self.0.retain(|name| allowed.contains(name));
        self
    }

    pub fn within(&self, granted: &Self) -> bool {
        self.0.iter().all(|name| granted.has(name))
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}
