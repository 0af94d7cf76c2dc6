//! Emptying what is to be deleted, in bounded batches: with a hundred thousand members or tokens, the one statement
//! that takes all along would keep every other writer waiting for seconds.
//!
//! What belongs to one user is spared: the caller, whose credential may hang on it, goes with the deletion itself.
//!
//! As in [`crate::sweep`], a session goes after its children, so that no cascade makes a batch longer than it says. A
//! membership takes its roles and sites along, a device what it adds up to.

use domain::ids::ClientUid;
use domain::{TenantId, UserId};
use uuid::Uuid;

use crate::Statement;
use crate::db::{ReadTx, WriteTx, params, statements};
use crate::error::StoreError;
use crate::population;

/// The first $2 rows of a table, all but those of the user $3.
macro_rules! first {
    ($key:literal, $table:literal, $of:literal, $whose:literal) => {
        concat!(
            "(SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE ",
            $of,
            " = $1 AND (",
            $whose,
            " IS NULL OR ",
            $whose,
            " <> $3) LIMIT $2)"
        )
    };
}
macro_rules! delete {
    ($key:literal, $table:literal, $of:literal, $whose:literal) => {
        concat!("DELETE FROM ", $table, " WHERE ", $key, " IN ", first!($key, $table, $of, $whose))
    };
}
macro_rules! refresh_tokens {
    ($of:literal) => {
        concat!(
            "DELETE FROM refresh_tokens WHERE digest IN (SELECT t.digest FROM ",
            first!("id", "sessions", $of, "user_id"),
            " AS o JOIN families f ON f.session_id = o.id \
            JOIN refresh_tokens t ON t.family_id = f.id LIMIT $2)"
        )
    };
}
macro_rules! access_tokens_of_sessions {
    ($of:literal) => {
        concat!(
            "DELETE FROM access_tokens WHERE id IN (SELECT a.id FROM ",
            first!("id", "sessions", $of, "user_id"),
            " AS o JOIN access_tokens a ON a.session_id = o.id LIMIT $2)"
        )
    };
}
macro_rules! families {
    ($of:literal) => {
        concat!(
            "DELETE FROM families WHERE id IN (SELECT f.id FROM ",
            first!("id", "sessions", $of, "user_id"),
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
            first!("id", "sessions", $of, "user_id"),
            " AS o WHERE NOT EXISTS (SELECT 1 FROM families f WHERE f.session_id = o.id) \
            AND NOT EXISTS (SELECT 1 FROM access_tokens a WHERE a.session_id = o.id))"
        )
    };
}

statements! { "drain";
    COUNT_OF_TENANT = "SELECT \
        (SELECT COUNT(*) FROM (SELECT 1 FROM memberships WHERE tenant_id = $1 LIMIT $2) AS counted) \
        + (SELECT COUNT(*) FROM (SELECT 1 FROM sessions WHERE tenant_id = $1 LIMIT $2) AS counted) \
        + (SELECT COUNT(*) FROM (SELECT 1 FROM access_tokens WHERE tenant_id = $1 LIMIT $2) AS counted) \
        + (SELECT COUNT(*) FROM (SELECT 1 FROM tokens WHERE tenant_id = $1 LIMIT $2) AS counted) \
        + (SELECT COUNT(*) FROM (SELECT 1 FROM links WHERE tenant_id = $1 LIMIT $2) AS counted) \
        + (SELECT COUNT(*) FROM (SELECT 1 FROM endpoints WHERE tenant_id = $1 LIMIT $2) AS counted) \
        + (SELECT COUNT(*) FROM (SELECT 1 FROM activities WHERE tenant_id = $1 LIMIT $2) AS counted)";
    COUNT_OF_CLIENT = "SELECT \
        (SELECT COUNT(*) FROM (SELECT 1 FROM sessions WHERE client_id = $1 LIMIT $2) AS counted) \
        + (SELECT COUNT(*) FROM (SELECT 1 FROM access_tokens WHERE client_id = $1 LIMIT $2) AS counted)";
    MEMBERSHIPS = concat!("DELETE FROM memberships WHERE tenant_id = $1 AND user_id IN ",
        first!("user_id", "memberships", "tenant_id", "user_id"));
    REFRESH_TOKENS_IN = refresh_tokens!("tenant_id");
    ACCESS_TOKENS_OF_SESSIONS_IN = access_tokens_of_sessions!("tenant_id");
    FAMILIES_IN = families!("tenant_id");
    SESSIONS_IN = sessions!("tenant_id");
    ACCESS_TOKENS_IN = delete!("id", "access_tokens", "tenant_id", "user_id");
    TOKENS = delete!("id", "tokens", "tenant_id", "owner_id");
    MFA_TOKENS = delete!("digest", "mfa_tokens", "tenant_id", "user_id");
    LINKS = delete!("id", "links", "tenant_id", "user_id");
    WEBHOOKS = delete!("id", "webhooks", "tenant_id", "owner_id");
    ENDPOINTS = "DELETE FROM endpoints WHERE id IN (SELECT id FROM endpoints WHERE tenant_id = $1 LIMIT $2)";
    ACTIVITIES = "DELETE FROM activities WHERE id IN (SELECT id FROM activities WHERE tenant_id = $1 LIMIT $2)";
    DEVICES = "DELETE FROM agent_devices WHERE id IN (SELECT id FROM agent_devices WHERE tenant_id = $1 LIMIT $2)";
    HOMES = "UPDATE users SET default_tenant_id = NULL, default_site_id = NULL WHERE id IN \
        (SELECT id FROM users WHERE default_tenant_id = $1 LIMIT $2)";
    REFRESH_TOKENS_BY = refresh_tokens!("client_id");
    ACCESS_TOKENS_OF_SESSIONS_BY = access_tokens_of_sessions!("client_id");
    FAMILIES_BY = families!("client_id");
    SESSIONS_BY = sessions!("client_id");
    ACCESS_TOKENS_BY = delete!("id", "access_tokens", "client_id", "user_id");
}

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

/// Whether more than so many rows hang on it.
pub async fn exceeds(tx: &mut ReadTx<'_>, of: Of, rows: i64) -> Result<bool, StoreError> {
    let statement = match of {
        Of::Tenant(_) => &COUNT_OF_TENANT,
        Of::Client(_) => &COUNT_OF_CLIENT,
    };
    let counted = tx.row(statement, params![of.id(), rows + 1]).await?;
    Ok(counted.map_or(Ok(0), |mut row| row.take::<i64>("count"))? > rows)
}

/// Takes away at most `rows` rows that hang on it, and tells whether that was too few. Whoever goes, goes in the feed.
///
/// Memberships first: with his own, everything that a user holds in a tenant is dead.
pub async fn batch(
    tx: &mut WriteTx<'_>,
    of: Of,
    spared: Option<UserId>,
    rows: i64,
) -> Result<bool, StoreError> {
    let spared = spared.map_or(Uuid::nil(), UserId::uuid);
    let mut left = rows;
    for statement in steps(of) {
        if left <= 0 {
            break;
        }
        let gone = match statement {
            Step::Of(statement) => tx.run(statement, params![of.id(), left, spared]).await?,
            Step::OfAll(statement) => tx.run(statement, params![of.id(), left]).await?,
        };
        left = left.saturating_sub(i64::try_from(gone).unwrap_or(i64::MAX));
    }
    tx.changed(of.id());
    if let Of::Tenant(tenant) = of {
        population::moved(tx, tenant);
    }
    Ok(left <= 0)
}

enum Step {
    /// With somebody spared.
    Of(&'static Statement),
    OfAll(&'static Statement),
}

fn steps(of: Of) -> Vec<Step> {
    match of {
        Of::Tenant(_) => vec![
            Step::Of(&MEMBERSHIPS),
            Step::Of(&REFRESH_TOKENS_IN),
            Step::Of(&ACCESS_TOKENS_OF_SESSIONS_IN),
            Step::Of(&FAMILIES_IN),
            Step::Of(&SESSIONS_IN),
            Step::Of(&ACCESS_TOKENS_IN),
            Step::Of(&TOKENS),
            Step::Of(&MFA_TOKENS),
            Step::Of(&LINKS),
            Step::Of(&WEBHOOKS),
            Step::OfAll(&ENDPOINTS),
            Step::OfAll(&ACTIVITIES),
            Step::OfAll(&DEVICES),
            Step::OfAll(&HOMES),
        ],
        Of::Client(_) => vec![
            Step::Of(&REFRESH_TOKENS_BY),
            Step::Of(&ACCESS_TOKENS_OF_SESSIONS_BY),
            Step::Of(&FAMILIES_BY),
            Step::Of(&SESSIONS_BY),
            Step::Of(&ACCESS_TOKENS_BY),
        ],
    }
}
