//! What people read: results on stdout, trouble on stderr. The only place that prints.
//!
//! A reader that went away (`cargo xtask lengths | head`) is no fault, so a failed write is ignored.

use std::io::Write as _;

/// One line on stdout.
pub fn line(text: &str) {
    let _gone = writeln!(std::io::stdout().lock(), "{text}");
}

/// One line on stderr.
pub fn error(text: &str) {
    let _gone = writeln!(std::io::stderr().lock(), "error: {text}");
}
