//! `herald endpoints import`: fills the endpoint inventory from what is there already.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use app::Ctx;
use app::endpoints::Written;
use app::endpoints::import::{Format, Unread, combined, openapi};
use app::endpoints::observe::Observer;
use clap::{Args, Subcommand};
use domain::endpoint::is_collection;
use domain::lines::Lines;

use crate::failed::Failed;
use crate::installation::{self, Installation, Missing, refused};
use crate::settings::Settings;
use crate::{say, wait};

/// What to do with the endpoint inventory.
#[derive(Debug, Subcommand)]
pub enum EndpointsCommand {
    /// Reads an access log or an OpenAPI 3 document into the inventory; works while a server runs on the store
    ///
    /// The log is one of nginx or Apache in the combined format; of each request, method and path are kept, and its
    /// address tells the access type by the tenant's networks. The document is JSON or YAML; which of the three it is, the
    /// content says, else the name. A line that cannot be read is named by its number on stderr, and the rest is kept.
    Import(Import),
}

/// The arguments of `endpoints import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The log, or the document (JSON or YAML, at most 64 MiB)
    file: PathBuf,
    /// The key or id of the tenant
    #[arg(long, value_name = "TENANT")]
    tenant: String,
    /// The number of the collection that they go to
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true, value_parser = collection)]
    collection: i64,
}

/// Bytes of a line of a log at most, and of a document.
const LINE: usize = 64 * 1024;
const DOCUMENT: u64 = 64 * 1024 * 1024;
/// Bytes that are read at once.
const CHUNK: usize = 256 * 1024;
/// Faults that are named at most; the rest is counted.
const NAMED: u64 = 100;

fn collection(text: &str) -> Result<i64, String> {
    let number = text.parse().ok().filter(|number| is_collection(*number));
    number.ok_or_else(|| "write a whole number up to 9007199254740991".to_owned())
}

impl EndpointsCommand {
    /// Does it.
    pub fn run(self, settings: &Settings) -> Result<(), Failed> {
        let Self::Import(import) = self;
        import.run(settings)
    }
}

/// How far it has come.
#[derive(Default)]
struct Told {
    kept: u64,
    faults: u64,
}

impl Told {
    fn fault(&mut self, place: &str, what: &str) {
        self.faults += 1;
        if self.faults <= NAMED {
            say::ran();
            // Where nobody hears it, the count on stdout has to do.
            let _ = writeln!(std::io::stderr().lock(), "herald: {place}: {what}");
        }
    }

    /// What was not named.
    fn rest(&self) {
        if let Some(rest @ 1..) = self.faults.checked_sub(NAMED) {
            let _ = writeln!(std::io::stderr().lock(), "herald: {rest} more could not be read");
        }
    }
}

impl Import {
    fn run(self, settings: &Settings) -> Result<(), Failed> {
        let file = File::open(&self.file).map_err(|error| self.unread(&error))?;
        wait::here(async {
            let Installation { ctx, .. } = installation::open(settings, Missing::Refuse).await?;
            let observer = Observer::of_command_line(&ctx, &self.tenant).await;
            let mut observer = observer.map_err(|failure| refused(&failure))?;
            let mut told = Told::default();
            let read = self.read(&ctx, file, (&mut observer, &mut told)).await;
            say::ran();
            told.rest();
            let written = observer.written();
            let done = format!("{} endpoints created, {} changed", written.created, written.changed);
            match read {
                // What was written stays, and whoever mends the rest wants to know.
                Err(Failed::Because(why)) if written != Written::default() => {
                    Err(Failed::because(format!("{why}; before that, {done}")))
                }
                Err(failed) => Err(failed),
                Ok(()) if told.kept == 0 && told.faults > 0 => Err(Failed::because(format!(
                    "nothing in {} could be read; name an access log in the combined format, or an OpenAPI 3 document",
                    self.file.display()
                ))),
                Ok(()) => say::line(&format!("{} read, {} refused: {done}", told.kept, told.faults)),
            }
        })
    }

    async fn read(
        &self,
        ctx: &Ctx,
        mut file: File,
        (observer, told): (&mut Observer, &mut Told),
    ) -> Result<(), Failed> {
        let length = file.metadata().map_err(|error| self.unread(&error))?.len();
        let mut chunk = vec![0; CHUNK];
        let read = file.read(&mut chunk).map_err(|error| self.unread(&error))?;
        chunk.truncate(read);
        let extension = self.file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let written = match Format::of(extension, &chunk) {
            Format::Log => {
                let mut log = Log { import: self, lines: Lines::of_at_most(LINE), told };
                return log.read(ctx, (chunk, file, length), observer).await;
            }
            Format::Json => openapi::Written::Json,
            Format::Yaml => openapi::Written::Yaml,
            Format::Packed => {
                let name = self.file.display();
                return Err(Failed::because(format!(
                    "{name} is packed; unpack it first, and name what comes out"
                )));
            }
        };
        file.take(DOCUMENT).read_to_end(&mut chunk).map_err(|error| self.unread(&error))?;
        if chunk.len() as u64 > DOCUMENT {
            return Err(Failed::because("a document may have 64 MiB at most; split it and import the parts"));
        }
        let read =
            openapi::read(&chunk, written, self.collection).map_err(|unread| self.no_document(unread))?;
        self.document(ctx, read, (observer, told)).await
    }

    async fn document(
        &self,
        ctx: &Ctx,
        read: openapi::Read,
        (observer, told): (&mut Observer, &mut Told),
    ) -> Result<(), Failed> {
        for (path, fault) in read.faults {
            told.fault(&format!("{}: paths.{path:?}", self.file.display()), fault);
        }
        for operation in read.operations {
            told.kept += 1;
            observer.add(operation);
            if observer.is_due(ctx) {
                observer.flush(ctx).await.map_err(|failure| refused(&failure))?;
            }
        }
        observer.flush(ctx).await.map_err(|failure| refused(&failure))
    }

    fn no_document(&self, Unread { line, what }: Unread) -> Failed {
        let place = line.map(|line| format!(":{line}")).unwrap_or_default();
        let name = self.file.display();
        Failed::because(format!(
            "{name}{place} {what}; name an OpenAPI 3 document in JSON or YAML, or an access log"
        ))
    }

    fn unread(&self, error: &std::io::Error) -> Failed {
        unread(&self.file, error)
    }
}

fn unread(path: &Path, error: &std::io::Error) -> Failed {
    if error.kind() == ErrorKind::IsADirectory {
        let name = path.display();
        return Failed::because(format!("{name} is a folder; name the file in it that is to be read"));
    }
    Failed::because(format!("{} cannot be read: {error}; name a file that is there", path.display()))
}

/// An access log, line by line.
struct Log<'i> {
    import: &'i Import,
    lines: Lines,
    told: &'i mut Told,
}

impl Log<'_> {
    async fn read(
        &mut self,
        ctx: &Ctx,
        (mut chunk, mut file, length): (Vec<u8>, File, u64),
        observer: &mut Observer,
    ) -> Result<(), Failed> {
        let mut done = 0;
        while !chunk.is_empty() {
            self.take(ctx, &chunk, observer).await?;
            done += chunk.len() as u64;
            say::running(&format!("{} {}", bar(done, length), self.import.file.display()));
            chunk.resize(CHUNK, 0);
            let read = file.read(&mut chunk).map_err(|error| self.import.unread(&error))?;
            chunk.truncate(read);
        }
        if let Some((number, line)) = self.lines.finish() {
            line_of(self.import, self.told, (number, line.as_deref().map_err(|_| TOO_LONG)), observer);
        }
        observer.flush(ctx).await.map_err(|failure| refused(&failure))
    }

    async fn take(&mut self, ctx: &Ctx, mut data: &[u8], observer: &mut Observer) -> Result<(), Failed> {
        while let Some((number, line)) = self.lines.next(&mut data) {
            line_of(self.import, self.told, (number, line.as_deref().map_err(|_| TOO_LONG)), observer);
            if observer.is_due(ctx) {
                observer.flush(ctx).await.map_err(|failure| refused(&failure))?;
            }
        }
        Ok(())
    }
}

const TOO_LONG: &str = "has more than 65536 bytes";

fn line_of(
    import: &Import,
    told: &mut Told,
    (number, line): (u64, Result<&[u8], &'static str>),
    observer: &mut Observer,
) {
    if line.is_ok_and(|line| line.trim_ascii().is_empty()) {
        return;
    }
    match line.and_then(|line| combined::read(line, import.collection)) {
        Ok(seen) => {
            told.kept += 1;
            observer.add(seen);
        }
        Err(what) => told.fault(&format!("{}:{number}", import.file.display()), what),
    }
}

/// `[#####-----]  50 %`; of a file without a length, what was read.
fn bar(done: u64, length: u64) -> String {
    const WIDTH: u64 = 30;
    if length == 0 {
        return format!("{} KiB", done / 1024);
    }
    let done = done.min(length);
    let full = usize::try_from(done * WIDTH / length).unwrap_or_default();
    let rest = usize::try_from(WIDTH).unwrap_or_default().saturating_sub(full);
    format!("[{}{}] {:3} %", "#".repeat(full), "-".repeat(rest), done * 100 / length)
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn the_bar_fills() {
        assert_eq!(bar(0, 10), format!("[{}]   0 %", "-".repeat(30)));
        assert_eq!(bar(5, 10), format!("[{}{}]  50 %", "#".repeat(15), "-".repeat(15)));
        assert_eq!(bar(99, 10), format!("[{}] 100 %", "#".repeat(30)));
        assert_eq!(bar(2048, 0), "2 KiB");
    }
}
