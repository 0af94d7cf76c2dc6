//! OAuth clients: programs that may ask for tokens. They are the operators'.

pub mod change;
pub mod create;
pub mod delete;
mod given;
pub mod list;
pub mod secret;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{ClientUid, Timestamp};
use secrecy::SecretString;
use store::world::client::Client;

use crate::Ctx;
use crate::principal::digest;

pub use given::Given;

/// A client, without what proves it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub uid: ClientUid,
    /// What it calls itself on the wire.
    pub client_id: String,
    pub name: Option<String>,
    pub grants: Vec<String>,
    pub scopes: Vec<String>,
    pub redirect_uris: Vec<String>,
    /// May call the vendor operations of the Frontegg dialect.
    pub environment: bool,
    /// Has no secret.
    pub public: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

fn shown(row: Client) -> Shown {
    Shown {
        uid: row.id,
        client_id: row.client_id,
        name: row.name,
        grants: row.grants,
        scopes: row.scopes,
        redirect_uris: row.redirect_uris,
        environment: row.environment,
        public: row.secret_digest.is_none(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// A new secret of 256 bits, whose digest the row then has.
fn equip(ctx: &Ctx, row: &mut Client) -> SecretString {
    let text = URL_SAFE_NO_PAD.encode(ctx.chance::<32>());
    row.secret_digest = Some(digest(&text).to_vec());
    row.secret_bytes = i64::try_from(text.len()).ok();
    text.into()
}
