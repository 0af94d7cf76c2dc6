//! Identifiers: UUID v7 for rows that are made, UUID v5 for built-in roles and permissions.

use std::fmt;

use uuid::{Builder, Uuid};

use crate::{Clock, Rng};

/// A new UUID v7 (RFC 9562 §5.7) of the clock's moment.
pub fn new_v7(clock: &dyn Clock, rng: &dyn Rng) -> Uuid {
    let mut chance = [0_u8; 10];
    rng.fill(&mut chance);
    let millis = u64::try_from(clock.now().as_millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &chance).into_uuid()
}

/// UUID v5 in the URL namespace over `urn:herald:<kind>:<key>`: the same on every installation.
pub fn well_known(kind: &str, key: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("urn:herald:{kind}:{key}").as_bytes())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }

            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Any of the textual forms of a UUID with hyphens, in any case; `None` for other text.
            pub fn parse(text: &str) -> Option<Self> {
                if text.len() != 36 {
                    return None;
                }
                Uuid::try_parse(text).ok().map(Self)
            }

            pub fn generate(clock: &dyn Clock, rng: &dyn Rng) -> Self {
                Self(new_v7(clock, rng))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )*};
}

ids! {
    TenantId
    SiteId
    UserId
    RoleId
    PermissionId
    SessionId
    /// An API key or a signed API token; of the latter also its `jti`.
    TokenId
    /// A family of refresh tokens: one interactive sign-in through OAuth or Frontegg.
    FamilyId
    /// The row of an OAuth client; its `client_id` is free text.
    ClientUid
    WebhookId
    /// A link that somebody is sent: an invitation, a password reset.
    LinkId
    /// The `jti` of an access token.
    AccessTokenId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_ids_are_those_of_the_contract() {
        assert_eq!(well_known("role", "admin").to_string(), "835c4ecd-a600-5d31-befa-e60a67f961d0");
        assert_eq!(well_known("role", "guest").to_string(), "8d11ea39-18ae-58b9-8ba2-02f5123ee23e");
        assert_eq!(
            well_known("permission", "devices:read").to_string(),
            "4a2a1306-f398-56ff-a08d-6b440a78737a"
        );
    }

    #[test]
    fn only_the_hyphenated_form_is_an_id() {
        let text = "835C4ECD-a600-5d31-befa-e60a67f961d0";
        assert_eq!(RoleId::parse(text).map(|id| id.to_string()), Some(text.to_lowercase()));
        for bad in ["", "x", "835c4ecda6005d31befae60a67f961d0", "{835c4ecd-a600-5d31-befa-e60a67f961d0}"] {
            assert_eq!(RoleId::parse(bad), None, "{bad}");
        }
    }
}
