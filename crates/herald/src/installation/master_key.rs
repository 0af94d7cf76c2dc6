//! The master key: given, found in its file, or made where nothing is sealed yet.

use std::path::PathBuf;

use app::seal::{MasterKey, MasterKeyError};
use domain::Rng;
use secrecy::ExposeSecret;

use super::Place;
use crate::failed::Failed;
use crate::settings::{self, Settings};

/// The key's file in the data folder.
const FILE: &str = "master.key";

/// The file that holds the key; `None` where the settings hold the key itself.
pub fn file(settings: &Settings) -> Option<PathBuf> {
    match &settings.master_key {
        settings::MasterKey::InData => Some(settings.data.join(FILE)),
        settings::MasterKey::File(file) => Some(file.clone()),
        settings::MasterKey::Value(_) => None,
    }
}

/// The key as it is; never made.
pub fn load(settings: &Settings) -> Result<MasterKey, MasterKeyError> {
    match (&settings.master_key, file(settings)) {
        (settings::MasterKey::Value(text), _) => MasterKey::from_base64(text.expose_secret()),
        (_, Some(file)) => MasterKey::load(&file),
        (settings::MasterKey::InData | settings::MasterKey::File(_), None) => {
            Err(MasterKeyError::Missing { path: PathBuf::from(FILE) })
        }
    }
}

/// The key as it is, or a new one where nothing in the store is sealed.
pub(super) fn find(
    settings: &Settings,
    sealed: bool,
    place: &Place,
    rng: &dyn Rng,
) -> Result<MasterKey, Failed> {
    let found = match file(settings) {
        Some(file) if !sealed => MasterKey::load_or_make(&file, rng),
        Some(_) | None => load(settings),
    };
    found.map_err(|error| match error {
        MasterKeyError::Missing { path } => Failed::because(format!(
            "{place} holds sealed secrets, but there is no master key file {}; put the file back, or give the key by \
             `master_key` or `master_key_file`",
            path.display()
        )),
        MasterKeyError::NotBase64 | MasterKeyError::Length { .. } | MasterKeyError::Io { .. } => Failed::because(
            format!("{error}; put the right key back, or give it by `master_key` or `master_key_file`"),
        ),
    })
}
