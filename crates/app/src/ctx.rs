//! What every use case is handed: the store, the clock, chance, keys, the hashing pool, the configuration.

use std::sync::Arc;

use domain::{Clock, Rng, Timestamp};
use store::{Store, StoreError};
use uuid::Uuid;

use crate::account::Used;
use crate::config::Config;
use crate::keys::LiveKeys;
use crate::mail::{self, Outbox};
use crate::passwords::{Hasher, StartError};
use crate::principal::ReadModel;
use crate::refusals::Refusals;
use crate::seal::{CryptoFailure, MasterKey, Sealer};
use crate::{keys, principal};

pub struct Ctx {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub rng: Arc<dyn Rng>,
    pub config: Config,
    pub keys: LiveKeys,
    pub sealer: Sealer,
    pub hasher: Hasher,
    pub mail: Outbox,
    /// Stands for the installation in Frontegg's dialect.
    pub vendor_id: Uuid,
    pub(crate) model: ReadModel,
    pub(crate) used: Used,
    pub(crate) refusals: Refusals,
}

/// Where time and chance come from.
#[derive(Clone)]
pub struct Ambient {
    pub clock: Arc<dyn Clock>,
    pub rng: Arc<dyn Rng>,
}

/// Why an installation did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Keys(#[from] keys::KeysError),
    #[error("the hashing pool did not start: {0}")]
    Hasher(#[from] StartError),
    #[error("no mail can be sent: {0}")]
    Mail(mail::Fault),
    #[error("the master key could not be used: {0}")]
    Crypto(#[from] CryptoFailure),
}

impl Ctx {
    /// Migrates the store, seeds what every installation has, opens or makes the signing keys.
    ///
    /// # Errors
    /// The store as it was where it is newer, or sealed under another master key.
    pub async fn open(
        store: Store,
        ambient: Ambient,
        master: &MasterKey,
        config: Config,
    ) -> Result<Arc<Self>, OpenError> {
        let Ambient { clock, rng } = ambient;
        let now = clock.now();
        store.migrate(now).await?;
        let sealer = Sealer::new(master)?;
        let vendor_id =
            settle(&store, config.vendor_id.unwrap_or_else(|| domain::ids::new_v7(&*clock, &*rng)), now);
        let vendor_id = config.vendor_id.unwrap_or(vendor_id.await?);
        let keys = keys::open(&store, &sealer, (&*clock, &*rng), config.tokens.algorithm).await?;
        let keys = LiveKeys::new(keys);
        let hasher = Hasher::start(config.hasher)?;
        let mail = Outbox::open(config.mail.as_ref(), &clock, &rng).map_err(OpenError::Mail)?;
        let model = principal::ReadModel::new();
        let used = Used::new();
        let refusals = Refusals::default();
        Ok(Arc::new(Self {
            store,
            clock,
            rng,
            config,
            keys,
            sealer,
            hasher,
            mail,
            vendor_id,
            model,
            used,
            refusals,
        }))
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new UUID v7.
    pub fn new_id(&self) -> Uuid {
        domain::ids::new_v7(&*self.clock, &*self.rng)
    }

    /// `N` random bytes.
    pub fn chance<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill(&mut bytes);
        bytes
    }
}

/// Seeds the built-in rows; the vendor id that was settled first.
async fn settle(store: &Store, vendor_id: Uuid, now: Timestamp) -> Result<Uuid, StoreError> {
    let text = store
        .write(move |tx| {
            Box::pin(async move {
                store::installation::seed(tx, now).await?;
                store::installation::set_once(tx, "vendor_id", &vendor_id.to_string()).await
            })
        })
        .await?;
    Uuid::try_parse(&text).map_err(|_| StoreError::Corrupt { table: "installation", column: "value" })
}
