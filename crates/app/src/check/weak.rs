//! Client secrets that can be guessed. They are digested, not hashed (engine.md §7), so their length is all they have.

use store::{Store, StoreError};

use super::{Finding, NAMED};

/// 128 bits.
const BYTES: i64 = 16;

pub(super) async fn run(store: &Store) -> Result<Vec<Finding>, StoreError> {
    let weak: Vec<String> = store.scan(|tx| Box::pin(store::health::weak_clients(tx, BYTES, NAMED))).await?;
    let say = |id: &String| {
        Finding::wrong(format!(
            "the client {id} has a secret of less than 128 bits; give it one of at least {BYTES} random bytes"
        ))
    };
    Ok(weak.iter().map(say).collect())
}
