//! The JSON of Insights, field for field (insights.md §4).

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// The user who calls. Every key is always there, null where nothing is known.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    #[schema(required)]
    pub name: Option<String>,
    #[schema(required)]
    pub first_name: Option<String>,
    #[schema(required)]
    pub last_name: Option<String>,
    #[schema(required)]
    pub middle_name: Option<String>,
    pub email: String,
    /// Equals `email`.
    pub email_address: String,
    #[schema(required)]
    pub phone: Option<String>,
    /// Not in use: always null.
    #[schema(value_type = Option<String>, required)]
    pub password: (),
    #[schema(required)]
    pub created_by: Option<String>,
    /// As `createdBy` until someone changes the user, then that person's e-mail, or `system`.
    #[schema(required)]
    pub last_updated_by: Option<String>,
    #[schema(example = "USER")]
    pub user_type: String,
    /// `LOCAL`, or the name of an identity provider in upper case.
    #[schema(example = "LOCAL")]
    pub authentication_type: String,
    /// `<tenant id>:<name>`.
    #[schema(required)]
    pub default_org: Option<String>,
    /// One object `{"<tenant id>:<name>": "<site id>:<name>"}`, or nothing.
    pub default_site: Vec<BTreeMap<String, String>>,
    /// `yyyy-MM-ddTHH:mm:ss.SSSZ`, UTC.
    pub last_user_update_time: String,
    /// The newest interactive sign-in, in the same form.
    #[schema(required)]
    pub last_login_time: Option<String>,
    #[schema(required)]
    pub group: Option<String>,
    /// `<tenant id>:<name>` to what the user may there, by the tenant's number.
    #[serde(serialize_with = "in_order")]
    #[schema(value_type = BTreeMap<String, Vec<Privileges>>)]
    pub org_privilege_map: Vec<(String, [Privileges; 1])>,
}

/// What a user may in one tenant.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Privileges {
    /// `<site id>:<name>`, by name.
    pub site_list: Vec<String>,
    /// Keys of the roles, sorted.
    pub roles: Vec<String>,
    /// Permission patterns of the roles, sorted, without repeats.
    pub privileges: Vec<String>,
}

/// A map whose keys stand in the order of the list.
fn in_order<S: Serializer>(pairs: &[(String, [Privileges; 1])], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}
