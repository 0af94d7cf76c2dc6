use std::collections::HashMap;
use std::sync::Arc;

use store::world::{
    Record, activity, client, endpoint, membership, network, permission, role, site, tenant, token, user,
    webhook,
};
use store::{ReadTx, StoreError};
use uuid::Uuid;

use super::Gone;
use crate::world::apply::draft::Draft;

/// Rows that applies made, and how what they refer to is called.
#[derive(Default)]
pub(in super::super) struct Made {
    pub(super) activities: Vec<activity::Activity>,
    pub(super) endpoints: Vec<endpoint::Endpoint>,
    pub(super) networks: Vec<network::Network>,
    pub(super) webhooks: Vec<webhook::Webhook>,
    pub(super) tokens: Vec<token::Token>,
    pub(super) memberships: Vec<membership::Membership>,
    pub(super) clients: Vec<client::Client>,
    pub(super) users: Vec<user::User>,
    pub(super) roles: Vec<role::Role>,
    pub(super) sites: Vec<site::Site>,
    pub(super) permissions: Vec<permission::Permission>,
    pub(super) tenants: Vec<tenant::Tenant>,
    pub(super) shown: HashMap<Uuid, String>,
}

/// All of them, sorted as the plan will tell them.
pub(in super::super) async fn made(tx: &mut ReadTx<'_>) -> Result<Made, StoreError> {
    let mut made = Made {
        activities: activity::made(tx).await?,
        endpoints: endpoint::made(tx).await?,
        networks: network::made(tx).await?,
        webhooks: webhook::made(tx).await?,
        tokens: token::made(tx).await?,
        memberships: membership::made(tx).await?,
        clients: client::made(tx).await?,
        users: user::made(tx).await?,
        roles: role::made(tx).await?,
        sites: site::made(tx).await?,
        permissions: permission::made(tx).await?,
        tenants: tenant::made(tx).await?,
        shown: HashMap::new(),
    };
    made.name(tx).await?;
    let shown = made.shown.clone();
    let of = |id: Uuid| shown.get(&id).cloned().unwrap_or_default();
    made.activities.sort_by_key(|a| (of(a.tenant_id.uuid()), a.agent.clone(), a.device.clone(), a.at, a.id));
    made.endpoints.sort_by_key(|e| (of(e.tenant_id.uuid()), e.collection, e.url.clone(), e.method.clone()));
    made.networks.sort_by_key(|n| of(n.tenant_id.uuid()));
    made.webhooks.sort_by_key(|w| w.number);
    made.tokens.sort_by_key(|t| t.number);
    made.memberships.sort_by_key(|m| (of(m.user_id.uuid()), of(m.tenant_id.uuid())));
    made.clients.sort_by(|a, b| a.client_id.cmp(&b.client_id));
    made.users.sort_by(|a, b| a.email.as_str().cmp(b.email.as_str()));
    made.roles.sort_by_key(|r| (r.tenant_id.map(|id| of(id.uuid())), r.key.clone()));
    made.sites.sort_by_key(|s| (of(s.tenant_id.uuid()), s.key.clone()));
    made.permissions.sort_by(|a, b| a.key.cmp(&b.key));
    made.tenants.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(made)
}

impl Made {
    /// Learns how tenants and users are called.
    async fn name(&mut self, tx: &mut ReadTx<'_>) -> Result<(), StoreError> {
        self.shown.extend(self.tenants.iter().map(|t| (t.id.uuid(), t.key.clone())));
        self.shown.extend(self.users.iter().map(|u| (u.id.uuid(), u.email.to_string())));
        let tenants = (self.activities.iter().map(|row| row.tenant_id))
            .chain(self.endpoints.iter().map(|row| row.tenant_id))
            .chain(self.networks.iter().map(|row| row.tenant_id))
            .chain(self.webhooks.iter().map(|row| row.tenant_id))
            .chain(self.tokens.iter().map(|row| row.tenant_id))
            .chain(self.memberships.iter().map(|row| row.tenant_id))
            .chain(self.roles.iter().filter_map(|row| row.tenant_id))
            .chain(self.sites.iter().map(|row| row.tenant_id));
        for id in tenants {
            if !self.shown.contains_key(&id.uuid())
                && let Some(tenant) = tenant::by_id(tx, id).await?
            {
                self.shown.insert(id.uuid(), tenant.key);
            }
        }
        let users = (self.webhooks.iter().map(|row| row.owner_id))
            .chain(self.tokens.iter().filter_map(|row| row.owner_id))
            .chain(self.memberships.iter().map(|row| row.user_id));
        for id in users {
            if !self.shown.contains_key(&id.uuid())
                && let Some(user) = user::by_id(tx, id).await?
            {
                self.shown.insert(id.uuid(), user.email.to_string());
            }
        }
        Ok(())
    }
}

/// Those that no row of the file is or refers to.
pub(in super::super) fn unnamed(d: &Draft<'_>, made: &Made) -> Gone {
    fn rest<R: Record + Clone>(d: &Draft<'_>, rows: &[R]) -> Vec<R> {
        let table = R::table();
        let named = |row: &&R| d.names(table.name, &table.key(&row.cells()));
        rows.iter().filter(|row| !named(row)).cloned().collect()
    }
    Arc::new(Made {
        activities: rest(d, &made.activities),
        endpoints: rest(d, &made.endpoints),
        networks: rest(d, &made.networks),
        webhooks: rest(d, &made.webhooks),
        tokens: rest(d, &made.tokens),
        memberships: rest(d, &made.memberships),
        clients: rest(d, &made.clients),
        users: rest(d, &made.users),
        roles: rest(d, &made.roles),
        sites: rest(d, &made.sites),
        permissions: rest(d, &made.permissions),
        tenants: rest(d, &made.tenants),
        shown: made.shown.clone(),
    })
}
