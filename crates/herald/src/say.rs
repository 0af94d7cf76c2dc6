//! What the program says to the person or program that called it: results on stdout, failures on stderr.

use std::io::{self, ErrorKind, IsTerminal, Write};

use crate::failed::Failed;

/// Writes a line to stdout at once.
///
/// A reader that has gone away (`herald user list | head -1`) is no failure; a full disk is.
pub fn line(text: &str) -> Result<(), Failed> {
    heard(text).map(drop)
}

/// The same; `false` where the reader has gone away, so that there is no use in more.
pub fn heard(text: &str) -> Result<bool, Failed> {
    let mut out = io::stdout().lock();
    let said = writeln!(out, "{text}").and_then(|()| out.flush());
    match said {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failed::because(format!("cannot write to standard output: {error}; send it somewhere else")))
        }
        Err(_) => Ok(false),
        Ok(()) => Ok(true),
    }
}

/// Tells a person at a terminal, and nobody else, what is under way or done; on stderr.
pub fn progress(text: &str) {
    let mut err = io::stderr().lock();
    if err.is_terminal() {
        let _ = writeln!(err, "herald: {text}");
    }
}

/// The same for what changes while it is under way: it all stays on one line, which the next words overwrite.
pub fn running(text: &str) {
    let mut err = io::stderr().lock();
    if err.is_terminal() {
        let _ = write!(err, "\r\x1b[Kherald: {text}\r").and_then(|()| err.flush());
    }
}

/// Takes the line of [`running`] away, so that the next words stand alone.
pub fn ran() {
    let mut err = io::stderr().lock();
    if err.is_terminal() {
        let _ = write!(err, "\r\x1b[K").and_then(|()| err.flush());
    }
}

/// Writes why a command failed to stderr. Where even that fails, the exit code has to do.
pub fn failure(failed: &Failed) {
    let _ = writeln!(io::stderr().lock(), "{failed}");
}
