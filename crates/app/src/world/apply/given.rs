//! What a file gives, over what a row has: a key that is not named leaves the value alone.

use secrecy::ExposeSecret;

use crate::principal::digest;
use crate::world::file::Secret;

pub(super) fn over<T: Clone>(value: &mut T, given: Option<&T>) {
    if let Some(given) = given {
        value.clone_from(given);
    }
}

/// For values that a row may lack and a file cannot take away.
pub(super) fn some<T: Clone>(value: &mut Option<T>, given: Option<&T>) {
    if let Some(given) = given {
        *value = Some(given.clone());
    }
}

/// An optional text that is named and empty takes the value away.
pub(super) fn text(value: &mut Option<String>, given: Option<&String>) {
    if let Some(given) = given {
        *value = filled(given);
    }
}

pub(super) fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Rows that an apply made.
pub(super) const ORIGIN: &str = "world";

impl Secret {
    /// SHA-256, by which the store knows it.
    pub(super) fn digest(&self) -> [u8; 32] {
        match self {
            Self::Text(text) => digest(text.expose_secret()),
            Self::Digest(digest) => digest.0,
        }
    }
}
