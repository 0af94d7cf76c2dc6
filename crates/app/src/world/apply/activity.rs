use domain::{TenantId, Timestamp};
use serde_json::json;
use store::world::activity::{self, Activity};
use store::{ReadTx, StoreError};

use super::draft::Draft;
use super::error::Stop;
use super::given::{ORIGIN, filled};
use super::shelf::Shelf;
use super::step::What;
use crate::principal;
use crate::world::file;

pub(super) type Found = Option<Activity>;

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    shelf: &mut Shelf,
    row: &file::Activity,
) -> Result<Found, StoreError> {
    match shelf.fetch_tenant(tx, &row.tenant).await? {
        Some(tenant) => match activity::by_digest(tx, tenant, &digest(row)).await? {
            Some(found) => Ok(Some(found)),
            None => same(tx, tenant, row).await,
        },
        None => Ok(None),
    }
}

/// One that came another way, or from a file that did not name the moment which an export names.
async fn same(tx: &mut ReadTx<'_>, tenant: TenantId, row: &file::Activity) -> Result<Found, StoreError> {
    let Some(at) = row.at else { return Ok(None) };
    let text = |text: &Option<String>| text.as_deref().and_then(filled);
    let there = activity::at(tx, tenant, (&row.agent, &row.device), at).await?;
    Ok(there.into_iter().find(|other| {
        let (who, what) = ((&other.user_name, &other.domain, &other.topic), (&other.harmful, &other.reason));
        who == (&row.user, &text(&row.domain), &text(&row.topic))
            && what == (&text(&row.harmful), &text(&row.reason))
            && (other.input_tokens, other.output_tokens) == (row.input_tokens, row.output_tokens)
    }))
}

/// All of it is its identity, so one that is there stays as it is.
pub(super) fn compare(d: &mut Draft<'_>, row: &file::Activity, before: &Found) -> Result<(), Stop> {
    let tenant = d.tenant(&row.tenant)?;
    let text = |text: &Option<String>| text.as_deref().and_then(filled);
    let after = before.clone().unwrap_or_else(|| Activity {
        id: d.ctx.new_id(),
        tenant_id: tenant,
        agent: row.agent.clone(),
        device: row.device.clone(),
        user_name: row.user.clone(),
        domain: text(&row.domain),
        topic: text(&row.topic),
        input_tokens: row.input_tokens,
        output_tokens: row.output_tokens,
        harmful: text(&row.harmful),
        reason: text(&row.reason),
        at: row.at.unwrap_or(d.now),
        digest: digest(row).to_vec(),
        origin: ORIGIN.to_owned(),
    });
    let name = format!("{} on {} of {}, {}", row.agent, row.device, row.tenant, after.at.rfc3339_secs());
    let what = What::new("activity", name).on(after.id).of(Some(tenant));
    d.put(what, before.as_ref(), &after, Vec::new());
    Ok(())
}

/// Over what the file says; a moment that it does not name is not in it, else every apply would make a new row.
fn digest(row: &file::Activity) -> [u8; 32] {
    let text = |text: &Option<String>| text.as_deref().and_then(filled);
    let who = json!([row.agent, row.device, row.user, text(&row.domain), text(&row.topic)]);
    let what = json!([row.input_tokens, row.output_tokens, text(&row.harmful), text(&row.reason)]);
    let at = row.at.map(Timestamp::as_micros);
    principal::digest(&json!([who, what, at]).to_string())
}
