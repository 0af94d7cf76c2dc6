//! Whether this node can answer, and how much it holds.

use store::StoreError;

use crate::Ctx;
use crate::failure::{Failure, Kind};

impl Ctx {
    /// The store answers, and where the read model may answer for it, the change feed was heard within the bound. Where the
    /// last write failed by its disk, one is tried: once there is room, who watches must see it without anybody's request.
    ///
    /// # Errors
    /// `Unavailable` where not.
    pub async fn ready(&self) -> Result<(), Failure> {
        let away = || {
            let kind = Kind::Unavailable { retry_after: self.config.revocation_bound };
            Failure::new(kind, "unavailable", "The service is unavailable for the moment.")
        };
        let fresh = || self.store.feed().is_fresh(self.clock.monotonic(), self.config.revocation_bound);
        // Elsewhere every look-up reads the store, so there is no lease to lose.
        if self.store.leases() && !fresh() {
            return Err(away());
        }
        if self.store.is_stuck() {
            let probed: Result<(), StoreError> =
                self.store.write(|tx| Box::pin(store::installation::probe(tx))).await;
            probed.map_err(|_| away())?;
        }
        let seen = self.store.read(|tx| Box::pin(store::installation::get(tx, "vendor_id"))).await;
        seen.map_err(Failure::from)?.map(|_| ()).ok_or_else(away)
    }

    /// Entries of the read model.
    pub fn read_model_entries(&self) -> usize {
        self.model.len()
    }
}
