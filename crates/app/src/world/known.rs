//! Names that a file may refer to though it does not declare them, since they stand in the store.

use std::cell::RefCell;
use std::collections::BTreeSet;

use domain::{TokenId, UserId};

/// One thing by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    Permission(String),
    Tenant(String),
    Site {
        tenant: String,
        key: String,
    },
    /// `tenant: None`: of the whole installation. Built-in roles are never asked for.
    Role {
        tenant: Option<String>,
        key: String,
    },
    /// By the one form of the e-mail address.
    User(String),
    Member {
        user: Who,
        tenant: String,
    },
    Token(TokenId),
    /// One that an apply made; `owner: None`: the tenant's own.
    NamedToken {
        owner: Option<Who>,
        tenant: String,
        name: String,
    },
}

/// A user of the store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// By the one form of the e-mail address.
    Address(String),
    /// Whom the file names by id, and to whom it may give another address.
    Id(UserId),
}

/// What stands in the store beside the file.
pub trait Known {
    /// Whether a row may refer to it.
    fn has(&self, name: &Name) -> bool;

    /// Whether it stands in the way of a row that is to have the name.
    fn is_taken(&self, name: &Name) -> bool {
        self.has(name)
    }
}

/// An empty store.
impl Known for () {
    fn has(&self, _: &Name) -> bool {
        false
    }
}

/// A store that nobody has looked into: whatever a file refers to may be there, and nothing is in its way. What is a
/// fault beside it is one beside every store.
#[derive(Clone, Copy, Debug)]
pub struct Anything;

impl Known for Anything {
    fn has(&self, _: &Name) -> bool {
        true
    }

    fn is_taken(&self, _: &Name) -> bool {
        false
    }
}

impl Known for BTreeSet<Name> {
    fn has(&self, name: &Name) -> bool {
        self.contains(name)
    }
}

/// Knows nothing and notes what it was asked: read a file with it, look the names up, then read again with those found.
#[derive(Debug, Default)]
pub struct Asked(RefCell<BTreeSet<Name>>);

impl Asked {
    /// Every name that the file needs and does not declare.
    pub fn into_names(self) -> BTreeSet<Name> {
        self.0.into_inner()
    }
}

impl Known for Asked {
    fn has(&self, name: &Name) -> bool {
        self.0.borrow_mut().insert(name.clone());
        false
    }
}
