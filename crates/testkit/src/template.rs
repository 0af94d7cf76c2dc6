//! Installations made once a process and copied for each test: keys of RSA and the demo's hashes take their time.

use std::sync::OnceLock;
use std::thread;

use rusqlite::Connection;

use crate::Engine;
use crate::installation::Installation;
use crate::place::{Place, on_postgres};
use crate::setup::{Setup, World};

static SQLITE_DEMO: OnceLock<Place> = OnceLock::new();
static SQLITE_NOBODY: OnceLock<Place> = OnceLock::new();
static POSTGRES_DEMO: OnceLock<Place> = OnceLock::new();
static POSTGRES_NOBODY: OnceLock<Place> = OnceLock::new();

/// Chance of the templates; no test draws from it again.
const SEED: u64 = u64::MAX;

/// A copy of the installation that begins with `world`.
pub(crate) async fn copy(engine: Engine, world: World) -> Place {
    let home = match (engine, &world) {
        (Engine::Sqlite, World::Demo) => &SQLITE_DEMO,
        (Engine::Sqlite, World::Nobody | World::Text(_)) => &SQLITE_NOBODY,
        (Engine::Postgres, World::Demo) => &POSTGRES_DEMO,
        (Engine::Postgres, World::Nobody | World::Text(_)) => &POSTGRES_NOBODY,
    };
    let world = if world == World::Demo { World::Demo } else { World::Nobody };
    let template = home.get_or_init(|| made_apart(engine, world));
    let place = Place::new(engine);
    match engine {
        Engine::Sqlite => {
            // Reads what still stands in the log beside the file, too.
            let from = Connection::open(template.file()).expect("the template opens");
            let to = place.file().display().to_string();
            from.execute("VACUUM INTO ?1", [to]).expect("the template is copied");
        }
        Engine::Postgres => {
            let (name, root) = database_of(place.url());
            let (from, _) = database_of(template.url());
            on_postgres(&root, &format!("DROP DATABASE \"{name}\"")).await;
            on_postgres(&root, &format!("CREATE DATABASE \"{name}\" TEMPLATE \"{from}\"")).await;
        }
    }
    place
}

/// In a thread with a runtime of its own: that of the first test ends with it.
fn made_apart(engine: Engine, world: World) -> Place {
    let made = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let setup = Setup::on(engine).world(world);
            let place = Place::new(engine);
            Installation::first(&setup, &place, SEED).await;
            place
        })
    });
    made.join().expect("the template is made")
}

/// Name of the database in a URL, and the URL of the one that is always there.
fn database_of(url: &str) -> (String, String) {
    let (server, name) = url.rsplit_once('/').expect("a URL names its database");
    (name.to_owned(), format!("{server}/postgres"))
}
