//! The machine's clock, by what is known from elsewhere.

use std::time::Duration;

use domain::{Clock, Timestamp};
use store::{Store, StoreError};

use super::Finding;

/// 2026-01-01T00:00:00Z: no working clock shows an earlier time.
const WRITTEN: Timestamp = Timestamp::from_secs(1_767_225_600);
/// How far two nodes' clocks may differ.
const DRIFT: Duration = Duration::from_mins(1);

pub(super) async fn run(store: &Store, clock: &dyn Clock) -> Result<Vec<Finding>, StoreError> {
    let now = clock.now();
    let newest = store.read(|tx| Box::pin(store::health::newest(tx))).await?;
    let shown = now.rfc3339_secs();
    Ok(match newest {
        _ if now < WRITTEN => vec![Finding::wrong(format!("the clock shows {shown}; set it"))],
        Some(newest) if now.plus(DRIFT) < newest => vec![Finding::wrong(format!(
            "the clock shows {shown}, but the newest row of the store was written at {}; set the clock",
            newest.rfc3339_secs()
        ))],
        Some(_) | None => Vec::new(),
    })
}
