use domain::client::GRANTS;
use secrecy::SecretString;

use super::fields::Fields;
use super::nearest::quoted;
use super::{NAME, distinct, kind};
use crate::world::file::{Client, Digest, Secret};

/// `[[client]]`
pub(super) fn read(f: &mut Fields<'_>) -> Client {
    let row = Client {
        place: f.place.clone(),
        id: f.must("id", kind::client_id),
        secret: either(f.opt("secret", kind::client_secret), f.opt("secret_digest", kind::digest)),
        name: f.opt("name", kind::text(NAME)),
        grants: distinct(f.must_list("grants", kind::choice(&GRANTS))),
        scopes: f.list("scopes", kind::scope).map(distinct),
        redirect_uris: f.list("redirect_uris", kind::redirect_uri).map(distinct),
        environment: f.opt("environment", kind::flag),
    };
    f.not_both("secret", "secret_digest");
    f.identity(&["id"], "client ", row.id.clone(), &quoted(&row.id));
    row
}

/// The secret itself, or its digest; both at once is a fault of its own.
pub(super) fn either(text: Option<SecretString>, digest: Option<Digest>) -> Option<Secret> {
    text.map(Secret::Text).or(digest.map(Secret::Digest))
}
