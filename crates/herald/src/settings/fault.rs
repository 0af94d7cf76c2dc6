//! What can be wrong with the settings, and where.

use std::fmt;
use std::path::PathBuf;

/// Where a value was written. The order is that of precedence, strongest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A flag of the command line.
    Flag(&'static str),
    /// An environment variable.
    Variable(String),
    /// The settings file as a whole.
    File(PathBuf),
    /// A line of the settings file, from 1.
    Line(PathBuf, usize),
}

impl Place {
    /// Whether both are of the same layer: flags, environment or file.
    pub fn same_layer(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Variable(name) => f.write_str(name),
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Line(file, line) => write!(f, "{}:{line}", file.display()),
        }
    }
}

/// One thing that is wrong: the place, and a sentence that also says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub text: String,
}

/// Everything that is wrong, in the order of the places. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Whether the command line alone is to blame, which makes it a usage error.
    pub fn only_flags(&self) -> bool {
        self.0.iter().all(|fault| matches!(fault.place, Place::Flag(_)))
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Fault { place, text }) in self.0.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}herald: {place}: {text}")?;
        }
        Ok(())
    }
}
