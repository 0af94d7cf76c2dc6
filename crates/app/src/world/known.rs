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
    fn has(&self, name: &Name) -> bool;
}

/// An empty store.
impl Known for () {
    fn has(&self, _: &Name) -> bool {
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
