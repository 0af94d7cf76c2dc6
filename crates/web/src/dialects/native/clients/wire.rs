//! What `/v1/clients` takes and answers.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dialects::native::texts;

/// A program that may ask for tokens; never its secret.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the field's name is that of RFC 6749")]
pub struct Client {
    pub id: Uuid,
    /// What it calls itself on the wire.
    pub client_id: String,
    pub name: Option<String>,
    pub grants: Vec<String>,
    /// In its own order.
    pub scopes: Vec<String>,
    pub redirect_uris: Vec<String>,
    /// May call the vendor operations of the Frontegg dialect.
    pub environment: bool,
    /// Has no secret.
    pub public: bool,
    pub created_at: String,
    pub updated_at: String,
}

/// A new client, with its secret.
#[derive(Serialize, ToSchema)]
pub struct CreatedClient {
    /// 256 bits, shown this once; `null` for a public client.
    pub client_secret: Option<String>,
    #[serde(flatten)]
    pub row: Client,
}

#[derive(Serialize, ToSchema)]
pub struct ClientSecret {
    /// 256 bits, shown this once.
    pub client_secret: String,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewClient {
    /// 1 to 255 printable ASCII characters; without it, a UUID.
    #[schema(format = "client-id")]
    client_id: Option<String>,
    /// Without a secret.
    public: Option<bool>,
    #[schema(max_length = 256, format = "name")]
    name: Option<String>,
    /// Of `password`, `refresh_token`, `client_credentials`, `authorization_code`.
    #[schema(max_items = 100, value_type = Vec<texts::Grant>)]
    grants: Vec<String>,
    #[schema(max_items = 100, value_type = Option<Vec<texts::Scope>>)]
    scopes: Option<Vec<String>>,
    #[schema(max_items = 100, value_type = Option<Vec<texts::RedirectUri>>)]
    redirect_uris: Option<Vec<String>>,
    environment: Option<bool>,
}

/// What may be changed of a client; an absent field stays.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct ClientChange {
    /// `null` takes it away.
    #[schema(max_length = 256, format = "name")]
    name: Option<String>,
    #[schema(nullable = false, max_items = 100, value_type = Option<Vec<texts::Grant>>)]
    grants: Option<Vec<String>>,
    #[schema(nullable = false, max_items = 100, value_type = Option<Vec<texts::Scope>>)]
    scopes: Option<Vec<String>>,
    #[schema(nullable = false, max_items = 100, value_type = Option<Vec<texts::RedirectUri>>)]
    redirect_uris: Option<Vec<String>>,
    #[schema(nullable = false)]
    environment: Option<bool>,
}
