//! What a setting's value may look like, and the type that it becomes.

mod address;
mod choice;
mod number;
mod period;
mod text;

pub use address::{Address, Network, Url};
pub use choice::OneOf;
pub use number::Number;
pub use period::{Period, parse as parse_period, show as show_period};
pub use text::{File, Id, Key, ListOf, Opaque, Text};

/// A value as somebody wrote it, before it has a type.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// From a flag, an environment variable or a default: text that stands for any kind.
    Word(String),
    /// A TOML string.
    Text(String),
    /// A TOML integer.
    Integer(u64),
    /// A TOML array.
    List(Vec<Written>),
    /// Anything that no setting takes: a table, a float, a date, a negative number.
    Other,
}

impl Written {
    /// The text of a word or a TOML string.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Word(text) | Self::Text(text) => Some(text),
            Self::Integer(_) | Self::List(_) | Self::Other => None,
        }
    }
}

/// A kind of value.
pub trait Kind {
    /// What a value becomes.
    type Value;

    /// What a right value looks like, in words that follow "it takes".
    fn takes(&self) -> String;

    /// The value, or nothing when what was written is not of this kind or out of bounds.
    fn read(&self, written: &Written) -> Option<Self::Value>;
}

#[cfg(test)]
mod tests;
