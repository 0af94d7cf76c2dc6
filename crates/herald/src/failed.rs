//! Why a command failed, for the person who called it.

use std::fmt;
use std::process::ExitCode;

use crate::settings::Faults;

/// Why a command failed.
#[derive(Debug)]
pub enum Failed {
    /// What happened, and what to do; no "herald:" before it, no full stop after it.
    Because(String),
    /// The settings are wrong.
    Settings(Faults),
    /// A world file is wrong: each fault with file and line.
    World(Vec<String>),
}

impl Failed {
    /// A failure in one sentence: what happened; what to do.
    pub fn because(text: impl Into<String>) -> Self {
        Self::Because(text.into())
    }

    /// 2 when the command line is to blame, else 1.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Settings(faults) if faults.only_flags() => ExitCode::from(2),
            Self::Settings(_) | Self::Because(_) | Self::World(_) => ExitCode::FAILURE,
        }
    }
}

impl From<Faults> for Failed {
    fn from(faults: Faults) -> Self {
        Self::Settings(faults)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Because(text) => write!(f, "herald: {text}"),
            Self::Settings(faults) => faults.fmt(f),
            Self::World(faults) => {
                let lines: Vec<String> = faults.iter().map(|fault| format!("herald: {fault}")).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}
