//! All rows that a file meets, read in one moment, and each compared with what the file says.

use store::{ReadTx, StoreError};
use uuid::Uuid;

use super::draft::Draft;
use super::error::Stop;
use super::shelf::Shelf;
use super::{activity, client, endpoint, network, permission, prune, role, tenant, token, user, webhook};
use crate::world::World;

/// What stands in the store for each row, in the file's order.
#[derive(Default)]
pub(super) struct Found {
    pub(super) shelf: Shelf,
    permissions: Vec<permission::Found>,
    tenants: Vec<tenant::Found>,
    roles: Vec<role::Found>,
    defaults: role::Defaults,
    users: Vec<user::Found>,
    clients: Vec<client::Found>,
    tokens: Vec<token::Found>,
    webhooks: Vec<webhook::Found>,
    networks: Vec<network::Found>,
    endpoints: Vec<endpoint::Found>,
    activities: Vec<activity::Found>,
    /// Where what the file names no more may go.
    pub(super) made: Option<prune::Made>,
}

/// `prune`: also every row that an apply made.
pub(super) async fn load(tx: &mut ReadTx<'_>, world: &World, prune: bool) -> Result<Found, StoreError> {
    let mut found = Found::default();
    let shelf = &mut found.shelf;
    shelf.stamp = store::world::stamp(tx).await?;
    for row in &world.permissions {
        found.permissions.push(permission::find(tx, row).await?);
    }
    for row in &world.tenants {
        found.tenants.push(tenant::find(tx, shelf, row).await?);
    }
    for row in &world.roles {
        found.roles.push(role::find(tx, shelf, row).await?);
    }
    found.defaults = role::find_defaults(tx, &world.roles, prune).await?;
    for row in &world.users {
        found.users.push(user::find(tx, shelf, row).await?);
    }
    for row in &world.clients {
        found.clients.push(client::find(tx, row).await?);
    }
    for row in &world.tokens {
        found.tokens.push(token::find(tx, shelf, row).await?);
    }
    for row in &world.webhooks {
        found.webhooks.push(webhook::find(tx, shelf, row).await?);
    }
    for row in &world.networks {
        found.networks.push(network::find(tx, shelf, row).await?);
    }
    for row in &world.endpoints {
        found.endpoints.push(endpoint::find(tx, shelf, row).await?);
    }
    for row in &world.activities {
        found.activities.push(activity::find(tx, shelf, row).await?);
    }
    if prune {
        found.made = Some(prune::made(tx).await?);
    }
    Ok(found)
}

/// In the order in which rows refer to each other, which is the order in which they are written.
pub(super) fn compare(d: &mut Draft<'_>, world: &World, found: &Found) -> Result<(), Stop> {
    for (row, found) in world.permissions.iter().zip(&found.permissions) {
        permission::compare(d, row, found);
    }
    for (row, found) in world.tenants.iter().zip(&found.tenants) {
        tenant::compare(d, row, found);
    }
    for (row, found) in world.roles.iter().zip(&found.roles) {
        role::compare(d, row, found)?;
    }
    if found.made.is_none() {
        role::compare_defaults(d, &found.defaults);
    }
    for (row, found) in world.users.iter().zip(&found.users) {
        user::compare(d, row, found)?;
    }
    for (row, found) in world.clients.iter().zip(&found.clients) {
        client::compare(d, row, found);
    }
    for (row, found) in world.tokens.iter().zip(&found.tokens) {
        token::compare(d, row, found)?;
    }
    for (row, found) in world.webhooks.iter().zip(&found.webhooks) {
        webhook::compare(d, row, found)?;
    }
    for (row, found) in world.networks.iter().zip(&found.networks) {
        network::compare(d, row, found)?;
    }
    for (row, found) in world.endpoints.iter().zip(&found.endpoints) {
        endpoint::compare(d, row, found)?;
    }
    for (row, found) in world.activities.iter().zip(&found.activities) {
        activity::compare(d, row, found)?;
    }
    Ok(())
}

/// Takes away what the file names no more; then it is known which roles stay, and of them which is the default.
pub(super) fn compare_made(d: &mut Draft<'_>, found: &Found, ties: &prune::Ties, gone: &prune::Made) {
    prune::remove(d, ties, gone);
    role::compare_defaults(d, &found.defaults);
}

/// Users who have a password, and to whom the file gives one: id, the stored hash, the user's row.
pub(super) fn passwords<'w>(
    world: &'w World,
    found: &'w Found,
) -> impl Iterator<Item = (Uuid, &'w str, &'w crate::world::file::User)> {
    world.users.iter().zip(&found.users).filter_map(|(row, found)| {
        let (id, hash) = found.held()?;
        (row.password.is_some() || row.password_hash.is_some()).then_some((id, hash, row))
    })
}
