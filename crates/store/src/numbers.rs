//! Numbers for the dialects whose ids are integers: blocks of 1,000 a node, never reused.

use std::collections::{HashMap, VecDeque};

use tokio::sync::Mutex;

use crate::db::{ReadTx, Row, params, statements};
use crate::{Store, StoreError};

statements! { "counters";
    TAKE_BLOCK = "UPDATE counters SET next = next + $2 WHERE kind = $1 AND next + $2 <= $3 RETURNING next";
    TAKEN_TENANTS = "SELECT number FROM tenants WHERE number >= $1 AND number < $2";
    TAKEN_USERS = "SELECT number FROM users WHERE number >= $1 AND number < $2";
    TAKEN_SESSIONS = "SELECT number FROM sessions WHERE number >= $1 AND number < $2";
    TAKEN_TOKENS = "SELECT number FROM tokens WHERE number >= $1 AND number < $2";
    TAKEN_WEBHOOKS = "SELECT number FROM webhooks WHERE number >= $1 AND number < $2";
}

const BLOCK: i64 = 1_000;
/// 2^53 − 1: JavaScript reads these numbers.
pub const MAX: i64 = 9_007_199_254_740_991;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    Tenant,
    User,
    Session,
    Token,
    Webhook,
}

impl Counted {
    const fn key(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::User => "user",
            Self::Session => "session",
            Self::Token => "token",
            Self::Webhook => "webhook",
        }
    }

    fn taken(self) -> &'static crate::Statement {
        match self {
            Self::Tenant => &TAKEN_TENANTS,
            Self::User => &TAKEN_USERS,
            Self::Session => &TAKEN_SESSIONS,
            Self::Token => &TAKEN_TOKENS,
            Self::Webhook => &TAKEN_WEBHOOKS,
        }
    }
}

/// Numbers from `from` to before `until` that rows of the kind have.
pub async fn taken(
    tx: &mut ReadTx<'_>,
    kind: Counted,
    from: i64,
    until: i64,
) -> Result<Vec<i64>, StoreError> {
    tx.list(kind.taken(), params![from, until], |mut row: Row| row.take("number")).await
}

#[derive(Default)]
pub(crate) struct Numbers(Mutex<HashMap<Counted, VecDeque<i64>>>);

impl Store {
    /// The next number of its kind. Taken outside the transaction that will use it, so that one that rolls
    /// back loses a number and never shares one.
    pub async fn next_number(&self, kind: Counted) -> Result<i64, StoreError> {
        let mut blocks = self.numbers.0.lock().await;
        let block = blocks.entry(kind).or_default();
        while block.is_empty() {
            *block = self.take_block(kind).await?;
        }
        block.pop_front().ok_or(StoreError::Bug("took an empty block of numbers"))
    }

    /// A block less what a world file has taken in it.
    async fn take_block(&self, kind: Counted) -> Result<VecDeque<i64>, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let row = tx.row(&TAKE_BLOCK, params![kind.key(), BLOCK, MAX]).await?;
                let mut row = row.ok_or(StoreError::Bug("ran out of numbers"))?;
                let end: i64 = row.take("next")?;
                let taken = taken(tx, kind, end - BLOCK, end).await?;
                Ok((end - BLOCK..end).filter(|n| !taken.contains(n)).collect())
            })
        })
        .await
    }
}
