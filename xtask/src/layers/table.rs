//! Who may name whom. A new crate gets a row in `ROOMS`; a library that only some may name gets one in `KEPT`.

/// A crate of the workspace.
pub struct Room {
    /// Its package name.
    pub package: &'static str,
    /// Its folder in the workspace.
    pub folder: &'static str,
    /// The crates of the workspace it may name in `[dependencies]` and `[build-dependencies]`.
    pub may_name: &'static [&'static str],
    /// What it is for.
    pub kind: Kind,
}

/// What a crate is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Part of what runs at a user's.
    House,
    /// For tests, chores and measuring: may name all, is named by dev-dependencies alone.
    Scaffold,
}

/// Libraries with one home.
pub struct Kept {
    /// Package names of the libraries.
    pub libraries: &'static [&'static str],
    /// The only rooms of the house that may name them.
    pub homes: &'static [&'static str],
    /// Why, as the message says it.
    pub reason: &'static str,
}

/// The whole rule.
pub struct Table {
    /// Every crate of the workspace.
    pub rooms: &'static [Room],
    /// Every library with one home.
    pub kept: &'static [Kept],
}

/// herald → web → app → store → domain, never back; web does not name store.
pub const TABLE: Table = Table { rooms: &ROOMS, kept: &KEPT };

const HOUSE: &[&str] = &["herald-domain", "herald-store", "herald-app", "herald-web", "herald"];

const ROOMS: [Room; 9] = [
    house("herald-domain", "crates/domain", &[]),
    house("herald-store", "crates/store", &["herald-domain"]),
    house("herald-app", "crates/app", &["herald-store", "herald-domain"]),
    house("herald-web", "crates/web", &["herald-app", "herald-domain"]),
    house("herald", "crates/herald", &["herald-web", "herald-app", "herald-store", "herald-domain"]),
    scaffold("herald-testkit", "crates/testkit"),
    scaffold("herald-postgres-on-demand", "crates/postgres-on-demand"),
    scaffold("xtask", "xtask"),
    scaffold("bench", "bench"),
];

const KEPT: [Kept; 6] = [
    Kept {
        libraries: &[
            "rusqlite",
            "libsqlite3-sys",
            "tokio-postgres",
            "postgres",
            "postgres-types",
            "deadpool-postgres",
        ],
        homes: &["herald-store"],
        reason: "only store names a database driver",
    },
    Kept {
        libraries: &["axum", "axum-core", "axum-extra", "axum-macros"],
        homes: &["herald-web", "herald"],
        reason: "only web and herald name axum",
    },
    Kept { libraries: &["axum-server"], homes: &["herald"], reason: "only herald opens sockets" },
    Kept {
        libraries: &["rand", "rand_core", "rand_chacha", "getrandom", "fastrand"],
        homes: &["herald-app"],
        reason: "only app names an RNG: chance is an argument everywhere else",
    },
    Kept {
        // store digests with it; its RNG is banned in clippy.toml outside app's one home.
        libraries: &["aws-lc-rs"],
        homes: &["herald-app", "herald-store"],
        reason: "app does the cryptography, store no more than digests",
    },
    Kept {
        // herald asks it for the terminal and the umask; its clock is banned in clippy.toml outside app's one home.
        libraries: &["rustix"],
        homes: &["herald-app", "herald"],
        reason: "app asks the system for time, herald for the terminal, nobody else anything",
    },
];

const fn house(package: &'static str, folder: &'static str, may_name: &'static [&'static str]) -> Room {
    Room { package, folder, may_name, kind: Kind::House }
}

const fn scaffold(package: &'static str, folder: &'static str) -> Room {
    Room { package, folder, may_name: HOUSE, kind: Kind::Scaffold }
}
