use domain::{TenantId, Timestamp};
use store::world::activity::{self, Activity};
use store::{ReadTx, StoreError};

use super::draft::Draft;
use super::error::Stop;
use super::given::{ORIGIN, filled};
use super::shelf::Shelf;
use super::step::What;
use crate::agents::digest;
use crate::world::{MAX_BYTES, file};

pub(super) type Found = Option<Activity>;

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    shelf: &mut Shelf,
    row: &file::Activity,
) -> Result<Found, StoreError> {
    match shelf.fetch_tenant(tx, &row.tenant).await? {
        Some(tenant) => match activity::by_digest(tx, tenant, &digest(&told(row), row.at)).await? {
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
    let mut one = told(row);
    one.at = row.at.unwrap_or(d.now);
    // Those of one file in the order of its lines, all of them before what is reported from now on: no file has more
    // lines than bytes.
    let place = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let received = d.now.as_micros() - place(MAX_BYTES) + place(row.place.line as u64);
    let after = before.clone().unwrap_or_else(|| Activity {
        id: d.ctx.new_id(),
        tenant_id: tenant,
        digest: digest(&one, row.at).to_vec(),
        agent: one.agent,
        device: one.device,
        user_name: one.user,
        domain: one.domain,
        topic: one.topic,
        input_tokens: one.input_tokens,
        output_tokens: one.output_tokens,
        harmful: one.harmful,
        reason: one.reason,
        at: one.at,
        origin: ORIGIN.to_owned(),
        received,
    });
    let name = format!("{} on {} of {}, {}", row.agent, row.device, row.tenant, after.at.rfc3339_secs());
    let what = What::new("activity", name).on(after.id).of(Some(tenant));
    d.put(what, before.as_ref(), &after, Vec::new());
    Ok(())
}

/// As the file tells it; when it was, and when it was received, is not set.
fn told(row: &file::Activity) -> domain::activity::Activity {
    let text = |text: &Option<String>| text.as_deref().and_then(filled);
    domain::activity::Activity {
        agent: row.agent.clone(),
        device: row.device.clone(),
        user: row.user.clone(),
        domain: text(&row.domain),
        topic: text(&row.topic),
        input_tokens: row.input_tokens,
        output_tokens: row.output_tokens,
        harmful: text(&row.harmful),
        reason: text(&row.reason),
        at: Timestamp::from_micros(0),
        received: 0,
    }
}
