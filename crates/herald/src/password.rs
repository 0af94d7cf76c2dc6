//! Passwords from a terminal, without showing them, or from stdin.

use std::io::{self, Read};

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
    let first = SecretString::from(rpassword::prompt_password("Password: ").map_err(no_terminal)?);
    let again = SecretString::from(rpassword::prompt_password("Once more: ").map_err(no_terminal)?);
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
