//! The binary in a folder of its own, run to its end or as a server.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// No command and no start may take longer.
const BOUND: Duration = Duration::from_mins(1);

/// Asks again and again, every 20 ms, for as long as `bound`.
pub fn within<T>(bound: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let pause = Duration::from_millis(20);
    // A channel on which nobody sends: what waits is not a sleeping thread by name.
    let (_silent, wait) = channel::<()>();
    let mut waited = Duration::ZERO;
    loop {
        if let Some(found) = ask() {
            return Some(found);
        }
        if waited >= bound {
            return None;
        }
        let _ = wait.recv_timeout(pause);
        waited += pause;
    }
}

/// What a command left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A folder in which commands are run, with nothing in their environment.
pub struct Home(TempDir);

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_herald"));
        command.args(arguments).current_dir(self.0.path()).env_clear();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "", &[])
    }

    /// Runs a command with something on its stdin and in its environment.
    pub fn run_with(&self, arguments: &[&str], stdin: &str, variables: &[(&str, &str)]) -> Ran {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).envs(variables.iter().copied()).spawn().unwrap();
        // It may end without reading what is sent.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let (out, err) = (slurp(child.stdout.take().unwrap()), slurp(child.stderr.take().unwrap()));
        let status = ended(&mut child);
        Ran { code: status.code(), out: out.recv().unwrap(), err: err.recv().unwrap() }
    }

    /// Runs a command whose stdout nobody reads.
    pub fn run_unheard(&self, arguments: &[&str]) -> Ran {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut child = self.command(arguments).stdout(writer).spawn().unwrap();
        let err = slurp(child.stderr.take().unwrap());
        let status = ended(&mut child);
        Ran { code: status.code(), out: String::new(), err: err.recv().unwrap() }
    }

    /// Starts a server on a free port, and waits until it says that it is ready.
    pub fn start(&self, arguments: &[&str]) -> Server {
        self.start_with(arguments, &[])
    }

    /// The same with something in its environment.
    pub fn start_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Server {
        let mut server = self.spawn_with(arguments, variables);
        while let Ok(line) = server.rest.recv_timeout(BOUND) {
            if let Some(url) = line.strip_prefix("herald: ready on ") {
                url.clone_into(&mut server.url);
                return server;
            }
            server.said.push(line);
        }
        server.child.kill().unwrap();
        panic!("it did not get ready: {:?} {}", server.said, server.err.recv().unwrap());
    }

    /// Starts a server on a free port, and does not wait for it.
    pub fn spawn(&self, arguments: &[&str]) -> Server {
        self.spawn_with(arguments, &[])
    }

    fn spawn_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Server {
        let mut command = self.command(arguments);
        command.args(["--listen", "127.0.0.1:0"]).envs(variables.iter().copied());
        let mut child = command.spawn().unwrap();
        let (rest, err) = (lines(child.stdout.take().unwrap()), slurp(child.stderr.take().unwrap()));
        Server { child, url: String::new(), said: Vec::new(), rest, err }
    }
}

/// A running server; ends with this value.
pub struct Server {
    child: Child,
    pub url: String,
    /// What stood on stdout before the ready line.
    pub said: Vec<String>,
    rest: Receiver<String>,
    err: Receiver<String>,
}

impl Server {
    /// Asks it to stop.
    pub fn terminate(&self) {
        let id = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(id, Signal::TERM).unwrap();
    }

    /// Waits for its end: what it exited with, and its log. Nothing may follow the ready line.
    pub fn ended(mut self) -> (ExitStatus, String) {
        let status = ended(&mut self.child);
        assert_eq!(self.rest.iter().collect::<Vec<_>>(), Vec::<String>::new());
        (status, self.err.recv().unwrap())
    }

    /// Asks it to stop, and sees that it does so in good order.
    pub fn stop(self) -> String {
        self.terminate();
        let (status, log) = self.ended();
        assert_eq!(status.code(), Some(0), "{log}");
        log
    }

    /// The most memory that it ever had, in KiB.
    #[cfg(target_os = "linux")]
    pub fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches("kB").trim().parse().unwrap()
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ended(child: &mut Child) -> ExitStatus {
    if let Some(status) = within(BOUND, || child.try_wait().unwrap()) {
        return status;
    }
    child.kill().unwrap();
    panic!("it did not end");
}

/// All of a stream, when it has ended.
fn slurp(mut stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let _ = sender.send(text);
    });
    receiver
}

fn lines(stream: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            if sender.send(line.unwrap()).is_err() {
                return;
            }
        }
    });
    receiver
}

/// A connection to the store of a data folder, past Herald.
pub fn database(folder: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(folder.join("herald.db")).unwrap()
}
