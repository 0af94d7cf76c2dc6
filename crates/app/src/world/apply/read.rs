//! The file, judged beside what stands in the store.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::UserId;
use store::world::{membership, permission, token, user};
use store::{ReadTx, StoreError};

use super::error::{ApplyError, Stop};
use super::{shelf::Shelf, unseal};
use crate::Ctx;
use crate::world::{Asked, Fault, MAX_BYTES, Name, Who, World, read};

/// Reads once to learn which names the store must know, and once more with those that it does.
pub(super) async fn world(ctx: &Ctx, text: &str) -> Result<World, Stop> {
    if u64::try_from(text.len()).is_ok_and(|bytes| bytes > MAX_BYTES) {
        let message = "is over 16 MiB; split it into several files".to_owned();
        return Err(ApplyError::Faults(vec![Fault { line: 1, path: String::new(), message }]).into());
    }
    let limits = ctx.config.passwords.hashable();
    let asked = Asked::default();
    let first = read(text, &limits, &asked);
    let names = asked.into_names();
    let faults = match first {
        Ok(world) if names.is_empty() => return unseal::world(ctx, world),
        Ok(_) => Vec::new(),
        Err(faults) => faults,
    };
    if names.is_empty() {
        return Err(ApplyError::Faults(faults).into());
    }
    let names = Arc::new(names);
    let known = ctx.store.scan(move |tx| {
        let names = Arc::clone(&names);
        Box::pin(async move { known(tx, &names).await })
    });
    let known = known.await?;
    unseal::world(ctx, read(text, &limits, &known).map_err(ApplyError::Faults)?)
}

/// Those of the names that stand in the store.
async fn known(tx: &mut ReadTx<'_>, names: &BTreeSet<Name>) -> Result<BTreeSet<Name>, StoreError> {
    let (mut shelf, mut found) = (Shelf::default(), BTreeSet::new());
    for name in names {
        if stands(tx, &mut shelf, name).await? {
            found.insert(name.clone());
        }
    }
    Ok(found)
}

async fn stands(tx: &mut ReadTx<'_>, shelf: &mut Shelf, name: &Name) -> Result<bool, StoreError> {
    Ok(match name {
        Name::Permission(key) => permission::by_key(tx, key).await?.is_some(),
        Name::Tenant(key) => shelf.fetch_tenant(tx, key).await?.is_some(),
        Name::Site { tenant, key } => {
            shelf.fetch_site(tx, tenant, key).await?;
            shelf.tenant(tenant).is_some_and(|tenant| shelf.site(tenant.id, key).is_some())
        }
        Name::Role { tenant: None, key } => {
            shelf.fetch_role(tx, None, key).await?;
            shelf.role(None, key).is_some()
        }
        Name::Role { tenant: Some(tenant), key } => {
            shelf.fetch_role(tx, Some(tenant), key).await?;
            shelf.tenant(tenant).is_some_and(|tenant| shelf.role(Some(tenant.id), key).is_some())
        }
        Name::User(email) => {
            shelf.fetch_user(tx, email).await?;
            shelf.user(email).is_some()
        }
        Name::Member { user, tenant } => {
            let (user, tenant) = (person(tx, shelf, user).await?, shelf.fetch_tenant(tx, tenant).await?);
            match user.zip(tenant) {
                Some((user, tenant)) => membership::of(tx, user, tenant).await?.is_some(),
                None => false,
            }
        }
        Name::Token(id) => token::by_id(tx, *id).await?.is_some(),
        Name::NamedToken { owner, tenant, name } => {
            let tenant = shelf.fetch_tenant(tx, tenant).await?;
            let owner = match owner {
                Some(owner) => person(tx, shelf, owner).await?.map(Some),
                None => Some(None),
            };
            match owner.zip(tenant) {
                Some((owner, tenant)) => token::by_name(tx, owner, tenant, name).await?.is_some(),
                None => false,
            }
        }
    })
}

async fn person(tx: &mut ReadTx<'_>, shelf: &mut Shelf, who: &Who) -> Result<Option<UserId>, StoreError> {
    Ok(match who {
        Who::Address(email) => {
            shelf.fetch_user(tx, email).await?;
            shelf.user(email).map(|user| user.id)
        }
        Who::Id(id) => user::by_id(tx, *id).await?.map(|user| user.id),
    })
}
