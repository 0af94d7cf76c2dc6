//! Where the rows are, and what is said when they cannot be reached.

use std::fmt;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread;

use app::OpenError;
use app::keys::KeysError;
use app::seal::OpenError as Unsealed;
use secrecy::ExposeSecret;
use store::{Options, PostgresOptions, Schema, SqliteOptions, StoreError};

use super::reason::causes;
use crate::failed::Failed;
use crate::settings::Settings;

/// The SQLite file in the data folder.
const FILE: &str = "herald.db";

/// Where the rows are. Prints without the database's password.
#[derive(Debug, Clone)]
pub enum Place {
    /// An SQLite file.
    File(PathBuf),
    /// What `database_url` names.
    Database,
}

impl Place {
    /// Where the settings say.
    pub fn of(settings: &Settings) -> Self {
        match settings.database_url {
            Some(_) => Self::Database,
            None => Self::File(settings.data.join(FILE)),
        }
    }

    /// The SQLite file.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(file) => Some(file),
            Self::Database => None,
        }
    }

    /// Makes the SQLite file for its owner alone, where there is none; what SQLite puts beside it gets the same mode.
    pub fn make_file(&self) -> Result<(), Failed> {
        let Self::File(file) = self else { return Ok(()) };
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        match made {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(Failed::because(format!(
                "{self} cannot be made: {error}; look at the data folder and its disk"
            ))),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// How the store opens it.
    pub fn options(&self, settings: &Settings) -> Options {
        let file = match (self, &settings.database_url) {
            (Self::Database, Some(url)) => {
                return Options::Postgres(PostgresOptions {
                    url: url.expose_secret().to_owned(),
                    pool: usize::try_from(settings.database_pool).unwrap_or(usize::MAX),
                    statement_timeout: settings.database_statement_timeout,
                });
            }
            (Self::Database, None) => settings.data.join(FILE),
            (Self::File(file), _) => file.clone(),
        };
        let mut options = SqliteOptions::at(file);
        // Each thread of the runtime may read inline at the same moment.
        let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        options.readers = options.readers.max(threads);
        Options::Sqlite(options)
    }

    /// Whether there is certainly nothing: no SQLite file. Of a database nothing is known until it is asked.
    pub fn is_empty(&self) -> bool {
        self.file().is_some_and(|file| !file.exists())
    }

    /// Fails where there is no SQLite file yet.
    pub fn must_be_there(&self) -> Result<(), Failed> {
        match self {
            Self::File(file) if !file.exists() => Err(Failed::because(format!(
                "there is no store {}; name the data folder with --data, or make one with `herald serve`",
                file.display()
            ))),
            Self::File(_) | Self::Database => Ok(()),
        }
    }

    /// The failure of a store that a newer version of Herald made.
    pub fn newer(&self, Schema { found, known }: Schema) -> Failed {
        Failed::because(format!(
            "{self} was made by a newer version of Herald (its schema is {found}, this version knows {known}); \
             run that version"
        ))
    }

    /// The failure behind an error of the store.
    pub fn failed(&self, error: &StoreError) -> Failed {
        let text = match error {
            StoreError::Newer { found, known } => {
                return self.newer(Schema { found: *found, known: *known });
            }
            StoreError::Altered { version } => format!(
                "{self} was made by another build of Herald: its migration {version} reads otherwise than this \
                 version's; run the build that made it"
            ),
            StoreError::Full => format!("{self} is full; free some space"),
            StoreError::Corrupt { table, column } => {
                format!(
                    "{self} holds an impossible value in {table}.{column}; restore a backup, or mend that row"
                )
            }
            StoreError::Unavailable(source) => {
                let advice = match self {
                    Self::File(_) => {
                        "look at the data folder and its disk; where the file is damaged, restore a backup"
                    }
                    Self::Database => "look at the database and at `database_url`",
                };
                format!("{self} cannot be used: {}; {advice}", causes(&**source))
            }
            StoreError::Conflict { .. } | StoreError::GroupLost | StoreError::Spent => {
                format!("{self} refused: {error}; try again")
            }
            StoreError::Bug(_) => format!("{self} was used wrongly: {error}; please report it"),
        };
        Failed::because(text)
    }

    /// The failure of an installation that does not open.
    pub fn not_opened(&self, error: &OpenError) -> Failed {
        let text = match error {
            OpenError::Store(error) | OpenError::Keys(KeysError::Store(error)) => return self.failed(error),
            OpenError::Keys(KeysError::Sealed { cause: Unsealed::WrongKey, .. }) => format!(
                "{self} was sealed under another master key than the one given; give the right one by `master_key` or \
                 `master_key_file`"
            ),
            OpenError::Keys(error) => {
                format!("{self} holds a signing key that cannot be used: {error}; restore a backup")
            }
            OpenError::Hasher(error) => format!("{error}; change the settings `passwords.*`"),
            OpenError::Mail(fault) => fault.to_string(),
            OpenError::Crypto(error) => format!("{error}; start it again"),
        };
        Failed::because(text)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "the store {}", file.display()),
            Self::Database => f.write_str("the store in the database"),
        }
    }
}
