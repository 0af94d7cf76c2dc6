//! The ring in force, and how a node hears of a key that another node made: by the first token that names it.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use serde::Serialize;
use serde_json::Value;
use store::StoreError;
use tokio::sync::Mutex;

use super::{KeysError, unseal};
use crate::Ctx;
use crate::jwt::{KeyRing, Purpose, Rejected, SignError, Verified};

/// Tokens that name no key known here make this node ask the store so often at most: anybody can make such tokens up.
const UNKNOWN_KEY: Duration = Duration::from_secs(1);
/// The key set is made of what the store held that long ago at most.
const KEY_SET: Duration = Duration::from_secs(5);

pub struct LiveKeys {
    ring: RwLock<Arc<KeyRing>>,
    /// When the store was asked last, monotonic. Held by who asks, so that the others wait for the answer.
    asked: Mutex<Option<Duration>>,
}

impl LiveKeys {
    pub(crate) fn new(ring: KeyRing) -> Self {
        Self { ring: RwLock::new(Arc::new(ring)), asked: Mutex::new(None) }
    }

    fn ring(&self) -> Arc<KeyRing> {
        Arc::clone(&self.ring.read())
    }

    /// See [`KeyRing::sign`].
    pub fn sign(&self, purpose: Purpose, typ: &str, claims: &impl Serialize) -> Result<String, SignError> {
        self.ring().sign(purpose, typ, claims)
    }

    /// The public keys that this node knows of, as a JWK set; [`Ctx::jwks`] looks for others'.
    pub fn jwks(&self) -> Value {
        self.ring().jwks()
    }

    /// See [`KeyRing::public_pem`].
    pub fn public_pem(&self, purpose: Purpose) -> Option<String> {
        self.ring().public_pem(purpose)
    }

    /// See [`KeyRing::signs`].
    pub fn signs(&self, purpose: Purpose) -> bool {
        self.ring().signs(purpose)
    }
}

impl Ctx {
    /// Checks a token against the keys of the installation, those included that another node has just made.
    ///
    /// # Errors
    /// The store could not be asked about a key that is unknown here.
    pub(crate) async fn verify(&self, token: &str) -> Result<Result<Verified, Rejected>, StoreError> {
        match self.keys.ring().verify(token) {
            Err(Rejected::UnknownKey) => {
                self.hear_of_keys(UNKNOWN_KEY).await?;
                Ok(self.keys.ring().verify(token))
            }
            verified => Ok(verified),
        }
    }

    /// The public keys of the installation as a JWK set (RFC 7517 §5), whichever node made them.
    ///
    /// # Errors
    /// The store could not be asked.
    pub async fn jwks(&self) -> Result<Value, StoreError> {
        self.hear_of_keys(KEY_SET).await?;
        Ok(self.keys.jwks())
    }

    async fn hear_of_keys(&self, pause: Duration) -> Result<(), StoreError> {
        let mut asked = self.keys.asked.lock().await;
        let now = self.clock.monotonic();
        if asked.is_some_and(|at| now.saturating_sub(at) < pause) {
            return Ok(());
        }
        match self.renewed().await {
            Ok(ring) => *self.keys.ring.write() = Arc::new(ring),
            Err(KeysError::Store(error)) => return Err(error),
            Err(error) => tracing::error!(%error, "another node's signing keys cannot be used"),
        }
        *asked = Some(now);
        Ok(())
    }

    /// Of the keys that the store holds now.
    async fn renewed(&self) -> Result<KeyRing, KeysError> {
        let rows = self.store.read(|tx| Box::pin(store::keys::all(tx))).await.map_err(KeysError::Store)?;
        let kids: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
        let unknown = KeysError::Unknown { kid: uuid::Uuid::nil() };
        let open = |at: usize| rows.get(at).map_or(Err(unknown.clone()), |row| unseal(&self.sealer, row));
        self.keys.ring().renewed(&kids, open)
    }
}
