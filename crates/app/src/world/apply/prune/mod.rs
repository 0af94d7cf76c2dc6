//! `--prune`: what earlier applies made and the file names no more.
//!
//! A row goes unless something hangs on it that nobody takes away in the same plan: what people made stays, and so
//! does what it stands on. What a user owns is the user's and goes along (design.md §5: a token dies with its owner).

mod homeless;
mod made;
mod places;
mod remove;
mod tale;
mod ties;

use std::sync::Arc;

pub(super) use made::{Made, made, unnamed};
pub(super) use remove::remove;
pub(super) use ties::{Ties, ties};

/// Rows that an apply made and the file does not name.
type Gone = Arc<Made>;
