//! What `herald check` finds in a store, without writing to it and without migrating it.

mod clock;
mod old;
mod published;
mod sealed;
mod weak;

use domain::Clock;
use store::{Store, StoreError};

use crate::passwords::Hasher;
use crate::seal::Sealer;
use crate::world::World;

/// Rows of one kind that are named one by one.
const NAMED: i64 = 20;

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether it has to be mended; else it is only worth knowing.
    pub wrong: bool,
    /// What was found, and what to do; a line without "wrong:" before it.
    pub text: String,
}

impl Finding {
    pub fn wrong(text: impl Into<String>) -> Self {
        Self { wrong: true, text: text.into() }
    }

    pub fn note(text: impl Into<String>) -> Self {
        Self { wrong: false, text: text.into() }
    }
}

/// What stored secrets are compared by.
#[derive(Clone, Copy)]
pub struct Tools<'t> {
    /// For passwords.
    pub hasher: &'t Hasher,
    /// For the seeds of authenticators; `None`, where the master key is not there: none can be judged then.
    pub sealer: Option<&'t Sealer>,
}

/// Pages of an SQLite file that do not hold together.
pub async fn damage(store: &Store) -> Result<Vec<Finding>, StoreError> {
    let lines = store.damage(u32::try_from(NAMED).unwrap_or(1)).await?;
    // One finding is one line.
    let say = |line: &String| format!("the store is damaged: {}; restore a backup", line.replace('\n', " "));
    Ok(lines.iter().map(say).map(Finding::wrong).collect())
}

/// Everything sealed that the master key does not open.
pub async fn seals(store: &Store, sealer: &Sealer) -> Result<Vec<Finding>, StoreError> {
    sealed::run(store, sealer).await
}

/// Whether anything is sealed, so that a missing master key matters.
pub async fn needs_key(store: &Store) -> Result<bool, StoreError> {
    store.read(|tx| Box::pin(store::keys::any_sealed(tx))).await
}

/// A clock that shows a time before Herald was written, or before the newest row.
pub async fn clock(store: &Store, clock: &dyn Clock) -> Result<Vec<Finding>, StoreError> {
    clock::run(store, clock).await
}

/// API keys that live, and signing keys in use, that are older than a year.
pub async fn old(store: &Store, clock: &dyn Clock) -> Result<Vec<Finding>, StoreError> {
    old::run(store, clock).await
}

/// Secrets of `world`, which is published, that count in this store.
pub async fn published(
    store: &Store,
    tools: Tools<'_>,
    clock: &dyn Clock,
    world: &World,
) -> Result<Vec<Finding>, StoreError> {
    published::run(store, tools, clock.now(), world).await
}

/// Client secrets under 128 bits.
pub async fn weak(store: &Store) -> Result<Vec<Finding>, StoreError> {
    weak::run(store).await
}
