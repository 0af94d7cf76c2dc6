//! What a world file says, row by row.
//!
//! A key that the file does not name is `None` and leaves the row's value alone; defaults count only when a row is made.
//! An optional text that is named and empty takes the value away. References are names: tenant, site and role keys, and
//! e-mail addresses in their one form.

use domain::client::Scopes;
use domain::endpoint::AccessSet;
use domain::permission::{Pattern, Permission as PermissionKey};
use domain::role::Builtin;
use domain::tenant::MfaEnforcement;
use domain::token::Utility;
use domain::{EmailAddress, SiteId, TenantId, Timestamp, TokenId, UserId};
use ipnet::IpNet;
use secrecy::{SecretSlice, SecretString};
use uuid::Uuid;

use super::faults::Place;

/// A whole file, in its own order: every name in it is there, and no identity stands twice.
#[derive(Debug, Default)]
pub struct World {
    pub permissions: Vec<Permission>,
    pub roles: Vec<Role>,
    pub tenants: Vec<Tenant>,
    pub users: Vec<User>,
    pub clients: Vec<Client>,
    pub tokens: Vec<Token>,
    pub webhooks: Vec<Webhook>,
    pub networks: Vec<Network>,
    pub endpoints: Vec<Endpoint>,
    pub activities: Vec<Activity>,
}

/// `[[permission]]`; one of the catalogue may be declared again.
#[derive(Debug)]
pub struct Permission {
    pub place: Place,
    pub key: PermissionKey,
    pub description: Option<String>,
}

/// A custom role; its key is no built-in role's.
#[derive(Debug)]
pub struct Role {
    pub place: Place,
    pub key: String,
    /// `None`: of the whole installation.
    pub tenant: Option<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub base: Option<Builtin>,
    pub permissions: Option<Vec<Pattern>>,
    /// Keys of roles that are built in, of the installation, or of the same tenant.
    pub assigns: Option<Vec<String>>,
    pub level: Option<i64>,
    pub is_default: Option<bool>,
    pub first_user: Option<bool>,
    pub collections: Option<Vec<i64>>,
    pub default_invite: Option<bool>,
    pub features: Option<Vec<String>>,
}

/// `[[tenant]]`
#[derive(Debug)]
pub struct Tenant {
    pub place: Place,
    pub key: String,
    pub name: String,
    pub id: Option<TenantId>,
    pub number: Option<i64>,
    pub features: Option<Vec<String>>,
    /// Name and limit, sorted by name.
    pub quotas: Option<Vec<(String, i64)>>,
    /// JSON text of an object.
    pub metadata: Option<String>,
    pub billing_id: Option<Uuid>,
    pub mfa: Option<Mfa>,
    pub lockout_attempts: Option<i64>,
    pub sites: Vec<Site>,
}

/// `mfa` of a tenant.
#[derive(Debug)]
pub struct Mfa {
    pub enforce: MfaEnforcement,
    pub remember_device: Option<bool>,
    /// Seconds.
    pub device_ttl: Option<i64>,
}

/// `[[tenant.site]]`
#[derive(Debug)]
pub struct Site {
    pub place: Place,
    pub key: String,
    pub name: String,
    pub id: Option<SiteId>,
}

/// `[[user]]`
#[derive(Debug)]
pub struct User {
    pub place: Place,
    pub email: EmailAddress,
    /// At most one of the two.
    pub password: Option<SecretString>,
    /// PHC or bcrypt.
    pub password_hash: Option<SecretString>,
    pub id: Option<UserId>,
    pub number: Option<i64>,
    pub name: Option<String>,
    pub first_name: Option<String>,
    pub middle_name: Option<String>,
    pub last_name: Option<String>,
    pub phone: Option<String>,
    pub picture: Option<String>,
    pub kind: Option<String>,
    pub group: Option<String>,
    pub verified: Option<bool>,
    pub active: Option<bool>,
    pub locked: Option<bool>,
    pub operator: Option<bool>,
    pub super_user: Option<bool>,
    pub invisible: Option<bool>,
    pub mfa_bypass: Option<bool>,
    /// The seed's bytes, at least 16.
    pub totp_secret: Option<SecretSlice<u8>>,
    /// The same as an export wrote it, sealed for the id that the row gives.
    pub totp_sealed: Option<Vec<u8>>,
    pub default_tenant: Option<String>,
    /// Of the default tenant, which is then named too.
    pub default_site: Option<String>,
    /// JSON text of an object.
    pub metadata: Option<String>,
    /// JSON text of an object.
    pub vendor_metadata: Option<String>,
    pub managed_by: Option<String>,
    pub created_by: Option<String>,
    pub provider: Option<String>,
    pub memberships: Vec<Membership>,
}

/// `[[user.membership]]`
#[derive(Debug)]
pub struct Membership {
    pub place: Place,
    pub tenant: String,
    /// Without repeats, in the file's order.
    pub roles: Vec<String>,
    pub sites: Option<Vec<String>>,
    pub active: Option<bool>,
    pub expires_at: Option<Timestamp>,
}

/// What a program shows to be known by.
#[derive(Debug)]
pub enum Secret {
    Text(SecretString),
    /// SHA-256 of it.
    Digest(Digest),
}

/// SHA-256 of a secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digest(…)")
    }
}

/// `[[client]]`; without a secret a public one.
#[derive(Debug)]
pub struct Client {
    pub place: Place,
    /// What it calls itself on the wire.
    pub id: String,
    pub secret: Option<Secret>,
    pub name: Option<String>,
    pub grants: Vec<String>,
    /// In the client's order, without repeats.
    pub scopes: Option<Vec<String>>,
    pub redirect_uris: Option<Vec<String>>,
    pub environment: Option<bool>,
}

/// `[[token]]`; a secret in it fits a header and is no other token's.
#[derive(Debug)]
pub struct Token {
    pub place: Place,
    /// `None`: the tenant's own.
    pub owner: Option<EmailAddress>,
    pub tenant: String,
    pub id: Option<TokenId>,
    pub number: Option<i64>,
    pub name: Option<String>,
    pub utility: Option<Utility>,
    /// The cap.
    pub role: Option<String>,
    /// Of [`SCOPES`](domain::permission::SCOPES), at least one.
    pub scopes: Option<Scopes>,
    /// Of a tenant's own only.
    pub roles: Option<Vec<String>>,
    pub secret: Option<Secret>,
    /// The secret as an export wrote it, sealed for the id that the row gives.
    pub sealed: Option<Vec<u8>>,
    pub created_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub revealable: Option<bool>,
}

/// `[[webhook]]`
#[derive(Debug)]
pub struct Webhook {
    pub place: Place,
    pub owner: EmailAddress,
    pub tenant: String,
    pub name: String,
    pub url: String,
    /// `SLACK`.
    pub kind: String,
}

/// `[[network]]`: what decides access types.
#[derive(Debug)]
pub struct Network {
    pub place: Place,
    pub tenant: String,
    pub private: Option<Vec<IpNet>>,
    pub partner: Option<Vec<IpNet>>,
}

/// `[[endpoint]]`
#[derive(Debug)]
pub struct Endpoint {
    pub place: Place,
    pub tenant: String,
    pub collection: i64,
    pub method: String,
    pub url: String,
    pub access: AccessSet,
}

/// `[[activity]]`
#[derive(Debug)]
pub struct Activity {
    pub place: Place,
    pub tenant: String,
    pub agent: String,
    pub device: String,
    pub user: String,
    pub domain: Option<String>,
    pub topic: Option<String>,
    pub input_tokens: Option<i64>,
    pub output_tokens: Option<i64>,
    /// Its category.
    pub harmful: Option<String>,
    pub reason: Option<String>,
    pub at: Option<Timestamp>,
}
