//! What the master key should open: signing keys, TOTP seeds, copies of API keys.

use domain::{TokenId, UserId};
use store::health::{self, Sealed};
use store::{Store, StoreError};
use uuid::Uuid;

use super::Finding;
use crate::keys::{self, KeysError};
use crate::mfa::totp;
use crate::seal::{OpenError, Place, Sealer};

/// Rows read at once.
const PAGE: i64 = 1_000;

pub(super) async fn run(store: &Store, sealer: &Sealer) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    let signing: Vec<_> = store.read(|tx| Box::pin(store::keys::all(tx))).await?;
    for key in &signing {
        match keys::unseal(sealer, key) {
            Ok(_) => {}
            Err(KeysError::Store(error)) => return Err(error),
            Err(error) => {
                findings
                    .push(Finding::wrong(format!("{error}; give the right master key, or restore a backup")));
            }
        }
    }
    for (column, what) in [(Sealed::Seeds, "seeds of authenticators"), (Sealed::Copies, "copies of API keys")]
    {
        let shut = shut(store, sealer, column).await?;
        if shut > 0 {
            let text =
                format!("{shut} {what} cannot be opened; give the right master key, or restore a backup");
            findings.push(Finding::wrong(text));
        }
    }
    Ok(findings)
}

/// How many values of a column do not open.
async fn shut(store: &Store, sealer: &Sealer, column: Sealed) -> Result<usize, StoreError> {
    let (mut after, mut count) = (Uuid::nil(), 0);
    loop {
        let page: Vec<(Uuid, Vec<u8>)> =
            store.scan(move |tx| Box::pin(health::sealed(tx, column, after, PAGE))).await?;
        let Some((last, _)) = page.last() else { return Ok(count) };
        after = *last;
        count += page.iter().filter(|(row, value)| open(sealer, column, *row, value).is_err()).count();
    }
}

fn open(sealer: &Sealer, column: Sealed, row: Uuid, value: &[u8]) -> Result<(), OpenError> {
    match column {
        Sealed::Seeds => sealer.open(totp::place(&UserId::from_uuid(row)), value).map(drop),
        Sealed::Copies => {
            let id = TokenId::from_uuid(row);
            sealer.open(Place { table: "tokens", column: "sealed", row: id.as_bytes() }, value).map(drop)
        }
    }
}
