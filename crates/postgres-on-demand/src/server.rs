//! The one server of this process, and the watcher that ends it when the process does.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::programs;

const SCRIPT: &str = include_str!("server.sh");
/// From nothing to ready takes 1 s; a machine that takes this long has another trouble.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Server {
    pub(crate) programs: PathBuf,
    pub(crate) port: u16,
    pub(crate) password: String,
    /// While this end is open the watcher waits; the kernel closes it when we end, even by SIGKILL.
    _held: ChildStdin,
    _watcher: Child,
}

impl Server {
    pub(crate) fn start() -> Result<Self, String> {
        let programs = programs::find()?;
        let folder = tempfile::Builder::new().prefix("herald-pg-").tempdir().map_err(|error| said(&error))?;
        let mut watcher = Command::new("sh")
            .args(["-c", SCRIPT, "herald-postgres"])
            .arg(folder.path())
            .arg(&programs)
            .args(ports()?.iter().map(u16::to_string))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Ctrl-C in the terminal is for the tests; the watcher ends after them.
            .process_group(0)
            .spawn()
            .map_err(|error| said(&error))?;
        // From here on the watcher removes it.
        let _folder = folder.keep();
        let (Some(held), Some(out)) = (watcher.stdin.take(), watcher.stdout.take()) else {
            return Err("the watcher of PostgreSQL has no pipes".into());
        };
        let (port, password) = first_words(out)?;
        Ok(Self { programs, port, password, _held: held, _watcher: watcher })
    }
}

/// Ports that are free now: more than one, since another process may be quicker.
fn ports() -> Result<Vec<u16>, String> {
    let listeners: Result<Vec<TcpListener>, _> = (0..3).map(|_| TcpListener::bind("127.0.0.1:0")).collect();
    let ports = listeners
        .map_err(|error| said(&error))?
        .iter()
        .map(|l| l.local_addr().map(|a| a.port()))
        .collect::<Result<_, _>>();
    ports.map_err(|error| said(&error))
}

fn first_words(out: impl Read + Send + 'static) -> Result<(u16, String), String> {
    let (say, heard) = mpsc::channel();
    std::thread::spawn(move || {
        let mut out = BufReader::new(out);
        let mut words = String::new();
        let read = out.read_line(&mut words);
        if !words.starts_with("ready ") {
            // What went wrong goes on to the end.
            drop(out.read_to_string(&mut words));
        }
        // Nobody listens any more when the wait was over.
        drop(say.send(read.map(|_| words)));
    });
    let words =
        heard.recv_timeout(PATIENCE).map_err(|_| format!("PostgreSQL was not ready after {PATIENCE:?}"))?;
    let words = words.map_err(|error| said(&error))?;
    let ready = || {
        let (port, password) = words.trim().strip_prefix("ready ")?.split_once(' ')?;
        Some((port.parse().ok()?, password.to_owned()))
    };
    ready().ok_or_else(|| format!("PostgreSQL did not start:\n{words}"))
}

fn said(error: &std::io::Error) -> String {
    format!("PostgreSQL could not be started: {error}")
}
