//! Webhooks: addresses at which a tenant's people asked to be told. Who knows such an address may post there, so it is
//! shown to those alone who may write it.

pub mod add;
pub mod change;
pub mod list;
pub mod remove;

use domain::ids::WebhookId;
use domain::{Permission, TenantId, UserId};
use store::world::webhook::{self, Webhook};

use crate::Ctx;
use crate::authorize::may;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::rules::{Faults, NAME};

/// What a webhook may be for.
pub const KINDS: [&str; 1] = ["SLACK"];

/// A webhook as the caller may see it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub id: WebhookId,
    pub number: i64,
    pub owner: UserId,
    pub name: String,
    /// `None`: not the caller's to write.
    pub url: Option<String>,
    pub kind: String,
    pub created_at: domain::Timestamp,
}

/// What is given of a webhook; `None`: leave it.
#[derive(Clone, Default)]
pub struct Given {
    /// 1 to 256 characters.
    pub name: Option<String>,
    /// `https://…`, at most 2048 characters.
    pub url: Option<String>,
    pub kind: Option<String>,
}

const URL: usize = 2_048;

impl Given {
    /// # Errors
    /// `Invalid` names every field at fault, and never repeats the address.
    fn judge(&self) -> Result<(), Failure> {
        let mut faults = Faults::default();
        if let Some(name) = &self.name {
            faults.name("name", name, NAME);
        }
        let rule = "must be an https address of at most 2048 characters, without blanks";
        faults.unless(self.url.as_deref().is_none_or(is_address), "url", rule);
        let known = self.kind.as_deref().is_none_or(|kind| KINDS.contains(&kind));
        faults.unless(known, "kind", "must be SLACK");
        faults.done()
    }
}

fn is_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").unwrap_or_default();
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    plain && text.len() <= URL && host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
}

/// One's own asks for `tokens:write`, others' for `tenants:write`.
fn to_write(caller: &Caller, owner: UserId) -> &'static Permission {
    if caller.user_id() == Some(owner) { &Permission::TOKENS_WRITE } else { &Permission::TENANTS_WRITE }
}

fn shown(caller: &Caller, row: Webhook) -> Shown {
    let tenant = Some(row.tenant_id);
    let writes = may(caller, &Permission::TENANTS_WRITE, tenant)
        || may(caller, to_write(caller, row.owner_id), tenant);
    Shown {
        id: row.id,
        number: row.number,
        owner: row.owner_id,
        name: row.name,
        url: Some(row.url).filter(|_| writes),
        kind: row.kind,
        created_at: row.created_at,
    }
}

/// One of the tenant's that the caller may see: his own, or any with `tenants:write`.
async fn find(ctx: &Ctx, caller: &Caller, tenant: TenantId, id: WebhookId) -> Result<Webhook, Failure> {
    let found: Result<Option<Webhook>, store::StoreError> =
        ctx.store.read(move |tx| Box::pin(webhook::by_id(tx, id))).await;
    let all = may(caller, &Permission::TENANTS_WRITE, Some(tenant));
    let seen = |row: &Webhook| row.tenant_id == tenant && (all || caller.user_id() == Some(row.owner_id));
    found?.filter(seen).ok_or_else(Failure::not_found)
}
