use domain::ClientUid;
use secrecy::ExposeSecret;
use store::world::client::{self, Client};
use store::{ReadTx, StoreError};

use super::draft::Draft;
use super::given::{ORIGIN, over, text};
use super::step::What;
use crate::world::file;

pub(super) type Found = Option<Client>;

pub(super) async fn find(tx: &mut ReadTx<'_>, row: &file::Client) -> Result<Found, StoreError> {
    client::by_client_id(tx, &row.id).await
}

pub(super) fn compare(d: &mut Draft<'_>, row: &file::Client, before: &Found) {
    let mut after = before.clone().unwrap_or_else(|| Client {
        id: ClientUid::from_uuid(d.ctx.new_id()),
        client_id: row.id.clone(),
        secret_digest: None,
        secret_bytes: None,
        name: None,
        grants: Vec::new(),
        scopes: Vec::new(),
        redirect_uris: Vec::new(),
        environment: false,
        origin: ORIGIN.to_owned(),
        created_at: d.now,
        updated_at: d.now,
    });
    text(&mut after.name, row.name.as_ref());
    over(&mut after.grants, Some(&row.grants));
    over(&mut after.scopes, row.scopes.as_ref());
    over(&mut after.redirect_uris, row.redirect_uris.as_ref());
    over(&mut after.environment, row.environment.as_ref());
    if let Some(secret) = &row.secret {
        keep(&mut after, secret);
    }
    let id = after.id.uuid();
    d.put(What::new("client", shown(&row.id)).on(id).cached(id), before.as_ref(), &after, Vec::new());
}

/// The length is known of a secret that is given in clear, and stays known while its digest is the same.
fn keep(after: &mut Client, secret: &file::Secret) {
    let digest = secret.digest().to_vec();
    let same = after.secret_digest.as_ref() == Some(&digest);
    match secret {
        file::Secret::Text(text) => after.secret_bytes = i64::try_from(text.expose_secret().len()).ok(),
        file::Secret::Digest(_) if same => {}
        file::Secret::Digest(_) => after.secret_bytes = None,
    }
    after.secret_digest = Some(digest);
}

/// An id may hold blanks; then it stands in quotes.
fn shown(id: &str) -> String {
    if id.contains(' ') { format!("{id:?}") } else { id.to_owned() }
}
