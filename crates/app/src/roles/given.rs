//! What may be said of a custom role, and within which bounds.

use domain::{Builtin, Pattern};
use store::world::role::Role;

use crate::changes::Changes;
use crate::failure::Failure;
use crate::rules::{self, Faults, NAME, NUMBER, TEXT};

/// What is given of a role; `None`: leave it, `Some(None)`: take it away.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// 1 to 256 characters; without one, the key.
    pub name: Option<String>,
    /// At most 2048 characters.
    pub description: Option<String>,
    /// Key of a built-in role.
    pub base: Option<Option<String>>,
    /// Patterns besides those of the base; 200 at most.
    pub permissions: Option<Vec<String>>,
    /// Keys of the roles that its holder may give, 200 at most; none: those of the base.
    pub assigns: Option<Option<Vec<String>>>,
    /// 0 and more, a lower one is stronger; none: that of the base, else 5.
    pub level: Option<Option<i64>>,
    pub is_default: Option<bool>,
    pub first_user: Option<bool>,
    pub default_invite: Option<bool>,
    /// 1000 at most.
    pub collections: Option<Vec<i64>>,
    /// 100 at most.
    pub features: Option<Vec<String>>,
}

const LISTED: usize = 200;
const COLLECTIONS: usize = 1_000;
const FEATURES: usize = 100;

impl Given {
    /// # Errors
    /// `Invalid` names every field at fault.
    pub(super) fn judge(&self, mut faults: Faults) -> Result<(), Failure> {
        if let Some(name) = &self.name {
            faults.name("name", name, NAME);
        }
        faults.optional_name("description", self.description.as_deref().unwrap_or_default(), TEXT);
        if let Some(Some(base)) = &self.base {
            faults.unless(Builtin::from_key(base).is_some(), "base", "must be the key of a built-in role");
        }
        let permissions = self.permissions.as_deref().unwrap_or_default();
        faults.count("permissions", permissions.len(), LISTED);
        let fit = permissions.iter().all(|text| Pattern::parse(text).is_some());
        faults.unless(fit, "permissions", "must hold permissions like users:read, or patterns like users:*");
        let assigns = self.assigns.as_ref().and_then(Option::as_deref).unwrap_or_default();
        faults.count("assigns", assigns.len(), LISTED);
        if let Some(Some(level)) = self.level {
            faults.unless((0..=NUMBER).contains(&level), "level", "must be 0 or more");
        }
        let collections = self.collections.as_deref().unwrap_or_default();
        faults.count("collections", collections.len(), COLLECTIONS);
        let fit = collections.iter().all(|id| (-NUMBER..=NUMBER).contains(id));
        faults.unless(fit, "collections", "must hold numbers within 53 bits");
        faults.words("features", self.features.as_deref().unwrap_or_default(), FEATURES);
        faults.done()
    }

    /// Sets over `row` what is given.
    pub(super) fn over(self, row: &mut Role) {
        set(&mut row.name, self.name);
        set(&mut row.description, self.description);
        set(&mut row.base, self.base);
        set(&mut row.patterns, self.permissions.map(rules::distinct));
        set(&mut row.assigns, self.assigns.map(|list| list.map(rules::distinct)));
        set(&mut row.level, self.level);
        set(&mut row.is_default, self.is_default);
        set(&mut row.first_user, self.first_user);
        set(&mut row.default_invite, self.default_invite);
        set(&mut row.collections, self.collections.map(rules::distinct));
        set(&mut row.features, self.features.map(rules::distinct));
    }
}

fn set<T>(value: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *value = given;
    }
}

/// What differs, in words.
pub(super) fn moved(before: &Role, after: &Role) -> Option<String> {
    let assigns = |role: &Role| role.assigns.clone().unwrap_or_default();
    // None at all gives other roles than none named.
    let inherits = |role: &Role| if role.assigns.is_none() { "the base's" } else { "its own" };
    Changes::default()
        .text("name", &before.name, &after.name)
        .named("description", before.description != after.description)
        .option("base", before.base.as_ref(), after.base.as_ref())
        .list("permissions", &before.patterns, &after.patterns)
        .value("assigns", &inherits(before), &inherits(after))
        .list("assigns", &assigns(before), &assigns(after))
        .option("level", before.level.as_ref(), after.level.as_ref())
        .value("default", &before.is_default, &after.is_default)
        .value("first_user", &before.first_user, &after.first_user)
        .value("default_invite", &before.default_invite, &after.default_invite)
        .list("collections", &before.collections, &after.collections)
        .list("features", &before.features, &after.features)
        .words()
}
