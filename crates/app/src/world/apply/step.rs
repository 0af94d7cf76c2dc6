//! One row to be written.

use std::collections::BTreeSet;

use domain::{EmailAddress, TenantId, UserId};
use secrecy::SecretString;
use store::Value;
use store::numbers::Counted;
use store::world::{Relation, Table};
use uuid::Uuid;

pub(super) struct Step {
    pub(super) what: What,
    pub(super) table: &'static Table,
    /// As it was when the plan was made; `None`: it is made.
    pub(super) before: Option<Vec<Value>>,
    pub(super) after: Vec<Value>,
    pub(super) links: Vec<Links>,
    /// A number of this kind is still to be taken.
    pub(super) counted: Option<Counted>,
    /// An initial password that is still to be hashed.
    pub(super) password: Option<SecretString>,
    /// Whose sessions end with it.
    pub(super) ends_sessions_of: Option<UserId>,
    /// Whose sessions above all tenants end with it.
    pub(super) ends_above_of: Option<UserId>,
    /// Whose failed attempts are forgotten with it.
    pub(super) forgives: Option<EmailAddress>,
    /// Whose open link to a new password goes with it.
    pub(super) drops_reset_of: Option<UserId>,
    pub(super) deed: Deed,
}

/// What is done with the row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Make,
    Change,
    /// The row stays until then as it was.
    Remove,
}

/// What a row is called.
#[derive(Clone)]
pub(super) struct What {
    /// `user`.
    pub(super) kind: &'static str,
    /// `ada@acme.example`.
    pub(super) name: String,
    /// What the audit trail points at.
    pub(super) target: Option<Uuid>,
    pub(super) tenant: Option<TenantId>,
    /// What the read model knows it by, where it does.
    pub(super) cached: Option<Uuid>,
    /// The read model may show that there was none: a new row counts as a change.
    pub(super) missed: bool,
}

/// A list that hangs on the row.
pub(super) struct Links {
    pub(super) relation: &'static Relation,
    pub(super) owner: Vec<Value>,
    pub(super) before: BTreeSet<Uuid>,
    pub(super) after: BTreeSet<Uuid>,
}

impl Step {
    pub(super) fn set(&mut self, column: &str, value: Value) {
        if let Some(cell) = self.table.at(column).and_then(|at| self.after.get_mut(at)) {
            *cell = value;
        }
    }

    pub(super) fn get(&self, column: &str) -> Option<&Value> {
        self.after.get(self.table.at(column)?)
    }

    /// The ids by which its table knows it.
    pub(super) fn key(&self) -> Vec<Uuid> {
        self.table.key(&self.after)
    }

    pub(super) fn is_new(&self) -> bool {
        self.deed == Deed::Make
    }

    pub(super) fn removes(&self) -> bool {
        self.deed == Deed::Remove
    }
}

impl What {
    pub(super) fn new(kind: &'static str, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), target: None, tenant: None, cached: None, missed: false }
    }

    pub(super) fn on(mut self, target: Uuid) -> Self {
        self.target = Some(target);
        self
    }

    pub(super) fn of(mut self, tenant: Option<TenantId>) -> Self {
        self.tenant = tenant;
        self
    }

    /// New rows change what is cached, too.
    pub(super) fn missed(mut self, missed: bool) -> Self {
        self.missed = missed;
        self
    }

    pub(super) fn cached(mut self, subject: Uuid) -> Self {
        self.cached = Some(subject);
        self
    }
}
