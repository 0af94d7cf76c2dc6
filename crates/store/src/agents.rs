//! What agents did on devices: every activity, and what those that were reported add up to.

use std::collections::BTreeMap;

use domain::TenantId;
use domain::activity::{Activity, Harm, Known, MAX_HARMS, MAX_TOPICS, Tally};
use uuid::Uuid;

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

/// Adds to a sum that must not overflow.
macro_rules! plus {
    ($table:literal, $sum:literal) => {
        concat!(
            $sum,
            " = CASE WHEN ",
            $table,
            ".",
            $sum,
            " > 9223372036854775807 - excluded.",
            $sum,
            " THEN 9223372036854775807 ELSE ",
            $table,
            ".",
            $sum,
            " + excluded.",
            $sum,
            " END"
        )
    };
}
/// Takes the new value where it is of the newest; of one moment, what is written later was received later.
macro_rules! newest {
    ($table:literal, $column:literal) => {
        concat!(
            $column,
            " = CASE WHEN excluded.newest_at >= ",
            $table,
            ".newest_at THEN excluded.",
            $column,
            " ELSE ",
            $table,
            ".",
            $column,
            " END"
        )
    };
}

statements! { "agent_devices";
    ADD = "INSERT INTO activities (id, tenant_id, agent, device, user_name, domain, topic, input_tokens, \
        output_tokens, harmful, reason, at, digest, received, origin) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '')";
    COUNT_DEVICE = concat!("INSERT INTO agent_devices (id, tenant_id, agent, device, user_name, newest_at, \
        newest_received, input_tokens, output_tokens) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        ON CONFLICT (tenant_id, agent, device) DO UPDATE SET ", newest!("agent_devices", "user_name"), ", ",
        newest!("agent_devices", "newest_at"), ", ", newest!("agent_devices", "newest_received"), ", ",
        plus!("agent_devices", "input_tokens"), ", ", plus!("agent_devices", "output_tokens"), " RETURNING id");
    COUNT_TOPIC = concat!("INSERT INTO agent_topics (device_id, domain, topic, count) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (device_id, domain, topic) DO UPDATE SET ", plus!("agent_topics", "count"));
    COUNT_HARM = concat!("INSERT INTO agent_harms (device_id, category, count, newest_at, newest_received, reason) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (device_id, category) DO UPDATE SET ",
        plus!("agent_harms", "count"), ", ", newest!("agent_harms", "newest_at"), ", ",
        newest!("agent_harms", "newest_received"), ", ", newest!("agent_harms", "reason"));
    AS_OTHER = "UPDATE agent_devices SET as_other = CASE WHEN as_other > 9223372036854775807 - $2 \
        THEN 9223372036854775807 ELSE as_other + $2 END WHERE id = $1";
    TOLD_APART = "SELECT (SELECT COUNT(*) FROM agent_topics WHERE device_id = $1) AS topics, \
        (SELECT COUNT(*) FROM agent_harms WHERE device_id = $1) AS harms";
    DEVICE = "SELECT id, user_name, newest_at, newest_received, input_tokens, output_tokens, as_other \
        FROM agent_devices WHERE tenant_id = $1 AND agent = $2 AND device = $3";
    TOPICS = "SELECT domain, topic, count FROM agent_topics WHERE device_id = $1";
    HARMS = "SELECT category, count, newest_at, newest_received, reason FROM agent_harms WHERE device_id = $1";
    OF_WORLD = "SELECT user_name, domain, topic, input_tokens, output_tokens, harmful, reason, at, received \
        FROM activities WHERE tenant_id = $1 AND agent = $2 AND device = $3 AND origin <> ''";
}

/// One that was reported, with what identifies it.
#[derive(Clone, Debug)]
pub struct Reported {
    pub id: Uuid,
    /// SHA-256 over all of it.
    pub digest: [u8; 32],
    pub activity: Activity,
}

/// Keeps a reported activity; [`count`] must be told of it in the same transaction.
pub async fn add(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    Reported { id, digest, activity }: &Reported,
) -> Result<(), StoreError> {
    let row = params![
        *id,
        tenant,
        &activity.agent,
        &activity.device,
        &activity.user,
        activity.domain.as_deref(),
        activity.topic.as_deref(),
        activity.input_tokens,
        activity.output_tokens,
        activity.harmful.as_deref(),
        activity.reason.as_deref(),
        activity.at,
        digest,
        activity.received,
    ];
    tx.run(&ADD, row).await.map(drop)
}

/// Adds to what is kept of an agent on a device, within the bounds of [`domain::activity::MAX_TOPICS`]. `id` is for a
/// new row. Who counts several does so in one order.
pub async fn count(
    tx: &mut WriteTx<'_>,
    (id, tenant): (Uuid, TenantId),
    (agent, device): (&str, &str),
    tally: &Tally,
) -> Result<(), StoreError> {
    let (at, received) = tally.newest;
    let (input, output) = (tally.input_tokens, tally.output_tokens);
    let row = params![id, tenant, agent, device, &tally.user, at, received, input, output];
    let counted = tx.row(&COUNT_DEVICE, row).await?;
    let device: Uuid = counted.ok_or(StoreError::Bug("counted nothing"))?.take("id")?;
    // Its row is held from here on: nobody else tells more of it apart.
    let fitted = within(tx, device, tally).await?;
    let tally = fitted.as_ref().unwrap_or(tally);
    if tally.as_other > 0 {
        tx.run(&AS_OTHER, params![device, tally.as_other]).await?;
    }
    for (domain, topics) in &tally.topics {
        for (topic, count) in topics {
            tx.run(&COUNT_TOPIC, params![device, domain, topic, *count]).await?;
        }
    }
    for (category, Harm { count, newest: (at, received), reason }) in &tally.harms {
        tx.run(&COUNT_HARM, params![device, category, *count, *at, *received, reason]).await?;
    }
    Ok(())
}

/// `None` where all of it fits as it is.
async fn within(tx: &mut WriteTx<'_>, device: Uuid, tally: &Tally) -> Result<Option<Tally>, StoreError> {
    let topics: usize = tally.topics.values().map(BTreeMap::len).sum();
    let harms = tally.harms.len();
    if topics == 0 && harms == 0 {
        return Ok(None);
    }
    let counted = tx.row(&TOLD_APART, params![device]).await?;
    let mut counted = counted.ok_or(StoreError::Bug("counted nothing"))?;
    let fits = |there: i64, new: usize, most: usize| {
        usize::try_from(there).is_ok_and(|there| there.saturating_add(new) <= most)
    };
    if fits(counted.take("topics")?, topics, MAX_TOPICS) && fits(counted.take("harms")?, harms, MAX_HARMS) {
        return Ok(None);
    }
    let mut known = Known::default();
    for (domain, topic, _) in tx.list(&TOPICS, params![device], topic).await? {
        known.topics.entry(domain).or_default().insert(topic);
    }
    known.harms = tx.list(&HARMS, params![device], harm).await?.into_iter().map(|(name, _)| name).collect();
    Ok(Some(tally.clone().within(known)))
}

fn topic(mut row: Row) -> Result<(String, String, i64), StoreError> {
    Ok((row.take("domain")?, row.take("topic")?, row.take("count")?))
}

fn harm(mut row: Row) -> Result<(String, Harm), StoreError> {
    let category: String = row.take("category")?;
    let count = row.take("count")?;
    let newest = (row.take("newest_at")?, row.take("newest_received")?);
    Ok((category, Harm { count, newest, reason: row.take("reason")? }))
}

/// What all activities of an agent on a device add up to, those of a world file too; `None` where there is none.
pub async fn tally(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    agent: &str,
    device: &str,
) -> Result<Option<Tally>, StoreError> {
    let reported = match tx.row(&DEVICE, params![tenant, agent, device]).await? {
        Some(row) => Some(reported(tx, row).await?),
        None => None,
    };
    let mut declared =
        tx.list(&OF_WORLD, params![tenant, agent, device], |row| read((agent, device), row)).await?;
    declared.sort_by_key(|one| one.received);
    Ok(reported.into_iter().chain(declared.iter().map(Tally::of)).reduce(Tally::and))
}

async fn reported(tx: &mut ReadTx<'_>, mut row: Row) -> Result<Tally, StoreError> {
    let device: Uuid = row.take("id")?;
    let mut tally = Tally {
        user: row.take("user_name")?,
        newest: (row.take("newest_at")?, row.take("newest_received")?),
        input_tokens: row.take("input_tokens")?,
        output_tokens: row.take("output_tokens")?,
        topics: BTreeMap::new(),
        harms: BTreeMap::new(),
        as_other: row.take("as_other")?,
    };
    for (domain, topic, count) in tx.list(&TOPICS, params![device], topic).await? {
        tally.topics.entry(domain).or_default().insert(topic, count);
    }
    tally.harms = tx.list(&HARMS, params![device], harm).await?.into_iter().collect();
    Ok(tally)
}

fn read((agent, device): (&str, &str), mut row: Row) -> Result<Activity, StoreError> {
    Ok(Activity {
        agent: agent.to_owned(),
        device: device.to_owned(),
        user: row.take("user_name")?,
        domain: row.take("domain")?,
        topic: row.take("topic")?,
        input_tokens: row.take("input_tokens")?,
        output_tokens: row.take("output_tokens")?,
        harmful: row.take("harmful")?,
        reason: row.take("reason")?,
        at: row.take("at")?,
        received: row.take("received")?,
    })
}
