//! Keys that have been in use for long: whoever could copy one has had the time to.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Clock, Timestamp};
use store::health::Key;
use store::keys::SealedKey;
use store::{Store, StoreError};

use super::{Finding, NAMED};

/// As long as a key may be given to live, unless `tokens.max_ttl` says otherwise.
const YEAR: Duration = Duration::from_hours(365 * 24);

pub(super) async fn run(store: &Store, clock: &dyn Clock) -> Result<Vec<Finding>, StoreError> {
    let now = clock.now();
    let before = now.minus(YEAR);
    let keys = store.scan(move |tx| Box::pin(store::health::old_keys(tx, (before, now), NAMED))).await?;
    let signing = store.read(|tx| Box::pin(store::keys::all(tx))).await?;
    // Oldest first: the last one of a purpose is the one that signs.
    let signing: BTreeMap<&str, &SealedKey> = signing.iter().map(|key| (key.purpose.as_str(), key)).collect();
    let signing = signing.values().filter(|key| key.created_at < before).map(|key| {
        Finding::note(format!(
            "the signing key {} ({}) is {} days old; a version with `herald keys rotate` will make another",
            key.id,
            key.algorithm,
            days(now, key.created_at)
        ))
    });
    Ok(keys.iter().map(|key| said(key, now)).chain(signing).collect())
}

fn said(key: &Key, now: Timestamp) -> Finding {
    let Key { id, name, created_at, owner, tenant } = key;
    let of =
        owner.as_deref().map_or_else(|| format!("{tenant} itself"), |owner| format!("{owner} in {tenant}"));
    let days = days(now, *created_at);
    Finding::note(format!(
        "the key {id} ({name}) of {of} is {days} days old; make another, and then `herald token revoke {id}`"
    ))
}

fn days(now: Timestamp, then: Timestamp) -> u64 {
    now.since(then).as_secs() / 86_400
}
