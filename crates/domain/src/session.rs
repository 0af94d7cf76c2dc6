//! One interactive sign-in, and the refresh tokens that may come with it.

use std::time::Duration;

use crate::ids::{ClientUid, FamilyId, SessionId, TenantId, UserId};
use crate::time::Timestamp;

/// Through which door a session was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// `/v1/sign-in`: an `hs_…` token with an idle limit.
    Native,
    /// The OAuth password grant: a refresh family, no idle limit.
    Oauth,
    /// Frontegg's sign-in: a refresh family, no idle limit.
    Frontegg,
}

impl Opening {
    pub const ALL: [Self; 3] = [Self::Native, Self::Oauth, Self::Frontegg];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Oauth => "oauth",
            Self::Frontegg => "frontegg",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub number: i64,
    pub user: UserId,
    /// `None`: an operator's, above all tenants.
    pub tenant: Option<TenantId>,
    pub client: Option<ClientUid>,
    pub opening: Opening,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    /// `None`: no idle limit.
    pub idle: Option<Duration>,
    /// The absolute end; with a refresh family, the end of its newest token where that is earlier.
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub user_agent: String,
    pub ip: String,
    /// Place of the sign-in for people to read, `""` when unknown.
    pub place: String,
    /// A second factor was given.
    pub mfa: bool,
}

impl Session {
    /// `min(last use + idle, absolute end)`.
    pub fn ends_at(&self) -> Timestamp {
        self.idle.map_or(self.expires_at, |idle| self.last_used_at.plus(idle).min(self.expires_at))
    }

    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.ends_at()
    }
}

/// What the store knows of a refresh token; the token itself is nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    pub digest: [u8; 32],
    pub family: FamilyId,
    pub expires_at: Timestamp,
    pub rotated_at: Option<Timestamp>,
}

/// What a presented refresh token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented {
    /// Never rotated: make its successor.
    Fresh,
    /// Rotated a moment ago, successor unused: the reply was lost, give the same successor.
    LostReply,
    Expired,
    /// Stolen, or a client gone wild: the family ends.
    Reused,
}

impl RefreshToken {
    /// Judges a presentation (design.md §5: rotation, grace, reuse).
    pub fn judge(&self, now: Timestamp, grace: Duration, successor_used: bool) -> Presented {
        match self.rotated_at {
            Some(at) if successor_used || now > at.plus(grace) => Presented::Reused,
            _ if now >= self.expires_at => Presented::Expired,
            Some(_) => Presented::LostReply,
            None => Presented::Fresh,
        }
    }
}

/// A family: all refresh tokens of one sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    pub id: FamilyId,
    pub session: SessionId,
    pub client: Option<ClientUid>,
    pub opening: Opening,
    /// What was first granted, names joined by blanks.
    pub scope: String,
    pub ended_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_000);

    fn token(rotated_at: Option<i64>) -> RefreshToken {
        RefreshToken {
            digest: [7; 32],
            family: FamilyId::from_uuid(uuid::Uuid::max()),
            expires_at: Timestamp::from_secs(2_000),
            rotated_at: rotated_at.map(Timestamp::from_secs),
        }
    }

    #[test]
    fn grace_and_reuse() {
        let grace = Duration::from_secs(10);
        assert_eq!(token(None).judge(NOW, grace, false), Presented::Fresh);
        assert_eq!(token(Some(990)).judge(NOW, grace, false), Presented::LostReply);
        assert_eq!(token(Some(990)).judge(NOW, grace, true), Presented::Reused);
        assert_eq!(token(Some(989)).judge(NOW, grace, false), Presented::Reused);
        assert_eq!(token(None).judge(Timestamp::from_secs(2_000), grace, false), Presented::Expired);
        assert_eq!(token(Some(989)).judge(Timestamp::from_secs(3_000), grace, false), Presented::Reused);
    }
}
