//! Passwords from a terminal, without showing them, or from stdin.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::failed::Failed;

/// More than any password, in bytes: `passwords.max_bytes` is judged later.
const LONGEST: u64 = 128 * 1024;

/// Asks for a new password: all of stdin without the line end after it, or twice on the terminal.
pub fn ask(from_stdin: bool) -> Result<SecretString, Failed> {
    if from_stdin {
        return read_line_end(io::stdin().lock());
    }
    let no_terminal = |error: io::Error| {
        Failed::because(format!(
            "there is no terminal to ask for the password: {error}; use --password-stdin"
        ))
    };
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(no_terminal)?;
    let first = hidden(&terminal, "Password: ").map_err(no_terminal)?;
    let again = hidden(&terminal, "Once more: ").map_err(no_terminal)?;
    if first.expose_secret() != again.expose_secret() {
        return Err(Failed::because("the two passwords differ; try again"));
    }
    Ok(first)
}

fn read_line_end(input: impl Read) -> Result<SecretString, Failed> {
    let mut text = Zeroizing::new(String::new());
    input.take(LONGEST).read_to_string(&mut text).map_err(|error| {
        Failed::because(format!("the password cannot be read from stdin: {error}; send it as UTF-8"))
    })?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.contains(['\n', '\r']) {
        return Err(Failed::because("the password from stdin has more than one line; send one"));
    }
    Ok(SecretString::from(line))
}

/// One line from the terminal, which does not show it meanwhile.
fn hidden(terminal: &File, prompt: &str) -> io::Result<SecretString> {
    let _shown_again = Hiding::begin(terminal)?;
    let mut out = terminal;
    out.write_all(prompt.as_bytes())?;
    let mut line = Zeroizing::new(String::new());
    BufReader::new(terminal).take(LONGEST).read_line(&mut line)?;
    out.write_all(b"\n")?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}

/// Shows what is typed again when it ends.
struct Hiding<'t> {
    terminal: &'t File,
    before: Termios,
}

impl<'t> Hiding<'t> {
    fn begin(terminal: &'t File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(terminal, OptionalActions::Flush, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Hiding<'_> {
    fn drop(&mut self) {
        // Nothing more can be done where even this fails.
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stdin_gives_one_line() {
        for (sent, read) in [("a b\n", "a b"), ("a b\r\n", "a b"), (" a ", " a "), ("", "")] {
            assert_eq!(read_line_end(sent.as_bytes()).unwrap().expose_secret(), read);
        }
        assert!(read_line_end(&b"a\nb\n"[..]).is_err());
        assert!(read_line_end(&[0xFF][..]).is_err());
    }
}
