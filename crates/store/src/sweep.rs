//! Sweeping what is over, and what hung on what was deleted: bounded batches, by one node at a time (design.md §4).
//!
//! Each statement names its rows in a subquery with a limit, in the order of an index, and says again outside it
//! what makes them over: PostgreSQL, when it had to wait for somebody's change of a row, looks at the outer
//! condition anew and at the subquery not.

use std::collections::BTreeMap;
use std::fmt;

use domain::Timestamp;
use uuid::Uuid;

use crate::Statement;
use crate::db::{WriteTx, params, statements};
use crate::drain;
use crate::error::StoreError;

/// Sessions that were over before $1: the first $2 for each way in which one ends.
macro_rules! over {
    () => {
        "(SELECT id FROM (SELECT id FROM sessions WHERE ended_at < $1 ORDER BY ended_at LIMIT $2) AS ended \
        UNION SELECT id FROM (SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2) AS expired \
        UNION SELECT id FROM (SELECT id FROM sessions WHERE idle IS NOT NULL AND last_used_at + idle < $1 \
        ORDER BY last_used_at + idle LIMIT $2) AS idle) AS o"
    };
}
/// The last moment at which a lockout still meant something.
macro_rules! last {
    () => {
        "CASE WHEN locked_until > window_from THEN locked_until ELSE window_from END"
    };
}

statements! { "sweeps";
    HOLD = "UPDATE sweeps SET holder = $1, until = $3 \
        WHERE id = 1 AND (holder = $1 OR until <= $2 OR until > $4) RETURNING id";
    ACCESS_TOKENS = "DELETE FROM access_tokens WHERE id IN \
        (SELECT id FROM access_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2) AND +expires_at < $1";
    REFRESH_TOKENS = concat!("DELETE FROM refresh_tokens WHERE digest IN (SELECT t.digest FROM ", over!(),
        " JOIN families f ON f.session_id = o.id JOIN refresh_tokens t ON t.family_id = f.id LIMIT $2)");
    ACCESS_TOKENS_OF_SESSIONS = concat!("DELETE FROM access_tokens WHERE id IN (SELECT a.id FROM ", over!(),
        " JOIN access_tokens a ON a.session_id = o.id LIMIT $2)");
    FAMILIES = concat!("DELETE FROM families WHERE id IN (SELECT f.id FROM ", over!(),
        " JOIN families f ON f.session_id = o.id \
        WHERE NOT EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.family_id = f.id) \
        AND NOT EXISTS (SELECT 1 FROM access_tokens a WHERE a.family_id = f.id) LIMIT $2)");
    SESSIONS = concat!("DELETE FROM sessions WHERE id IN (SELECT o.id FROM ", over!(),
        " WHERE NOT EXISTS (SELECT 1 FROM families f WHERE f.session_id = o.id) \
        AND NOT EXISTS (SELECT 1 FROM access_tokens a WHERE a.session_id = o.id) LIMIT $2) \
        AND (+ended_at < $1 OR +expires_at < $1 OR +last_used_at + idle < $1)");
    MFA_TOKENS = "DELETE FROM mfa_tokens WHERE digest IN \
        (SELECT digest FROM mfa_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2) AND +expires_at < $1";
    LINKS = "DELETE FROM links WHERE id IN \
        (SELECT id FROM links WHERE expires_at < $1 ORDER BY expires_at LIMIT $2) AND +expires_at < $1";
    LOCKOUTS = concat!("DELETE FROM lockouts WHERE digest IN (SELECT digest FROM lockouts WHERE ", last!(),
        " < $1 ORDER BY ", last!(), " LIMIT $2) AND +(", last!(), ") < $1");
    EXPIRED_TOKENS = "DELETE FROM tokens WHERE id IN (SELECT id FROM tokens \
        WHERE expires_at < $1 AND origin = '' ORDER BY expires_at LIMIT $2) AND +expires_at < $1";
    REVOKED_TOKENS = "DELETE FROM tokens WHERE id IN (SELECT id FROM tokens \
        WHERE revoked_at < $1 AND origin = '' ORDER BY revoked_at LIMIT $2) AND +revoked_at < $1";
    FEED = "DELETE FROM feed WHERE n <= (SELECT MAX(n) FROM (SELECT n FROM feed \
        WHERE n <= (SELECT n FROM feed_head WHERE id = 1) - $1 ORDER BY n LIMIT $2) AS first)";
}

/// A claim on the sweeping.
#[derive(Clone, Copy, Debug)]
pub struct Hold {
    pub holder: Uuid,
    pub now: Timestamp,
    /// Until when nobody else may, unless it is moved on.
    pub until: Timestamp,
    /// No honest claim reaches further: one that does was made by a clock that ran ahead, and does not count.
    pub farthest: Timestamp,
}

/// What is over: rows whose end lies before these moments.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    pub access_tokens: Timestamp,
    /// Ended, expired or idle; their families, refresh and access tokens go with them.
    pub sessions: Timestamp,
    pub mfa_tokens: Timestamp,
    /// Invitations and password resets, used or not.
    pub links: Timestamp,
    /// Both the lock's end and the opening of the window.
    pub lockouts: Timestamp,
    /// Expired or revoked API tokens.
    pub tokens: Timestamp,
    /// How many of the newest numbers the change feed keeps.
    pub feed_kept: i64,
}

/// Rows swept, by table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept(BTreeMap<&'static str, u64>);

impl Swept {
    pub fn of(&self, table: &str) -> u64 {
        self.0.get(table).copied().unwrap_or(0)
    }

    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    pub fn add(&mut self, other: &Self) {
        for (table, rows) in &other.0 {
            self.count(table, *rows);
        }
    }

    fn count(&mut self, table: &'static str, rows: u64) {
        if rows > 0 {
            *self.0.entry(table).or_default() += rows;
        }
    }
}

/// `sessions: 3, tokens: 1`.
impl fmt::Display for Swept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(|(table, rows)| format!("{table}: {rows}")).collect();
        f.write_str(&parts.join(", "))
    }
}

/// Claims the sweeping, or holds on to it: the first statement of every batch, so that a sweeper that stood still
/// meanwhile goes no further than this. `false`: it is another's.
pub async fn hold(tx: &mut WriteTx<'_>, hold: &Hold) -> Result<bool, StoreError> {
    tx.any(&HOLD, params![hold.holder, hold.now, hold.until, hold.farthest]).await
}

/// Deletes at most `rows` rows, and tells whether that was too few for what is over. It begins with the table that
/// `turn` points at, so that one with much to sweep does not keep the others waiting; what hung on deleted tenants and
/// clients has every other turn first.
///
/// A session goes after its children, so that no cascade makes a batch longer than it says. Two things are more
/// than one row: the roles of a token go with it, and a number of the feed goes whole, since a reader who hears half of
/// one would not know that he missed the rest.
pub async fn batch(
    tx: &mut WriteTx<'_>,
    before: &Before,
    rows: i64,
    turn: usize,
) -> Result<(Swept, bool), StoreError> {
    let groups = groups(before);
    let order = groups.iter().cycle().skip(turn % groups.len()).take(groups.len());
    let (mut swept, mut left) = (Swept::default(), rows);
    if turn.is_multiple_of(2) {
        left -= ended(tx, &mut swept, left).await?;
    }
    for (table, statement, bound) in order.flatten() {
        if left <= 0 {
            break;
        }
        let gone = tx.run(statement, params![*bound, left]).await?;
        swept.count(table, gone);
        left = left.saturating_sub(i64::try_from(gone).unwrap_or(i64::MAX));
    }
    if left > 0 && !turn.is_multiple_of(2) {
        left -= ended(tx, &mut swept, left).await?;
    }
    Ok((swept, left <= 0))
}

/// Of tenants and clients that were deleted; how many rows.
async fn ended(tx: &mut WriteTx<'_>, swept: &mut Swept, rows: i64) -> Result<i64, StoreError> {
    let gone = drain::batch(tx, rows).await?;
    for (table, rows) in &gone {
        swept.count(table, *rows);
    }
    let taken: u64 = gone.iter().map(|(_, rows)| rows).sum();
    Ok(i64::try_from(taken).unwrap_or(i64::MAX))
}

type Step = (&'static str, &'static Statement, i64);

/// Steps of one group keep their order.
fn groups(before: &Before) -> [Vec<Step>; 7] {
    let (sessions, tokens) = (before.sessions.as_micros(), before.tokens.as_micros());
    [
        vec![("access_tokens", &ACCESS_TOKENS, before.access_tokens.as_micros())],
        vec![
            ("refresh_tokens", &REFRESH_TOKENS, sessions),
            ("access_tokens", &ACCESS_TOKENS_OF_SESSIONS, sessions),
            ("families", &FAMILIES, sessions),
            ("sessions", &SESSIONS, sessions),
        ],
        vec![("mfa_tokens", &MFA_TOKENS, before.mfa_tokens.as_micros())],
        vec![("links", &LINKS, before.links.as_micros())],
        vec![("lockouts", &LOCKOUTS, before.lockouts.as_micros())],
        vec![("tokens", &EXPIRED_TOKENS, tokens), ("tokens", &REVOKED_TOKENS, tokens)],
        vec![("feed", &FEED, before.feed_kept)],
    ]
}
