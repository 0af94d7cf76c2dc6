//! What a test wants otherwise than usual.

use app::Config;
use app::passwords::HasherConfig;

use crate::Engine;

/// Where the server believes to be reached.
pub const PUBLIC_URL: &str = "http://127.0.0.1:8080";

/// What an installation holds at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum World {
    /// `demo.toml`.
    Demo,
    /// Signing keys and the built-in rows, nobody.
    Nobody,
    /// What this world file says.
    Text(String),
}

/// Engine, settings and first rows of an installation.
#[derive(Clone)]
pub struct Setup {
    pub engine: Engine,
    pub world: World,
    pub config: Config,
    /// Pages by which SQLite's file may grow; as many as the disk holds unless said.
    pub room: Option<u32>,
}

impl Setup {
    /// The demo world; every setting at its default but the hashing, which is as cheap as Argon2id allows.
    pub fn on(engine: Engine) -> Self {
        Self { engine, world: World::Demo, config: config(), room: None }
    }

    /// Another first world.
    #[must_use]
    pub fn world(mut self, world: World) -> Self {
        self.world = world;
        self
    }

    /// SQLite's file may grow by so many pages and no more: a disk that is nearly full.
    #[must_use]
    pub fn room(mut self, pages: u32) -> Self {
        self.room = Some(pages);
        self
    }

    /// Changes settings.
    #[must_use]
    pub fn config(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }
}

pub(crate) fn config() -> Config {
    let cheap = HasherConfig { memory_kib: 64, passes: 1, parallelism: 1, threads: 2, queue: 256 };
    Config { hasher: cheap, ..Config::at(PUBLIC_URL) }
}
