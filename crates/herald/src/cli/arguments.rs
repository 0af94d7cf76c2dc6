//! What can stand on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::failed::Failed;
use crate::settings::{self, Settings, Sources};

/// A self-hosted identity and access server: it knows who is calling.
#[derive(Debug, Parser)]
#[command(name = "herald", version)]
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
    /// The data folder
    #[arg(long, value_name = "DIR", global = true)]
    pub data: Option<String>,
    /// The PostgreSQL database to use instead of SQLite in the data folder
    #[arg(long, value_name = "URL", global = true)]
    pub database_url: Option<String>,
}

/// The flag of commands that serve.
#[derive(Debug, Args)]
pub struct Listen {
    /// Where to listen, such as 127.0.0.1:8080; port 0 picks a free port
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
        let flags = flags
            .into_iter()
            .filter_map(|(key, flag, value)| Some((key, flag, value?)))
            .collect();
        let variables = settings::variables();
        Ok(settings::load(Sources {
            flags,
            variables,
            config: self.config,
            data,
        })?)
    }
}
