//! A tenant: the wall nothing leaks through, and what it is entitled to.

use crate::Timestamp;
use crate::ids::{SiteId, TenantId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    pub id: TenantId,
    pub number: i64,
    pub key: String,
    pub name: String,
    /// Sorted, without repeats.
    pub features: Vec<String>,
    /// Name and limit, sorted by name.
    pub quotas: Vec<(String, i64)>,
    /// JSON text of an object.
    pub metadata: String,
    pub billing_id: Option<uuid::Uuid>,
    pub mfa: Option<MfaPolicy>,
    /// Failed sign-ins before a lockout, for users whose default tenant this is.
    pub lockout_attempts: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub id: SiteId,
    pub key: String,
    pub name: String,
}

/// Whether members must sign in with a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MfaEnforcement {
    DontForce,
    Force,
    ForceExceptSaml,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MfaPolicy {
    pub enforce: MfaEnforcement,
    pub remember_device: bool,
    /// Seconds.
    pub device_ttl: i64,
}

impl MfaPolicy {
    /// Seconds for which a device counts as known where a policy does not say (frontegg.md, `mfaDeviceExpiration`).
    pub const DEVICE_TTL: i64 = 1_209_600;
}

impl MfaEnforcement {
    pub const ALL: [Self; 3] = [Self::DontForce, Self::Force, Self::ForceExceptSaml];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DontForce => "DontForce",
            Self::Force => "Force",
            Self::ForceExceptSaml => "ForceExceptSAML",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.as_str() == text)
    }

    /// Whether a password sign-in needs a second factor under it.
    pub const fn binds_passwords(self) -> bool {
        matches!(self, Self::Force | Self::ForceExceptSaml)
    }
}
