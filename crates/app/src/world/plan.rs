//! What an apply does to the store, told line by line.

use std::fmt;

/// What becomes of the rows that a file names, and of those that it names no more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order in which they are written.
    pub lines: Vec<Line>,
    /// Rows that are as the file says.
    pub unchanged: usize,
}

/// One row that is made, changed, deleted, or kept against the file. It never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub mark: Mark,
    /// `role desk: level 4 → 3`.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Made,
    Changed,
    Removed,
    /// The file names it no more, and yet it stays; the text says why.
    Kept,
}

impl Plan {
    /// Whether nothing is to be written.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.mark == Mark::Kept)
    }

    /// How many rows are made, and how many changed.
    pub fn counts(&self) -> (usize, usize) {
        (self.count(Mark::Made), self.count(Mark::Changed))
    }

    /// How many rows are deleted.
    pub fn removed(&self) -> usize {
        self.count(Mark::Removed)
    }

    fn count(&self, mark: Mark) -> usize {
        self.lines.iter().filter(|line| line.mark == mark).count()
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Made => "+",
            Self::Changed => "~",
            Self::Removed => "-",
            Self::Kept => "!",
        })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.mark, self.text)
    }
}

/// A line each, and how many rows stay as they are; without a newline at the end.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        write!(f, "= {} unchanged", self.unchanged)
    }
}
