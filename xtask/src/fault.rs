//! Why a task stopped.

use std::fmt;

/// What a task gives back.
pub type Outcome<T = ()> = Result<T, Fault>;

/// Why a task stopped; shown as it is, so it says what happened and what to do.
#[derive(Debug)]
pub enum Fault {
    /// Called in a way it does not know: exit code 2.
    Usage(String),
    /// The check failed or could not be made: exit code 1.
    Failed(String),
}

impl Fault {
    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Failed(_) => 1,
        }
    }

    /// One fault out of a headline and what was found, one finding a line.
    pub fn found(headline: &str, findings: &[String]) -> Self {
        Self::Failed(format!("{headline}\n  {}", findings.join("\n  ")))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Failed(message) => f.write_str(message),
        }
    }
}
