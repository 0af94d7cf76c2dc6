//! The clients, by what they call themselves. Operators only (`installation:read`).

use domain::{ClientUid, Permission};
use store::StoreError;
use store::world::client::{self, Client};

use super::{Shown, shown};
use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;

/// `limit` at most behind the `client_id` `after`.
///
/// # Errors
/// `Forbidden` for who is no operator.
pub async fn run(ctx: &Ctx, caller: &Caller, after: &str, limit: i64) -> Result<Vec<Shown>, Failure> {
    authorize(ctx, caller, &Permission::INSTALLATION_READ, None).await?;
    let after = after.to_owned();
    let page: Result<Vec<Client>, StoreError> = ctx
        .store
        .scan(move |tx| {
            let after = after.clone();
            Box::pin(async move { client::page(tx, &after, limit).await })
        })
        .await;
    Ok(page?.into_iter().map(shown).collect())
}

/// One of them.
///
/// # Errors
/// `Forbidden` for who is no operator; `NotFound`.
pub async fn one(ctx: &Ctx, caller: &Caller, uid: ClientUid) -> Result<Shown, Failure> {
    authorize(ctx, caller, &Permission::INSTALLATION_READ, None).await?;
    let found: Result<Option<Client>, StoreError> =
        ctx.store.read(move |tx| Box::pin(client::by_id(tx, uid))).await;
    found?.map(shown).ok_or_else(Failure::not_found)
}
