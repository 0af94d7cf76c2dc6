//! curl, with which the tests type the commands that the documentation shows.

use crate::fault::{Fault, Outcome};
use crate::machine;

use super::debian;

/// The oldest release that knows `--json`.
const OLDEST: (u32, u32) = (7, 82);

/// Finds curl, or installs it where we may.
pub fn ensure() -> Outcome {
    if is_there() {
        return Ok(());
    }
    if debian::may_install() {
        debian::install(&["curl"])?;
    }
    if is_there() { Ok(()) } else { Err(missing()) }
}

fn is_there() -> bool {
    machine::answer("curl", &["--version"]).is_some_and(|said| is_usable(&said))
}

/// `curl 7.88.1 (x86_64-pc-linux-gnu) …`
fn is_usable(said: &str) -> bool {
    let version = said.strip_prefix("curl ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    let mut numbers = version.split('.').map_while(|part| part.parse::<u32>().ok());
    matches!((numbers.next(), numbers.next()), (Some(major), Some(minor)) if (major, minor) >= OLDEST)
}

fn missing() -> Fault {
    let (major, minor) = OLDEST;
    Fault::Failed(format!(
        "the tests type the commands of the documentation, for which they need curl {major}.{minor} or newer\n\
         install it (Debian, Ubuntu: `sudo apt-get install curl`)"
    ))
}

#[cfg(test)]
mod tests {
    use super::is_usable;

    #[test]
    fn old_ones_do_not_count() {
        for (said, counts) in [
            ("curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1", true),
            ("curl 8.0.0 (x)", true),
            ("curl 7.81.0 (x)", false),
            ("curl x", false),
            ("", false),
        ] {
            assert_eq!(is_usable(said), counts, "{said:?}");
        }
    }
}
