//! An installation for what is only tried: where there is none yet, an empty one that goes when it has served.

use store::{Options, SqliteOptions, Store};

use app::Ctx;
use app::seal::MasterKey;

use super::{Installation, Place, ambient, app_config, open_at, url_of};
use crate::aside::Aside;
use crate::failed::Failed;
use crate::settings::Settings;

/// The installation, and the file that stands in for a store that is not there.
pub struct Rehearsal {
    /// On which it is tried.
    pub installation: Installation,
    _aside: Option<Aside>,
}

/// Opens the installation and writes nothing: neither a store nor a key is made, and none is migrated.
pub async fn open_to_rehearse(settings: &Settings) -> Result<Rehearsal, Failed> {
    let (place, url) = (Place::of(settings), url_of(settings));
    if place.is_empty() {
        return stand_in(settings, place, &url).await;
    }
    let failed = |error| place.failed(&error);
    let schema =
        Store::open(&place.options(settings)).await.map_err(failed)?.schema().await.map_err(failed)?;
    match schema.found {
        0 => stand_in(settings, place, &url).await,
        found if found < schema.known => Err(Failed::because(format!(
            "{place} is of an older version of Herald, and a dry run changes nothing; start `herald serve` once"
        ))),
        _ => {
            let installation = open_at(settings, &url).await?;
            Ok(Rehearsal { installation, _aside: None })
        }
    }
}

async fn stand_in(settings: &Settings, place: Place, url: &str) -> Result<Rehearsal, Failed> {
    let ambient = ambient();
    let mut chance = [0; 8];
    ambient.rng.fill(&mut chance);
    let name = format!("herald-dry-run-{:016x}.db", u64::from_be_bytes(chance));
    let path = std::env::temp_dir().join(name);
    let shown = path.display().to_string();
    let aside = Aside::make(path)
        .map_err(|error| Failed::because(format!("{shown} cannot be made: {error}; set TMPDIR")))?;
    let opened = Store::open(&Options::Sqlite(SqliteOptions::at(aside.path()))).await;
    let store = opened.map_err(|error| place.failed(&error))?;
    let master = MasterKey::generate(&*ambient.rng);
    let ctx = Ctx::open(store, ambient, &master, app_config(settings, url)).await;
    let ctx = ctx.map_err(|error| place.not_opened(&error))?;
    Ok(Rehearsal { installation: Installation { ctx, place }, _aside: Some(aside) })
}
