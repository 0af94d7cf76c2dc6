//! Whether this installation's master key opens what is sealed in a backup.

use std::fmt::Write as _;
use std::path::Path;

use app::seal::{MasterKeyError, Sealer};
use store::keys::SealedKey;
use store::{Schema, Store, StoreError};

use crate::failed::Failed;
use crate::installation::{self, Place};
use crate::say;
use crate::settings::Settings;

/// A sealed value is a version, the id of its key, and the rest.
const KEY_ID: std::ops::Range<usize> = 1..9;

/// Opens everything sealed in `aside`, which is the copy of `file`.
pub async fn check(settings: &Settings, aside: &Path, file: &Path, schema: Schema) -> Result<(), Failed> {
    let place = Place::File(aside.to_owned());
    let failed = |error: StoreError| place.failed(&error);
    let store = Store::open(&place.options(settings)).await.map_err(failed)?;
    let (shown, wanted) = (file.display(), "the store is as it was");
    if !app::check::needs_key(&store).await.map_err(failed)? {
        return match installation::load_master_key(settings) {
            Err(MasterKeyError::Missing { path }) => say::line(&format!(
                "there is no master key file {}, and nothing is sealed; the next start makes one",
                path.display()
            )),
            Ok(_) | Err(_) => Ok(()),
        };
    }
    let key = installation::load_master_key(settings).map_err(|error| {
        Failed::because(match error {
            MasterKeyError::Missing { path } => format!(
                "{shown} holds sealed secrets, but there is no master key file {}; put the key there under which they \
                 were sealed; {wanted}",
                path.display()
            ),
            error => format!("{error}; put the right master key there; {wanted}"),
        })
    })?;
    let sealer = Sealer::new(&key)
        .map_err(|error| Failed::because(format!("the master key cannot be used: {error}; {wanted}")))?;
    let keys: Vec<SealedKey> = store.read(|tx| Box::pin(store::keys::all(tx))).await.map_err(failed)?;
    let theirs = keys.iter().find_map(|key| key.sealed.get(KEY_ID));
    if let Some(theirs) = theirs.filter(|theirs| *theirs != sealer.key_id()) {
        return Err(Failed::because(format!(
            "{shown} was sealed under another master key (its id is {}) than the one given ({}); give the right one by \
             `master_key` or `master_key_file`; {wanted}",
            hex(theirs),
            hex(&sealer.key_id())
        )));
    }
    let found = match app::keys::read(&store, &sealer).await {
        Err(error) => Some(error.to_string()),
        // Today's statements may not fit yesterday's tables.
        Ok(_) if schema.found < schema.known => None,
        Ok(_) => app::check::seals(&store, &sealer).await.map_err(failed)?.into_iter().next().map(|f| f.text),
    };
    match found {
        Some(why) => Err(Failed::because(format!("{shown} does not open: {why}; {wanted}"))),
        None => Ok(()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
