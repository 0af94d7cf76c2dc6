//! What can stand on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::apply::Apply;
use crate::commands::backup::Backup;
use crate::commands::endpoints::EndpointsCommand;
use crate::commands::export::Export;
use crate::commands::restore::Restore;
use crate::commands::token::TokenCommand;
use crate::commands::user::UserCommand;
use crate::failed::Failed;
use crate::settings::{self, Settings, Sources};

/// A self-hosted identity and access server: it knows who is calling.
#[derive(Debug, Parser)]
#[command(name = "herald", version, after_long_help = settings::help())]
pub struct Arguments {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs the server
    ///
    /// When it serves, it prints one line on stdout, "herald: ready on" and its URL. Logs go to stderr. SIGTERM lets it
    /// finish what is under way, for 10 seconds at most.
    #[command(after_long_help = settings::help())]
    Serve {
        /// Where it listens.
        #[command(flatten)]
        listen: Listen,
        /// A world file to apply before listening; its plan goes to the log
        #[arg(long, value_name = "FILE")]
        world: Option<PathBuf>,
    },
    /// Runs a server with the built-in demo world in ./herald-demo, and prints what to try
    Demo {
        /// Where it listens.
        #[command(flatten)]
        listen: Listen,
        /// Throws the former demo store away and starts over
        #[arg(long)]
        fresh: bool,
    },
    /// Brings the store to what a world file says; works while a server runs on it
    Apply(Apply),
    /// Writes the store as a world file to stdout
    ///
    /// What `herald apply` reads back into an equal world. Sessions, signing keys and the audit trail are not part of it.
    Export(Export),
    /// Makes, locks, unlocks and lists users, and sets their passwords
    #[command(subcommand)]
    User(UserCommand),
    /// Mints, lists and revokes API keys
    #[command(subcommand)]
    Token(TokenCommand),
    /// Fills the endpoint inventory from access logs and API descriptions
    #[command(subcommand)]
    Endpoints(EndpointsCommand),
    /// Looks for what is wrong with settings, store, keys, file modes and clock
    ///
    /// Prints a line for each finding: "wrong: ..." (then it exits 1) or "note: ...".
    Check,
    /// Copies the SQLite store to a file, beside a running server
    ///
    /// The copy is the store as it was at one moment. The master key is not in it. PostgreSQL has tools of its own.
    Backup(Backup),
    /// Puts a backup in the place of the SQLite store
    ///
    /// No server may run on the data folder. The backup is checked first; the store that was there is kept beside it
    /// as herald.db.before-restore.
    Restore(Restore),
    /// Prints the OpenAPI document
    Openapi,
    /// Prints the reference of all settings in Markdown.
    #[command(hide = true)]
    SettingsReference,
}

/// The flags of every command.
#[derive(Debug, Args)]
pub struct Common {
    /// The settings file [default: herald.toml, when it is there]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// The data folder [default: ./herald-data; demo: ./herald-demo]
    #[arg(long, value_name = "DIR", global = true)]
    pub data: Option<String>,
    /// The PostgreSQL database to use instead of SQLite in the data folder
    #[arg(long, value_name = "URL", global = true)]
    pub database_url: Option<String>,
}

/// The flag of commands that serve.
#[derive(Debug, Args)]
pub struct Listen {
    /// Where to listen; port 0 picks a free port [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}

impl Common {
    /// Reads the settings for a command. `listen` is its `--listen`, `data` its own default of the data folder.
    pub fn settings(self, listen: Option<Listen>, data: Option<&'static str>) -> Result<Settings, Failed> {
        let flags = [
            ("listen", "--listen", listen.and_then(|flag| flag.listen)),
            ("data", "--data", self.data),
            ("database_url", "--database-url", self.database_url),
        ];
        let flags = flags.into_iter().filter_map(|(key, flag, value)| Some((key, flag, value?))).collect();
        let variables = settings::variables();
        Ok(settings::load(Sources { flags, variables, config: self.config, data })?)
    }
}
