//! What the use cases are told once, at start.

use std::time::Duration;

use domain::lockout;
use secrecy::SecretString;

use crate::jwt::Algorithm;
use crate::mail::MailConfig;
use crate::passwords::{HasherConfig, MAX_PASSWORD_BYTES};

#[derive(Clone, Debug)]
pub struct Config {
    /// `iss` of every JWT, without a trailing slash.
    pub public_url: String,
    /// `None`: made on first start.
    pub vendor_id: Option<uuid::Uuid>,
    pub sessions: SessionLimits,
    pub tokens: TokenLimits,
    /// How long a node may answer from its read model without having heard from the feed.
    pub revocation_bound: Duration,
    pub lockout: lockout::Policy,
    pub passwords: PasswordLimits,
    pub hasher: HasherConfig,
    /// `None`: no mail; links are handed to who asked for them.
    pub mail: Option<MailConfig>,
    pub stigg_signing_secret: Option<SecretString>,
    /// Names that the Aegis dialect knows as providers.
    pub aegis_providers: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    pub idle: Duration,
    pub absolute: Duration,
}

#[derive(Clone, Copy, Debug)]
pub struct TokenLimits {
    pub access_ttl: Duration,
    pub refresh_ttl: Duration,
    pub refresh_grace: Duration,
    pub max_ttl: Duration,
    pub algorithm: Algorithm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordLimits {
    /// Characters of a new password at least.
    pub min_length: usize,
    /// Bytes of any password at most.
    pub max_bytes: usize,
}

impl PasswordLimits {
    /// Of these, what the pool can hash: a longer password of a world file is a fault with its line.
    #[must_use]
    pub fn hashable(self) -> Self {
        Self { max_bytes: self.max_bytes.min(MAX_PASSWORD_BYTES), ..self }
    }
}

impl Config {
    /// The defaults of every setting (world.md), for an installation reached at `public_url`.
    pub fn at(public_url: impl Into<String>) -> Self {
        const DAY: u64 = 24 * 60 * 60;
        let minutes = |n: u64| Duration::from_secs(n * 60);
        Self {
            public_url: public_url.into(),
            vendor_id: None,
            sessions: SessionLimits { idle: minutes(12 * 60), absolute: Duration::from_secs(30 * DAY) },
            tokens: TokenLimits {
                access_ttl: minutes(60),
                refresh_ttl: Duration::from_secs(30 * DAY),
                refresh_grace: Duration::from_secs(10),
                max_ttl: Duration::from_secs(365 * DAY),
                algorithm: Algorithm::Es256,
            },
            revocation_bound: Duration::from_secs(1),
            lockout: lockout::Policy { attempts: 10, window: minutes(15), duration: minutes(15) },
            passwords: PasswordLimits { min_length: 12, max_bytes: 1024 },
            hasher: HasherConfig::default(),
            mail: None,
            stigg_signing_secret: None,
            aegis_providers: vec!["local".to_owned()],
        }
    }
}
