//! An installation from its settings: the data folder, the store, the master key, and the use cases on them.

mod config;
mod master_key;
mod place;
mod reason;
mod rehearsal;

use std::sync::Arc;

use app::system::{SystemClock, SystemRng};
use app::{Ambient, Ctx};
use store::Store;

use crate::data::Folder;
use crate::failed::Failed;
use crate::settings::{self, Settings};

pub use config::{app_config, hasher_config, mail_config, password_limits, web_config};
pub use master_key::{file as master_key_file, load as load_master_key};
pub use place::Place;
pub use reason::{refused, sentence};
pub use rehearsal::{Rehearsal, open_to_rehearse};

/// What a command works on.
pub struct Installation {
    /// The use cases' hand luggage.
    pub ctx: Arc<Ctx>,
    /// Where its rows are.
    pub place: Place,
}

/// What to do where there is no store yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Make it: for commands that fill a store.
    Make,
    /// Refuse: whoever wants to see or change something looks into the wrong folder.
    Refuse,
}

/// The clock and the chance of this machine.
pub fn ambient() -> Ambient {
    Ambient { clock: Arc::new(SystemClock), rng: Arc::new(SystemRng::new()) }
}

/// Opens the installation for a command that works beside a server.
pub async fn open(settings: &Settings, missing: Missing) -> Result<Installation, Failed> {
    let place = Place::of(settings);
    if missing == Missing::Refuse {
        place.must_be_there()?;
    }
    if uses_folder(settings) {
        Folder::open(&settings.data)?;
    }
    open_at(settings, &url_of(settings)).await
}

/// For commands that do not serve: none of them shows the URL, and none signs with it.
fn url_of(settings: &Settings) -> String {
    settings.public_url.clone().unwrap_or_else(|| format!("http://{}", settings.listen))
}

/// Whether anything lies in the data folder: the SQLite file, or the master key.
pub fn uses_folder(settings: &Settings) -> bool {
    settings.database_url.is_none() || matches!(settings.master_key, settings::MasterKey::InData)
}

/// Opens the store, finds or makes the master key, and opens the installation reached at `public_url`.
///
/// The store stays as it was where it is newer than this program or sealed under another key.
pub async fn open_at(settings: &Settings, public_url: &str) -> Result<Installation, Failed> {
    let place = Place::of(settings);
    let failed = |error| place.failed(&error);
    let ambient = ambient();
    place.make_file()?;
    let store = Store::open(&place.options(settings)).await.map_err(failed)?;
    let schema = store.schema().await.map_err(failed)?;
    if schema.found > schema.known {
        return Err(place.newer(schema));
    }
    let sealed = schema.found > 0 && any_sealed(&store).await.map_err(failed)?;
    let master = master_key::find(settings, sealed, &place, &*ambient.rng)?;
    if sealed && schema.found < schema.known {
        // A migration must not run before it is known that the rest of the start can succeed.
        let opener = app::seal::Sealer::new(&master).map_err(app::OpenError::from);
        let opener = opener.map_err(|error| place.not_opened(&error))?;
        let read = app::keys::read(&store, &opener).await.map_err(app::OpenError::from);
        read.map_err(|error| place.not_opened(&error))?;
    }
    let opened = Ctx::open(store, ambient, &master, app_config(settings, public_url)).await;
    let ctx = opened.map_err(|error| place.not_opened(&error))?;
    Ok(Installation { ctx, place })
}

async fn any_sealed(store: &Store) -> Result<bool, store::StoreError> {
    store.read(|tx| Box::pin(store::keys::any_sealed(tx))).await
}
