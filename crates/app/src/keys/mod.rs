//! The signing keys of the installation: made on first start, sealed under the master key.

mod live;

use domain::{Clock, Rng};
use store::keys::SealedKey;
use store::{Store, StoreError};
use zeroize::Zeroizing;

pub use live::LiveKeys;

use crate::jwt::{Algorithm, KeyError, KeyRing, Purpose, RingError, SigningKey};
use crate::seal::{CryptoFailure, OpenError, Place, Sealer};

#[derive(Clone, Debug, thiserror::Error)]
pub enum KeysError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Crypto(#[from] CryptoFailure),
    /// The master key is not the one under which they were sealed, or a row was damaged.
    #[error("the signing key {kid} cannot be opened: {cause}")]
    Sealed { kid: uuid::Uuid, cause: OpenError },
    #[error("the signing key {kid} is of an unknown kind")]
    Unknown { kid: uuid::Uuid },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Ring(#[from] RingError),
}

const PURPOSES: [Purpose; 3] = [Purpose::OauthAccess, Purpose::ApiToken, Purpose::Frontegg];

/// Opens what is there and makes what is missing: one key a purpose, of the algorithm in force.
pub async fn open(
    store: &Store,
    sealer: &Sealer,
    ambient: (&dyn Clock, &dyn Rng),
    algorithm: Algorithm,
) -> Result<KeyRing, KeysError> {
    let mut keys = read(store, sealer).await?;
    let wanted = |purpose| match purpose {
        // Its clients verify with one RSA PEM (frontegg.md §4).
        Purpose::Frontegg => Algorithm::Rs256,
        Purpose::OauthAccess | Purpose::ApiToken => algorithm,
    };
    let mut made = Vec::new();
    for purpose in PURPOSES {
        let newest = keys.iter().rev().find(|key| key.purpose() == purpose);
        if newest.is_none_or(|key| key.algorithm() != wanted(purpose)) {
            made.push(make(sealer, ambient, wanted(purpose), purpose)?);
        }
    }
    if !made.is_empty() {
        keep(store, made).await?;
        // What counts is what the store now holds, whoever made it.
        keys = read(store, sealer).await?;
    }
    Ok(KeyRing::new(keys)?)
}

/// The keys of the store, oldest first.
///
/// # Errors
/// `Sealed` where the master key is another one.
pub async fn read(store: &Store, sealer: &Sealer) -> Result<Vec<SigningKey>, KeysError> {
    let rows = store.read(|tx| Box::pin(store::keys::all(tx))).await.map_err(KeysError::Store)?;
    rows.iter().map(|key| unseal(sealer, key)).collect()
}

fn make(
    sealer: &Sealer,
    (clock, rng): (&dyn Clock, &dyn Rng),
    algorithm: Algorithm,
    purpose: Purpose,
) -> Result<SealedKey, KeysError> {
    let id = domain::ids::new_v7(clock, rng);
    let key = SigningKey::generate(algorithm, purpose, id.to_string())?;
    Ok(SealedKey {
        id,
        purpose: purpose.as_str().to_owned(),
        algorithm: algorithm.as_str().to_owned(),
        sealed: sealer.seal(place(id.as_bytes()), key.private_der(), rng)?,
        created_at: clock.now(),
    })
}

async fn keep(store: &Store, keys: Vec<SealedKey>) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            let keys = keys.clone();
            Box::pin(async move {
                // Two processes that start together take turns here, and the second finds its work done.
                store::installation::hold(tx, "vendor_id").await?;
                let there = store::keys::all(tx).await?;
                for key in &keys {
                    let newest = there.iter().rev().find(|other| other.purpose == key.purpose);
                    if newest.is_none_or(|other| other.algorithm != key.algorithm) {
                        store::keys::add(tx, key).await?;
                    }
                }
                Ok(())
            })
        })
        .await
}

pub(crate) fn unseal(sealer: &Sealer, key: &SealedKey) -> Result<SigningKey, KeysError> {
    let (Some(algorithm), Some(purpose)) = (Algorithm::parse(&key.algorithm), Purpose::parse(&key.purpose))
    else {
        return Err(KeysError::Unknown { kid: key.id });
    };
    let der: Zeroizing<Vec<u8>> = sealer
        .open(place(key.id.as_bytes()), &key.sealed)
        .map_err(|cause| KeysError::Sealed { kid: key.id, cause })?;
    Ok(SigningKey::from_pkcs8(algorithm, purpose, key.id.to_string(), der)?)
}

fn place(row: &[u8]) -> Place<'_> {
    Place { table: "signing_keys", column: "sealed", row }
}
