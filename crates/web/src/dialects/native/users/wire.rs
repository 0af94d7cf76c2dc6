//! Users and members on the wire.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::common;

/// A user as a whole.
#[derive(Serialize, ToSchema)]
pub struct Person {
    #[serde(flatten)]
    pub user: common::User,
    pub active: bool,
    pub locked: bool,
    /// Runs the installation.
    pub operator: bool,
}

/// A user with memberships; of tenants that are not the caller's to see there is nothing.
#[derive(Serialize, ToSchema)]
pub struct PersonInPlaces {
    #[serde(flatten)]
    pub person: Person,
    /// Id of the tenant that sign-ins go to.
    pub default_tenant: Option<Uuid>,
    pub memberships: Vec<Place>,
}

/// A membership, seen from the user.
#[derive(Serialize, ToSchema)]
pub struct Place {
    pub tenant: common::Tenant,
    #[serde(flatten)]
    pub seat: Seat,
}

/// What somebody is in a tenant.
#[derive(Serialize, ToSchema)]
pub struct Seat {
    /// Keys of the roles, strongest first.
    pub roles: Vec<String>,
    /// By name.
    pub sites: Vec<MemberSite>,
    pub active: bool,
    /// `null`: it does not end by itself.
    pub expires_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct MemberSite {
    pub id: Uuid,
    pub key: String,
    pub name: String,
}

/// A membership, seen from the tenant; live or not.
#[derive(Serialize, ToSchema)]
pub struct TenantMember {
    pub user: Person,
    #[serde(flatten)]
    pub seat: Seat,
    pub joined_at: String,
}

/// A user to be made.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewUser {
    #[schema(max_length = 254, format = "email")]
    email: String,
    #[schema(max_length = 255, format = "name")]
    name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    first_name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    middle_name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    last_name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    phone: Option<String>,
    #[schema(max_length = 4_095, format = "name")]
    picture: Option<String>,
    metadata: Option<Map<String, Value>>,
    /// Without one the user cannot sign in with a password yet.
    #[schema(format = "password")]
    password: Option<String>,
    /// Key or id of the tenant to be a member of; without it, that of the credential, and for an operator none.
    tenant: Option<String>,
    /// Keys or ids of roles there; without them, the default role.
    #[schema(max_items = 100)]
    roles: Option<Vec<String>>,
    /// Keys or ids of sites there.
    #[schema(max_items = 100)]
    sites: Option<Vec<String>>,
    /// Runs the installation; for operators to say.
    operator: Option<bool>,
}

/// What may be changed of a user; an absent field stays, `null` takes away what may be absent.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct UserChange {
    #[schema(max_length = 255, format = "name")]
    name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    first_name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    middle_name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    last_name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    phone: Option<String>,
    #[schema(max_length = 4_095, format = "name")]
    picture: Option<String>,
    /// Replaces all of it; 16 KiB at most.
    #[schema(nullable = false)]
    metadata: Option<Map<String, Value>>,
    /// A new one is not verified, unless `verified` says so too.
    #[schema(nullable = false, max_length = 254, format = "email")]
    email: Option<String>,
    /// The caller's; needed for another e-mail of one's own alone.
    #[schema(nullable = false, format = "password")]
    current_password: Option<String>,
    /// `true` is for operators to say: whoever has the mailbox shows it by a link that was mailed.
    #[schema(nullable = false)]
    verified: Option<bool>,
    #[schema(nullable = false)]
    active: Option<bool>,
    /// For operators to say.
    #[schema(nullable = false)]
    operator: Option<bool>,
    /// Key or id of a tenant that the user is a member of.
    default_tenant: Option<String>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct PasswordToSet {
    #[schema(format = "password")]
    password: String,
}

/// A member to be added: `user` or `email`.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewMember {
    /// Id of a user.
    #[schema(value_type = Option<Uuid>)]
    user: Option<String>,
    /// Address of a user who is there already.
    #[schema(max_length = 254, format = "email")]
    email: Option<String>,
    /// Keys or ids; without them, the default role.
    #[schema(max_items = 100)]
    roles: Option<Vec<String>>,
    /// Keys or ids.
    #[schema(max_items = 100)]
    sites: Option<Vec<String>>,
    /// RFC 3339, in the future; without it, the membership does not end by itself.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// `true` where it is not said.
    active: Option<bool>,
}

/// What may be changed of a membership; an absent field stays.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct MemberChange {
    /// Keys or ids of all roles that the member shall have.
    #[schema(nullable = false, max_items = 100)]
    roles: Option<Vec<String>>,
    /// Keys or ids of all sites.
    #[schema(nullable = false, max_items = 100)]
    sites: Option<Vec<String>>,
    /// RFC 3339; a moment that is over ends the membership at once, `null` takes the end away.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    #[schema(nullable = false)]
    active: Option<bool>,
}
