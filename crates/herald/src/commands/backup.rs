//! `herald backup FILE`: a copy of a running SQLite store.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use store::StoreError;
use store::backup::{self, Contents, Copied, Pages, Sealed, Unfit};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::aside::{self, Aside};
use crate::failed::Failed;
use crate::installation::{self, Place};
use crate::settings::Settings;
use crate::{say, wait};

/// The arguments of `backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write; it must not be there yet
    file: PathBuf,
}

impl Backup {
    /// Writes the file, and says what is in it and what is not.
    pub fn run(self, settings: &Settings) -> Result<(), Failed> {
        let place = Place::of(settings);
        let Some(store) = place.file().map(Path::to_owned) else {
            return Err(Failed::because(
                "the store is in PostgreSQL, which has its own tools for this; use pg_dump",
            ));
        };
        place.must_be_there()?;
        if fs::symlink_metadata(&self.file).is_ok() {
            return Err(taken(&self.file));
        }
        let file = self.file.clone();
        let (bytes, contents) = wait::here(unless_stopped(move |stopped| {
            let copy = Copy { place, store, file: self.file };
            copy.write(stopped)
        }))?;
        let Contents { schema, rows } = contents;
        let shown = file.display();
        say::line(&format!("wrote {shown}: {bytes} bytes, schema {}, {rows} rows", schema.found))?;
        let key = match installation::master_key_file(settings) {
            Some(key) => format!("keep {} as well", key.display()),
            None => "keep the `master_key` of the settings as well".to_owned(),
        };
        say::line(&format!("the master key is not in it: {key}, in another place"))
    }
}

/// Runs `work` on a thread of its own; SIGTERM and SIGINT set what it is given.
async fn unless_stopped<T: Send + 'static>(
    work: impl FnOnce(&AtomicBool) -> Result<T, Failed> + Send + 'static,
) -> Result<T, Failed> {
    let caught = |kind| -> Result<Signal, Failed> {
        signal(kind).map_err(|error| Failed::because(format!("no signal can be caught: {error}; try again")))
    };
    let (mut terminate, mut interrupt) = (caught(SignalKind::terminate())?, caught(SignalKind::interrupt())?);
    let stopped = Arc::new(AtomicBool::new(false));
    let theirs = Arc::clone(&stopped);
    let mut working = tokio::task::spawn_blocking(move || work(&theirs));
    let done = tokio::select! {
        done = &mut working => done,
        _ = terminate.recv() => { stopped.store(true, Ordering::Release); working.await }
        _ = interrupt.recv() => { stopped.store(true, Ordering::Release); working.await }
    };
    done.unwrap_or_else(|error| {
        Err(Failed::because(format!("the backup broke off: {error}; please report it")))
    })
}

struct Copy {
    place: Place,
    store: PathBuf,
    file: PathBuf,
}

impl Copy {
    fn write(self, stopped: &AtomicBool) -> Result<(u64, Contents), Failed> {
        let part = aside::with(&self.file, &format!(".{}.part", std::process::id()));
        let mut aside = Aside::make(part).map_err(|error| self.unwritten(&error))?;
        let mut each = |Pages { done, all }| {
            let percent = u64::from(done) * 100 / u64::from(all).max(1);
            say::running(&format!("{percent} % of {} copied", self.store.display()));
            if stopped.load(Ordering::Acquire) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let copied = backup::copy(&self.store, aside.path(), &mut each);
        say::ran();
        match copied.map_err(|error| self.uncopied(&error))? {
            Copied::Whole => {}
            Copied::Stopped => return Err(Failed::because("the backup was stopped; nothing was written")),
        }
        let contents = backup::judge(aside.path(), Sealed::Yes).map_err(|unfit| self.unfit(&unfit))?;
        backup::seal(&mut aside.file).map_err(|unfit| self.unfit(&unfit))?;
        let bytes = aside.file.metadata().map_err(|error| self.unwritten(&error))?.len();
        aside.publish(&self.file).map_err(|error| self.unwritten(&error))?;
        Ok((bytes, contents))
    }

    fn unwritten(&self, error: &io::Error) -> Failed {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return taken(&self.file);
        }
        let file = self.file.display();
        Failed::because(format!("{file} cannot be written: {error}; look at its folder and disk"))
    }

    fn uncopied(&self, error: &StoreError) -> Failed {
        let file = self.file.display();
        match error {
            // Nothing else was written to.
            StoreError::Full => Failed::because(format!("the disk of {file} is full; free some space there")),
            error => Failed::because(format!(
                "{} cannot be copied to {file}: {error}; look at both disks",
                self.place
            )),
        }
    }

    /// What is wrong with the copy is wrong with the store.
    fn unfit(&self, unfit: &Unfit) -> Failed {
        let place = &self.place;
        match unfit {
            Unfit::Io(error) => self.unwritten(error),
            Unfit::Store(error @ (StoreError::Newer { .. } | StoreError::Altered { .. })) => {
                place.failed(error)
            }
            Unfit::Store(error) => self.uncopied(error),
            Unfit::Foreign => Failed::because(format!(
                "{place} is no store of Herald yet; start `herald serve`, or name another folder with --data"
            )),
            Unfit::Damaged(words) => Failed::because(format!(
                "{place} is damaged ({words}), and a copy would be too; restore an earlier backup"
            )),
            Unfit::NotSqlite | Unfit::Length { .. } | Unfit::Checksum => Failed::because(format!(
                "the copy of {place} went wrong: {unfit}; look at the disk and try again"
            )),
        }
    }
}

fn taken(file: &Path) -> Failed {
    Failed::because(format!("{} is there already; name a file that is not", file.display()))
}
