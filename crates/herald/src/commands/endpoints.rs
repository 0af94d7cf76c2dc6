//! `herald endpoints import`: fills the endpoint inventory from what is there already.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use app::Ctx;
use app::endpoints::import::{combined, openapi};
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
    /// address tells the access type by the tenant's networks. The document is JSON. A line that cannot be read is
    /// named by its number on stderr, and the rest is kept.
    Import(Import),
}

/// The arguments of `endpoints import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The log, or the document (JSON, at most 64 MiB)
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
}

impl Import {
    fn run(self, settings: &Settings) -> Result<(), Failed> {
        let file = File::open(&self.file).map_err(|error| self.unread(&error))?;
        wait::here(async {
            let Installation { ctx, .. } = installation::open(settings, Missing::Refuse).await?;
            let observer = Observer::of_command_line(&ctx, &self.tenant).await;
            let mut observer = observer.map_err(|failure| refused(&failure))?;
            let told = self.read(&ctx, file, &mut observer).await;
            say::ran();
            let told = told?;
            if told.kept == 0 && told.faults > 0 {
                let name = self.file.display();
                return Err(Failed::because(format!(
                    "nothing in {name} could be read; name an access log in the combined format, or an OpenAPI 3 document in JSON"
                )));
            }
            let written = observer.written();
            say::line(&format!(
                "{} read, {} refused: {} endpoints created, {} changed",
                told.kept, told.faults, written.created, written.changed
            ))
        })
    }

    async fn read(&self, ctx: &Ctx, file: File, observer: &mut Observer) -> Result<Told, Failed> {
        let extension = self.file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if ["yaml", "yml"].iter().any(|yaml| extension.eq_ignore_ascii_case(yaml)) {
            return Err(Failed::because("a document in YAML is not read; write it as JSON"));
        }
        let mut log = Log { import: self, lines: Lines::of_at_most(LINE), told: Told::default() };
        let length = file.metadata().map_err(|error| self.unread(&error))?.len();
        let (mut file, mut chunk, mut done) = (file, vec![0; CHUNK], 0_u64);
        loop {
            let read = file.read(&mut chunk).map_err(|error| self.unread(&error))?;
            let data = chunk.get(..read).unwrap_or_default();
            // No line of a log begins with a brace.
            if done == 0 && data.trim_ascii_start().starts_with(b"{") {
                return self.document(ctx, (data.to_vec(), file), observer).await;
            }
            if read == 0 {
                break;
            }
            log.take(ctx, data, observer).await?;
            done += read as u64;
            say::running(&format!("{} {}", bar(done, length), self.file.display()));
        }
        log.finish(observer);
        observer.flush(ctx).await.map_err(|failure| refused(&failure))?;
        Ok(log.told)
    }

    async fn document(
        &self,
        ctx: &Ctx,
        (mut bytes, file): (Vec<u8>, File),
        observer: &mut Observer,
    ) -> Result<Told, Failed> {
        file.take(DOCUMENT).read_to_end(&mut bytes).map_err(|error| self.unread(&error))?;
        if bytes.len() as u64 > DOCUMENT {
            return Err(Failed::because("a document may have 64 MiB at most; split it and import the parts"));
        }
        let name = self.file.display();
        let read = openapi::read(&bytes, self.collection);
        let read =
            read.map_err(|why| Failed::because(format!("{name} {why}; name an OpenAPI 3 document in JSON")))?;
        let mut told = Told::default();
        for (path, fault) in read.faults {
            told.fault(&format!("{name}: paths.{path:?}"), fault);
        }
        for operation in read.operations {
            told.kept += 1;
            observer.add(operation);
            if observer.is_due(ctx) {
                observer.flush(ctx).await.map_err(|failure| refused(&failure))?;
            }
        }
        observer.flush(ctx).await.map_err(|failure| refused(&failure))?;
        Ok(told)
    }

    fn unread(&self, error: &std::io::Error) -> Failed {
        unread(&self.file, error)
    }
}

fn unread(path: &Path, error: &std::io::Error) -> Failed {
    Failed::because(format!("{} cannot be read: {error}; name a file that is there", path.display()))
}

/// An access log, line by line.
struct Log<'i> {
    import: &'i Import,
    lines: Lines,
    told: Told,
}

impl Log<'_> {
    async fn take(&mut self, ctx: &Ctx, mut data: &[u8], observer: &mut Observer) -> Result<(), Failed> {
        while let Some((number, line)) = self.lines.next(&mut data) {
            line_of(self.import, &mut self.told, number, line.as_deref().map_err(|_| TOO_LONG), observer);
            if observer.is_due(ctx) {
                observer.flush(ctx).await.map_err(|failure| refused(&failure))?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, observer: &mut Observer) {
        if let Some((number, line)) = self.lines.finish() {
            line_of(self.import, &mut self.told, number, line.as_deref().map_err(|_| TOO_LONG), observer);
        }
    }
}

const TOO_LONG: &str = "has more than 65536 bytes";

fn line_of(
    import: &Import,
    told: &mut Told,
    number: u64,
    line: Result<&[u8], &'static str>,
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
