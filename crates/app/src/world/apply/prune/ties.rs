//! What hangs on the rows that the file names no more.

use std::collections::HashMap;

use domain::{TokenId, UserId};
use store::world::prune::{Holder, Thing};
use store::world::{prune, role, tenant, token, user, webhook};
use store::{ReadTx, StoreError};
use uuid::Uuid;

use super::Made;

/// By the id of the row.
#[derive(Default)]
pub(in super::super) struct Ties {
    /// Of a tenant: what people made in it.
    pub(super) made: HashMap<Uuid, Vec<Thing>>,
    /// Of a tenant: what its members own there.
    pub(super) owned: HashMap<Uuid, Vec<(Thing, UserId)>>,
    /// Of a user: tenants into which people let them.
    pub(super) member_of: HashMap<Uuid, Vec<String>>,
    /// Of a user: what they own and no apply made.
    pub(super) tokens: HashMap<Uuid, Vec<token::Token>>,
    pub(super) webhooks: HashMap<Uuid, Vec<webhook::Webhook>>,
    /// Of a membership, by user and tenant: the person's there that no apply made.
    pub(super) left: HashMap<(Uuid, Uuid), Vec<webhook::Webhook>>,
    /// Of a role or site: memberships that hold it.
    pub(super) holders: HashMap<Uuid, Vec<Holder>>,
    /// Of a role: tokens that hold it or are capped by it.
    pub(super) bearers: HashMap<Uuid, Vec<(TokenId, String)>>,
    /// Of a tenant or site: whose home it is.
    pub(super) at_home: HashMap<Uuid, Vec<user::User>>,
    /// All custom roles of the store.
    pub(super) roles: Vec<role::Role>,
    /// How tenants are called that only people's rows name.
    pub(super) shown: HashMap<Uuid, String>,
}

/// Things that are told where more would be.
const TOLD: i64 = 4;

pub(in super::super) async fn ties(tx: &mut ReadTx<'_>, gone: &Made) -> Result<Ties, StoreError> {
    let mut ties = Ties::default();
    for tenant in &gone.tenants {
        let id = tenant.id.uuid();
        ties.made.insert(id, prune::made_in_tenant(tx, tenant.id, TOLD).await?);
        ties.owned.insert(id, prune::owned_in_tenant(tx, tenant.id).await?);
        ties.at_home.insert(id, user::at_home(tx, id).await?);
    }
    for row in &gone.users {
        ties.of_user(tx, row.id).await?;
    }
    for row in &gone.memberships {
        let mut own = webhook::since(tx, row.user_id).await?;
        own.retain(|webhook| webhook.tenant_id == row.tenant_id);
        ties.left.insert((row.user_id.uuid(), row.tenant_id.uuid()), own);
    }
    for role in &gone.roles {
        let id = role.id.uuid();
        ties.holders.insert(id, prune::members_with_role(tx, role.id).await?);
        ties.bearers.insert(id, prune::tokens_with_role(tx, role.id).await?);
    }
    for site in &gone.sites {
        let id = site.id.uuid();
        ties.holders.insert(id, prune::members_at_site(tx, site.id).await?);
        ties.at_home.insert(id, user::at_home(tx, id).await?);
    }
    if !gone.roles.is_empty() || !gone.permissions.is_empty() {
        ties.roles = role::custom(tx).await?;
    }
    Ok(ties)
}

impl Ties {
    async fn of_user(&mut self, tx: &mut ReadTx<'_>, user: UserId) -> Result<(), StoreError> {
        let id = user.uuid();
        self.member_of.insert(id, prune::member_of(tx, user).await?);
        let (tokens, webhooks) = (token::since(tx, user).await?, webhook::since(tx, user).await?);
        let tenants = tokens.iter().map(|row| row.tenant_id).chain(webhooks.iter().map(|row| row.tenant_id));
        for tenant in tenants {
            if let Some(row) = tenant::by_id(tx, tenant).await? {
                self.shown.insert(tenant.uuid(), row.key);
            }
        }
        self.tokens.insert(id, tokens);
        self.webhooks.insert(id, webhooks);
        Ok(())
    }
}
