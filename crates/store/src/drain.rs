//! Deleting what much may hang on. Little goes along at once; where it is more than one transaction should take, the
//! row is marked as ended, from when on nothing of it counts, and the sweep takes what hangs on it in bounded batches,
//! and then the row. With a hundred thousand members or tokens, the one statement that takes all along would keep every
//! other writer waiting for seconds.
//!
//! As in [`crate::sweep`], a session goes after its children, so that no cascade makes a batch longer than it says. A
//! membership takes its roles and sites along, a device what it adds up to.

use domain::ids::ClientUid;
use domain::{SiteId, TenantId, Timestamp};
use uuid::Uuid;

use crate::Statement;
use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

/// The first $2 rows of a table.
macro_rules! first {
    ($key:literal, $table:literal, $of:literal) => {
        concat!("(SELECT ", $key, " FROM ", $table, " WHERE ", $of, " = $1 LIMIT $2)")
    };
}
macro_rules! delete {
    ($key:literal, $table:literal, $of:literal) => {
        concat!("DELETE FROM ", $table, " WHERE ", $key, " IN ", first!($key, $table, $of))
    };
}
macro_rules! refresh_tokens {
    ($of:literal) => {
        concat!(
            "DELETE FROM refresh_tokens WHERE digest IN (SELECT t.digest FROM ",
            first!("id", "sessions", $of),
            " AS o JOIN families f ON f.session_id = o.id \
            JOIN refresh_tokens t ON t.family_id = f.id LIMIT $2)"
        )
    };
}
macro_rules! access_tokens_of_sessions {
    ($of:literal) => {
        concat!(
            "DELETE FROM access_tokens WHERE id IN (SELECT a.id FROM ",
            first!("id", "sessions", $of),
            " AS o JOIN access_tokens a ON a.session_id = o.id LIMIT $2)"
        )
    };
}
macro_rules! families {
    ($of:literal) => {
        concat!(
            "DELETE FROM families WHERE id IN (SELECT f.id FROM ",
            first!("id", "sessions", $of),
            " AS o JOIN families f ON f.session_id = o.id \
            WHERE NOT EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.family_id = f.id) \
            AND NOT EXISTS (SELECT 1 FROM access_tokens a WHERE a.family_id = f.id) LIMIT $2)"
        )
    };
}
macro_rules! sessions {
    ($of:literal) => {
        concat!(
            "DELETE FROM sessions WHERE id IN (SELECT o.id FROM ",
            first!("id", "sessions", $of),
            " AS o WHERE NOT EXISTS (SELECT 1 FROM families f WHERE f.session_id = o.id) \
            AND NOT EXISTS (SELECT 1 FROM access_tokens a WHERE a.session_id = o.id)) AND COALESCE(",
            $of,
            ", id) = $1"
        )
    };
}
/// At most $2 rows of each of these tables are counted.
macro_rules! count {
    ($of:literal, $first:literal $(, $table:literal)*) => {
        concat!(
            "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM ", $first, " WHERE ", $of, " = $1 LIMIT $2) AS counted)"
            $(, " + (SELECT COUNT(*) FROM (SELECT 1 FROM ", $table, " WHERE ", $of, " = $1 LIMIT $2) AS counted)")*
        )
    };
}

statements! { "drain";
    COUNT_OF_TENANT = concat!(
        count!("tenant_id", "memberships", "sessions", "access_tokens", "tokens", "mfa_tokens", "links", "webhooks",
            "endpoints", "activities", "agent_devices"),
        " + (SELECT COUNT(*) FROM (SELECT 1 FROM users WHERE default_tenant_id = $1 LIMIT $2) AS counted)"
    );
    COUNT_OF_CLIENT = count!("client_id", "sessions", "access_tokens");
    END_TENANT = "UPDATE tenants SET ended_at = $2, key = $3, number = $4 WHERE id = $1 AND ended_at IS NULL RETURNING id";
    END_CLIENT = "UPDATE clients SET ended_at = $2, client_id = $3 WHERE id = $1 AND ended_at IS NULL RETURNING id";
    REMOVE_TENANT = "DELETE FROM tenants WHERE id = $1 RETURNING id";
    REMOVE_CLIENT = "DELETE FROM clients WHERE id = $1 RETURNING id";
    ENDED_TENANT = "SELECT id FROM tenants WHERE ended_at IS NOT NULL ORDER BY ended_at LIMIT 1";
    ENDED_CLIENT = "SELECT id FROM clients WHERE ended_at IS NOT NULL ORDER BY ended_at LIMIT 1";
    IS_ENDED = "SELECT id FROM tenants WHERE id = $1 AND ended_at IS NOT NULL";
    IS_ENDED_SITE = "SELECT s.id FROM sites s JOIN tenants t ON t.id = s.tenant_id \
        WHERE s.id = $1 AND t.ended_at IS NOT NULL";
    MEMBERSHIPS = concat!("DELETE FROM memberships WHERE tenant_id = $1 AND user_id IN ",
        first!("user_id", "memberships", "tenant_id"));
    REFRESH_TOKENS_IN = refresh_tokens!("tenant_id");
    ACCESS_TOKENS_OF_SESSIONS_IN = access_tokens_of_sessions!("tenant_id");
    FAMILIES_IN = families!("tenant_id");
    SESSIONS_IN = sessions!("tenant_id");
    ACCESS_TOKENS_IN = delete!("id", "access_tokens", "tenant_id");
    TOKENS = delete!("id", "tokens", "tenant_id");
    MFA_TOKENS = delete!("digest", "mfa_tokens", "tenant_id");
    LINKS = delete!("id", "links", "tenant_id");
    WEBHOOKS = delete!("id", "webhooks", "tenant_id");
    ENDPOINTS = delete!("id", "endpoints", "tenant_id");
    ACTIVITIES = delete!("id", "activities", "tenant_id");
    DEVICES = delete!("id", "agent_devices", "tenant_id");
    HOMES = "UPDATE users SET default_tenant_id = NULL, default_site_id = NULL WHERE id IN \
        (SELECT id FROM users WHERE default_tenant_id = $1 LIMIT $2) AND COALESCE(default_tenant_id, id) = $1";
    REFRESH_TOKENS_BY = refresh_tokens!("client_id");
    ACCESS_TOKENS_OF_SESSIONS_BY = access_tokens_of_sessions!("client_id");
    FAMILIES_BY = families!("client_id");
    SESSIONS_BY = sessions!("client_id");
    ACCESS_TOKENS_BY = delete!("id", "access_tokens", "client_id");
}

/// Rows that may go along with a tenant or a client in the transaction that deletes it.
pub const AT_ONCE: i64 = 500;

/// What is to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Tenant(TenantId),
    Client(ClientUid),
}

impl Of {
    fn id(self) -> Uuid {
        match self {
            Self::Tenant(id) => id.uuid(),
            Self::Client(id) => id.uuid(),
        }
    }
}

/// Ends a tenant or a client for everybody: it is gone, or marked. Its key, number and `client_id` may be another's at
/// once. `false`: it is not there, or has ended.
pub async fn end(tx: &mut WriteTx<'_>, of: Of, now: Timestamp) -> Result<bool, StoreError> {
    // One that nothing else has; no key of a tenant begins with a blank.
    let name = format!(" {}", of.id());
    // On PostgreSQL a change of a key waits for those who have just referred to the row; what they wrote is counted.
    let there = match of {
        Of::Tenant(id) => tx.any(&END_TENANT, params![id, now, &name, nobodys(id)]).await?,
        Of::Client(id) => tx.any(&END_CLIENT, params![id, now, &name]).await?,
    };
    if there {
        if !exceeds(tx, of, AT_ONCE).await? {
            remove(tx, of).await?;
        }
        tx.changed(of.id());
    }
    Ok(there)
}

/// A number that nothing else has: less than any that is given, and made of the id.
fn nobodys(id: TenantId) -> i64 {
    let (high, low) = id.uuid().as_u64_pair();
    // Odd and large, so that ids which are alike in one half come apart.
    let mixed = high.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ low;
    -1 - (mixed >> 2).cast_signed()
}

/// Whether more than so many rows hang on it.
async fn exceeds(tx: &mut ReadTx<'_>, of: Of, rows: i64) -> Result<bool, StoreError> {
    let statement = match of {
        Of::Tenant(_) => &COUNT_OF_TENANT,
        Of::Client(_) => &COUNT_OF_CLIENT,
    };
    let counted = tx.row(statement, params![of.id(), rows + 1]).await?;
    Ok(counted.map_or(Ok(0), |mut row| row.take::<i64>("count"))? > rows)
}

async fn remove(tx: &mut WriteTx<'_>, of: Of) -> Result<(), StoreError> {
    let statement = match of {
        Of::Tenant(_) => &REMOVE_TENANT,
        Of::Client(_) => &REMOVE_CLIENT,
    };
    tx.any(statement, params![of.id()]).await.map(drop)
}

/// Whether there is a tenant of this id that was deleted and waits for the sweep.
pub async fn is_ended(tx: &mut ReadTx<'_>, id: TenantId) -> Result<bool, StoreError> {
    tx.any(&IS_ENDED, params![id]).await
}

/// The same of a site that ended with its tenant.
pub async fn is_ended_site(tx: &mut ReadTx<'_>, id: SiteId) -> Result<bool, StoreError> {
    tx.any(&IS_ENDED_SITE, params![id]).await
}

/// What ended first of all that has, if anything has.
async fn oldest(tx: &mut ReadTx<'_>) -> Result<Option<Of>, StoreError> {
    if let Some(mut row) = tx.row(&ENDED_TENANT, &[]).await? {
        return Ok(Some(Of::Tenant(row.take("id")?)));
    }
    let client = tx.row(&ENDED_CLIENT, &[]).await?;
    client.map(|mut row: Row| row.take("id").map(Of::Client)).transpose()
}

/// Takes away at most `rows` rows that hang on something that has ended, and the thing itself behind the last of them.
/// What went, by table.
pub(crate) async fn batch(tx: &mut WriteTx<'_>, rows: i64) -> Result<Vec<(&'static str, u64)>, StoreError> {
    let (mut gone, mut left) = (Vec::new(), rows);
    while left > 0 {
        let Some(of) = oldest(tx).await? else { break };
        for (table, statement) in steps(of) {
            if left <= 0 {
                break;
            }
            let taken = tx.run(statement, params![of.id(), left]).await?;
            gone.push((*table, taken));
            left = left.saturating_sub(i64::try_from(taken).unwrap_or(i64::MAX));
        }
        // Where the first rows were others to one statement than to the next, some are left for another batch.
        if left > 0 && left < rows && exceeds(tx, of, AT_ONCE).await? {
            break;
        }
        if left > 0 {
            remove(tx, of).await?;
            gone.push((if matches!(of, Of::Tenant(_)) { "tenants" } else { "clients" }, 1));
            left -= 1;
        }
    }
    Ok(gone)
}

/// A table, and the statement that takes from it.
type Step = (&'static str, &'static Statement);

/// What refers to another comes before it.
static OF_TENANT: [Step; 14] = [
    ("memberships", &MEMBERSHIPS),
    ("refresh_tokens", &REFRESH_TOKENS_IN),
    ("access_tokens", &ACCESS_TOKENS_OF_SESSIONS_IN),
    ("families", &FAMILIES_IN),
    ("sessions", &SESSIONS_IN),
    ("access_tokens", &ACCESS_TOKENS_IN),
    ("tokens", &TOKENS),
    ("mfa_tokens", &MFA_TOKENS),
    ("links", &LINKS),
    ("webhooks", &WEBHOOKS),
    ("endpoints", &ENDPOINTS),
    ("activities", &ACTIVITIES),
    ("agent_devices", &DEVICES),
    ("users", &HOMES),
];
static OF_CLIENT: [Step; 5] = [
    ("refresh_tokens", &REFRESH_TOKENS_BY),
    ("access_tokens", &ACCESS_TOKENS_OF_SESSIONS_BY),
    ("families", &FAMILIES_BY),
    ("sessions", &SESSIONS_BY),
    ("access_tokens", &ACCESS_TOKENS_BY),
];

fn steps(of: Of) -> &'static [Step] {
    match of {
        Of::Tenant(_) => &OF_TENANT,
        Of::Client(_) => &OF_CLIENT,
    }
}
