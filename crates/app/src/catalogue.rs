//! What dialects look up about the installation itself: its permissions, and the client that stands for it.

use std::sync::Arc;

use domain::Permission;
use domain::audit::{Actor, Origin};
use domain::client::Client;
use domain::permission::CATALOGUE;
use store::StoreError;
pub use store::permissions::Declared;

use crate::Ctx;
use crate::failure::Failure;

/// Every permission that exists here, by key. A change of it is fed under `store::feed::CATALOGUE`.
pub async fn permissions(ctx: &Ctx) -> Result<Vec<Declared>, StoreError> {
    ctx.store.read(|tx| Box::pin(store::permissions::all(tx))).await
}

/// Whether there is such a permission: Herald's own, the operators' (which no role can name, and no list shows), or
/// declared by a world. Of any other nothing is to be decided: `*` matches what is misspelt too.
///
/// # Errors
/// `Invalid` names `permission`.
pub(crate) async fn is_there(ctx: &Ctx, permission: &Permission) -> Result<(), Failure> {
    let of_operators = [Permission::INSTALLATION_READ, Permission::INSTALLATION_WRITE];
    if CATALOGUE.iter().any(|(own, _)| own == permission) || of_operators.contains(permission) {
        return Ok(());
    }
    let key = permission.as_str().to_owned();
    let declared: Result<_, StoreError> = ctx
        .store
        .read(move |tx| {
            let key = key.clone();
            Box::pin(async move { store::world::permission::by_key(tx, &key).await })
        })
        .await;
    match declared? {
        Some(_) => Ok(()),
        None => Err(Failure::invalid_field("permission", format!("{permission} is no permission here"))),
    }
}

/// The client whose id stands for the environment in Frontegg's dialect, where there is one.
pub async fn environment(ctx: &Ctx) -> Result<Option<Client>, StoreError> {
    ctx.store.read(|tx| Box::pin(store::clients::environment(tx))).await
}

/// Whether any client may ask for this grant.
pub async fn some_client_may(ctx: &Ctx, grant: &'static str) -> Result<bool, StoreError> {
    ctx.store.read(move |tx| Box::pin(store::clients::any_may(tx, grant))).await
}

/// Notes that somebody named a client without proving to be it. Audits `client.refused`.
pub async fn refused(ctx: &Ctx, origin: &Origin) -> Result<(), StoreError> {
    let event = ctx.event(Actor::ANONYMOUS, "client.refused", origin).because("client credentials").refused();
    ctx.store
        .write(move |tx| {
            let event = event.clone();
            Box::pin(async move { event.write(tx).await })
        })
        .await
}

/// A client that proved itself by its secret, or a public one that named itself.
///
/// # Errors
/// `None` for an unknown client, a wrong, missing or superfluous secret: the same answer.
pub async fn client(ctx: &Ctx, client_id: &str, secret: Option<&str>) -> Result<Option<Client>, StoreError> {
    let id: Arc<str> = client_id.into();
    let found = ctx
        .store
        .read(move |tx| {
            let id = Arc::clone(&id);
            Box::pin(async move { store::clients::by_client_id(tx, &id).await })
        })
        .await?;
    Ok(found.filter(|client| proves(client, secret)))
}

/// Secrets are compared as digests, in constant time.
fn proves(client: &Client, secret: Option<&str>) -> bool {
    use subtle::ConstantTimeEq;
    match (&client.secret_digest, secret) {
        (None, None) => true,
        (Some(kept), Some(secret)) => crate::principal::digest(secret).as_slice().ct_eq(kept).into(),
        (None, Some(_)) | (Some(_), None) => false,
    }
}
