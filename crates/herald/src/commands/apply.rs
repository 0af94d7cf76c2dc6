//! `herald apply FILE`, and the same before a server listens.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use app::Ctx;
use app::world::{self, ApplyError, How, Plan};
use clap::Args;
use domain::audit::{Actor, Origin};

use crate::failed::Failed;
use crate::installation::{self, Installation, Missing, Place, Rehearsal, sentence};
use crate::settings::Settings;
use crate::{say, wait};

/// The arguments of `apply`.
#[derive(Debug, Args)]
pub struct Apply {
    /// The world file (TOML, at most 16 MiB)
    file: PathBuf,
    /// Prints the plan, refuses what would be refused, and writes nothing
    #[arg(long)]
    dry_run: bool,
    /// Deletes what an earlier apply made and the file names no more; never what people made
    #[arg(long)]
    prune: bool,
    /// Sets the passwords in the file again, and ends the sessions of those whose password was another
    #[arg(long)]
    reset_passwords: bool,
}

impl Apply {
    /// Applies the file and prints the plan.
    pub fn run(self, settings: &Settings) -> Result<(), Failed> {
        let text = read(&self.file)?;
        let name = self.file.display().to_string();
        say::progress(&format!("applying {name}"));
        if let Err(some) = judge(settings, &name, &text) {
            return Err(wait::here(every_fault(settings, (&name, &text))).err().unwrap_or(some));
        }
        let how = How { dry_run: self.dry_run, prune: self.prune, reset_passwords: self.reset_passwords };
        wait::here(async {
            if how.dry_run {
                let Rehearsal { installation, .. } = &installation::open_to_rehearse(settings).await?;
                let plan = apply_as(&installation.ctx, &installation.place, (&name, &text), how).await?;
                return say::line(&plan.to_string());
            }
            let Installation { ctx, place } = installation::open(settings, Missing::Make).await?;
            let plan = apply_as(&ctx, &place, (&name, &text), how).await?;
            say::line(&plan.to_string())
        })
    }
}

/// Refuses a text that is wrong beside whatever the store holds, before that is made or migrated. Where there is no
/// store yet, nothing is left to find.
pub fn judge(settings: &Settings, name: &str, text: &str) -> Result<(), Failed> {
    let known: &dyn world::Known = if Place::of(settings).is_empty() { &() } else { &world::Anything };
    let judged = world::read(text, &installation::password_limits(settings).hashable(), known);
    judged.map(drop).map_err(|faults| faulty(name, &faults))
}

/// Fails with all that is wrong with a faulty text, what the store does not have included; nothing is written. Succeeds
/// where the store cannot be looked into.
async fn every_fault(settings: &Settings, text: (&str, &str)) -> Result<(), Failed> {
    let Ok(Rehearsal { installation, .. }) = &installation::open_to_rehearse(settings).await else {
        return Ok(());
    };
    let how = How { dry_run: true, ..How::default() };
    match apply_as(&installation.ctx, &installation.place, text, how).await {
        Err(Failed::World(faults)) => Err(Failed::World(faults)),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Applies a text that is called `name`.
pub async fn apply(ctx: &Ctx, place: &Place, name: &str, text: &str) -> Result<Plan, Failed> {
    apply_as(ctx, place, (name, text), How::default()).await
}

async fn apply_as(ctx: &Ctx, place: &Place, (name, text): (&str, &str), how: How) -> Result<Plan, Failed> {
    let applied = world::apply_as(ctx, text, how, &Actor::COMMAND_LINE, &Origin::default()).await;
    applied.map_err(|error| match error {
        ApplyError::Faults(faults) => faulty(name, &faults),
        ApplyError::Store(error) => place.failed(&error),
        ApplyError::Refused(_) | ApplyError::Busy | ApplyError::Moving | ApplyError::Crypto(_) => {
            Failed::because(sentence(&error.to_string()))
        }
    })
}

fn faulty(name: &str, faults: &[world::Fault]) -> Failed {
    Failed::World(faults.iter().map(|fault| said(name, fault)).collect())
}

/// `demo.toml:12: user[3].membership[0].roles: there is no role desk`
fn said(name: &str, fault: &world::Fault) -> String {
    let path = if fault.path.is_empty() { String::new() } else { format!("{}: ", fault.path) };
    format!("{name}:{}: {path}{}", fault.line, fault.message)
}

/// The text of a world file; a longer one than 16 MiB is refused unread.
pub fn read(path: &Path) -> Result<String, Failed> {
    let shown = path.display();
    let cannot = |error: std::io::Error| {
        Failed::because(format!("{shown} cannot be read: {error}; name a world file that is there"))
    };
    let too_long = || Failed::because(format!("{shown} is longer than 16 MiB; split it and apply the parts"));
    let file = File::open(path).map_err(cannot)?;
    if file.metadata().map_err(cannot)?.len() > world::MAX_BYTES {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    // What is no regular file does not tell its length.
    file.take(world::MAX_BYTES + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > world::MAX_BYTES {
        return Err(too_long());
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        Failed::World(vec![format!("{shown}:{line}: this is not UTF-8; save the file as UTF-8")])
    })
}
