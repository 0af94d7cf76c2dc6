//! Permissions, patterns of them, and the catalogue of those that Herald itself asks for.

use std::borrow::Cow;
use std::fmt;

use crate::ids::{PermissionId, well_known};

/// `resource:verb`, e.g. `users:write`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Permission(Cow<'static, str>);

/// A permission, or its beginning and a trailing `*` that matches all that follows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Pattern(Cow<'static, str>);

/// The OAuth scopes that permissions ask for: to read, and to do anything else.
pub const SCOPES: [&str; 2] = ["read", "write"];

macro_rules! catalogue {
    ($($name:ident = $key:literal, $description:literal;)*) => {
        impl Permission {
            $(pub const $name: Self = Self(Cow::Borrowed($key));)*
        }

        /// Herald's own permissions with what each allows, in the order of their keys.
        pub const CATALOGUE: &[(Permission, &str)] = &[$((Permission::$name, $description),)*];
    };
}

catalogue! {
    AGENTS_READ = "agents:read", "See what agents did";
    AGENTS_WRITE = "agents:write", "Report what agents did";
    AUDIT_READ = "audit:read", "Read the audit trail of the tenant";
    BILLING_READ = "billing:read", "See billing identifiers";
    BILLING_WRITE = "billing:write", "Change billing identifiers";
    DECISIONS_READ = "decisions:read", "Ask what others may do, and why";
    ENDPOINTS_READ = "endpoints:read", "See the endpoint inventory";
    ENDPOINTS_WRITE = "endpoints:write", "Change the endpoint inventory";
    ROLES_READ = "roles:read", "See roles and their permissions";
    ROLES_WRITE = "roles:write", "Make and change custom roles";
    SESSIONS_ADMIN = "sessions:admin", "See and end sessions of members";
    TENANTS_WRITE = "tenants:write", "Change the tenant itself";
    THREATS_READ = "threats:read", "See threats";
    THREATS_WRITE = "threats:write", "Act on threats";
    TOKENS_ADMIN = "tokens:admin", "See and end tokens of others and of the tenant";
    TOKENS_READ = "tokens:read", "See one's own tokens";
    TOKENS_WRITE = "tokens:write", "Make and end one's own tokens";
    USERS_READ = "users:read", "See the members of the tenant";
    USERS_WRITE = "users:write", "Change the members of the tenant";
}

impl Permission {
    /// To see what is the operators' alone. Asked above all tenants, where no role grants anything; no role can name it.
    pub const INSTALLATION_READ: Self = Self(Cow::Borrowed("installation:read"));
    /// To change it.
    pub const INSTALLATION_WRITE: Self = Self(Cow::Borrowed("installation:write"));

    /// 3 to 128 characters: `resource:verb`, each part of `a-z 0-9 - _ .`.
    pub fn parse(raw: &str) -> Option<Self> {
        let (resource, verb) = raw.split_once(':')?;
        (raw.len() <= 128 && is_part(resource) && is_part(verb)).then(|| Self(Cow::Owned(raw.to_owned())))
    }

    /// Whether it is the operators' alone, whatever pattern matches it.
    pub fn is_of_installation(&self) -> bool {
        self.0.starts_with("installation:")
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The OAuth scope that a credential bound by scopes needs for it: `read` for what reads, `write` for the rest.
    pub fn scope(&self) -> &'static str {
        let [read, write] = SCOPES;
        if self.0.ends_with(":read") { read } else { write }
    }

    pub fn id(&self) -> PermissionId {
        PermissionId::from_uuid(well_known("permission", &self.0))
    }
}

impl Pattern {
    pub const EVERYTHING: Self = Self(Cow::Borrowed("*"));

    /// A permission, `resource:*`, `resource:beginning*` or `*`.
    pub fn parse(raw: &str) -> Option<Self> {
        let fits = match raw.strip_suffix('*') {
            None => Permission::parse(raw).is_some(),
            Some("") => true,
            Some(stem) => match stem.split_once(':') {
                None => is_part(stem),
                Some((resource, verb)) => is_part(resource) && (verb.is_empty() || is_part(verb)),
            },
        };
        (fits && raw.len() <= 128).then(|| Self(Cow::Owned(raw.to_owned())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn matches(&self, permission: &Permission) -> bool {
        match self.0.strip_suffix('*') {
            Some(stem) => permission.0.starts_with(stem),
            None => self.0 == permission.0,
        }
    }

    /// Whether everything that `other` matches is matched by this one too.
    pub fn covers(&self, other: &Self) -> bool {
        match self.0.strip_suffix('*') {
            Some(stem) => other.0.trim_end_matches('*').starts_with(stem),
            None => self.0 == other.0,
        }
    }

    pub fn is_wild(&self) -> bool {
        self.0.ends_with('*')
    }
}

impl From<Permission> for Pattern {
    fn from(permission: Permission) -> Self {
        Self(permission.0)
    }
}

fn is_part(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    !text.is_empty() && text.chars().all(fits)
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(raw: &str) -> Pattern {
        Pattern::parse(raw).unwrap()
    }

    #[test]
    fn a_trailing_star_matches_all_that_follows() {
        let read = Permission::parse("devices:read").unwrap();
        for yes in ["*", "devices:*", "devices:re*", "dev*", "devices:read"] {
            assert!(pattern(yes).matches(&read), "{yes}");
        }
        for no in ["device:*", "devices:write", "devices:read-all"] {
            assert!(!pattern(no).matches(&read), "{no}");
        }
    }

    #[test]
    fn covering_is_matching_of_patterns() {
        assert!(pattern("devices:*").covers(&pattern("devices:read")));
        assert!(pattern("*").covers(&pattern("devices:*")));
        assert!(!pattern("devices:read").covers(&pattern("devices:*")));
        assert!(!pattern("devices:read").covers(&pattern("devices:re*")));
    }

    #[test]
    fn malformed_patterns_are_refused() {
        for bad in ["", "a", "a:", ":b", "a:*b", "**", "A:read", "a:b c", "a:b:c"] {
            assert!(Pattern::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_catalogue_is_sorted_and_well_formed() {
        assert!(CATALOGUE.is_sorted_by(|a, b| a.0 < b.0));
        assert!(
            CATALOGUE.iter().all(|(p, text)| Permission::parse(p.as_str()).is_some() && !text.is_empty())
        );
    }
}
