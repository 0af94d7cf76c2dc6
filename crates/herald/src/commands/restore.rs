//! `herald restore FILE`: a backup takes the place of the store, once everything about it has been checked.

mod keys;
mod swap;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use store::StoreError;
use store::backup::{self, Contents, Unfit};

use crate::aside::{self, Aside};
use crate::data::Folder;
use crate::failed::Failed;
use crate::installation::Place;
use crate::settings::Settings;
use crate::{say, wait};

/// The arguments of `restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup; it stays where it is
    file: PathBuf,
}

impl Restore {
    /// Checks the backup, puts it in the place of the store, and says where that went.
    pub fn run(self, settings: &Settings) -> Result<(), Failed> {
        let place = Place::of(settings);
        let Some(target) = place.file() else {
            return Err(Failed::because(
                "the store is in PostgreSQL, which has its own tools for this; use pg_restore or psql",
            ));
        };
        let mut file = self.open()?;
        let _held = Folder::open(&settings.data)?.hold()?;
        let kept = swap::kept(target)?;
        let aside = aside::with(target, ".restoring");
        // What a restore that was killed left behind: the folder is held, so nobody writes it now.
        aside::remove(&aside);
        let mut aside = Aside::make(aside).map_err(|error| uncopied(target, &error))?;
        let contents = self.check(&mut file, &mut aside, target)?;
        wait::here(keys::check(settings, aside.path(), &self.file, contents.schema))?;
        backup::settle(aside.path()).map_err(|error| place.failed(&error))?;
        aside.file.sync_all().map_err(|error| uncopied(target, &error))?;
        let moved = swap::swap(&aside, target, &kept)?;
        let (shown, Contents { schema, rows }) = (self.file.display(), contents);
        say::line(&format!("restored {shown}: schema {}, {rows} rows", schema.found))?;
        if moved {
            say::line(&format!("the store that was there is now {}", kept.display()))?;
        }
        Ok(())
    }

    /// The backup, where it looks like one.
    fn open(&self) -> Result<File, Failed> {
        let shown = self.file.display();
        let unread =
            |error: io::Error| Failed::because(format!("{shown} cannot be read: {error}; name a backup"));
        let kind = fs::metadata(&self.file).map_err(unread)?;
        if kind.is_dir() {
            return Err(Failed::because(format!("{shown} is a folder; name a backup")));
        }
        // Opening a pipe waits for whoever writes to it.
        if !kind.is_file() {
            return Err(Failed::because(format!("{shown} is no regular file; name a backup")));
        }
        let mut file = File::open(&self.file).map_err(unread)?;
        if aside::with(&self.file, "-wal").metadata().is_ok_and(|log| log.len() > 0) {
            return Err(Failed::because(format!(
                "{shown} has a write-ahead log beside it, so it is a store and no backup; make one with `herald backup`"
            )));
        }
        backup::glance(&mut file).map_err(|unfit| self.unfit(&unfit, Path::new("")))?;
        Ok(file)
    }

    /// Copies the backup aside, where nobody changes it between check and use, and looks at every page.
    fn check(&self, file: &mut File, aside: &mut Aside, target: &Path) -> Result<Contents, Failed> {
        say::progress(&format!("checking {}", self.file.display()));
        let sealed = backup::take(file, &mut aside.file).map_err(|unfit| self.unfit(&unfit, target))?;
        backup::judge(aside.path(), sealed).map_err(|unfit| self.unfit(&unfit, target))
    }

    fn unfit(&self, unfit: &Unfit, target: &Path) -> Failed {
        let shown = self.file.display();
        let text = match unfit {
            Unfit::Io(error) => return uncopied(target, error),
            Unfit::Store(StoreError::Full) => return uncopied(target, &io::ErrorKind::StorageFull.into()),
            Unfit::Store(StoreError::Newer { found, known }) => format!(
                "{shown} was made by a newer version of Herald (its schema is {found}, this version knows {known}); \
                 restore it with that version"
            ),
            Unfit::Store(StoreError::Altered { version }) => format!(
                "{shown} was made by another build of Herald: its migration {version} reads otherwise than this \
                 version's; restore it with the build that made it"
            ),
            Unfit::Foreign | Unfit::NotSqlite => {
                format!("{shown} is no backup of Herald: {unfit}; name one that `herald backup` wrote")
            }
            Unfit::Length { .. } | Unfit::Checksum | Unfit::Damaged(_) | Unfit::Store(_) => {
                format!("{shown} cannot be restored: {unfit}; take another backup")
            }
        };
        Failed::because(format!("{text}; the store is as it was"))
    }
}

/// The failure of a copy into the data folder.
fn uncopied(target: &Path, error: &io::Error) -> Failed {
    let folder = aside::folder(target).display();
    Failed::because(format!(
        "the backup cannot be copied to {folder}: {error}; look at that disk; the store is as it was"
    ))
}
