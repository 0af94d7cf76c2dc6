//! What a role is worth, as plainly as it can be said: a set of words. `users:read` is something that its holder may do,
//! `give guest` something that he may give. A pattern is all the words that it matches; what it matches besides, which
//! nobody has named yet, is one more word (`users:~`), so that reading and writing users is less than `users:*`.

use std::collections::BTreeSet;

pub type Words = BTreeSet<String>;

/// The tables of the design: key, level, what it may assign, what it permits beyond the one behind it.
const BUILT_IN: [(&str, i64, &str, &str); 7] = [
    ("no_access", 6, "", ""),
    ("guest", 5, "guest", "roles:read tokens:read endpoints:read agents:read billing:read"),
    ("developer", 4, "developer guest", "users:read tokens:write"),
    ("member", 3, "member developer guest", "endpoints:write agents:write"),
    ("threat_viewer", 2, "threat_viewer developer member guest", "threats:read"),
    ("threat_engineer", 1, "threat_engineer threat_viewer developer member guest", "threats:write"),
    (
        "admin",
        0,
        "admin member developer guest threat_engineer threat_viewer",
        "users:write roles:write tokens:admin sessions:admin tenants:write billing:write decisions:read audit:read",
    ),
];

pub const BUILT_IN_KEYS: [&str; 7] =
    ["admin", "member", "developer", "guest", "no_access", "threat_viewer", "threat_engineer"];

/// Every word that a permission can be.
pub fn everything() -> Words {
    let named: Words = BUILT_IN.iter().flat_map(|row| row.3.split_whitespace()).map(str::to_owned).collect();
    let unnamed = named.iter().map(|word| format!("{}:~", word.split(':').next().unwrap()));
    named.iter().cloned().chain(unnamed).chain(["~".to_owned()]).collect()
}

/// What `*`, `users:*` or `users:read` come to.
fn spelt_out(pattern: &str) -> Words {
    match pattern.strip_suffix('*') {
        Some(start) => everything().into_iter().filter(|word| word.starts_with(start)).collect(),
        None => Words::from([pattern.to_owned()]),
    }
}

/// A role, built in or custom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// `None`: everywhere.
    pub place: Option<usize>,
    pub key: String,
    pub shape: Shape,
}

/// What a custom role says itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    pub base: Option<&'static str>,
    pub own: Vec<&'static str>,
    pub assigns: Option<Vec<String>>,
    pub collections: Vec<i64>,
}

impl Role {
    pub fn built_in(key: &'static str) -> Self {
        Self { place: None, key: key.to_owned(), shape: Shape { base: Some(key), ..Shape::default() } }
    }

    pub fn is_built_in(&self) -> bool {
        BUILT_IN_KEYS.contains(&self.key.as_str())
    }

    /// The row of the table that it is, or stands on.
    fn row(&self) -> Option<usize> {
        BUILT_IN.iter().position(|row| Some(row.0) == self.shape.base)
    }

    pub fn administers(&self) -> bool {
        self.shape.base == Some("admin")
    }

    pub fn level(&self) -> i64 {
        self.row().map_or(5, |row| BUILT_IN[row].1)
    }

    pub fn permits(&self) -> Words {
        let mut words: Words = self.shape.own.iter().flat_map(|pattern| spelt_out(pattern)).collect();
        if self.administers() {
            words.extend(everything());
        } else if let Some(row) = self.row() {
            words.extend(BUILT_IN[..=row].iter().flat_map(|row| spelt_all(row.3)));
        }
        words
    }

    /// The keys of what its holder may give.
    pub fn lets_give(&self) -> Vec<String> {
        let of_base = || self.row().map_or("", |row| BUILT_IN[row].2);
        self.shape
            .assigns
            .clone()
            .unwrap_or_else(|| of_base().split_whitespace().map(str::to_owned).collect())
    }

    pub fn worth(&self) -> Words {
        self.permits().into_iter().chain(self.lets_give().iter().map(|key| give(key))).collect()
    }
}

fn spelt_all(list: &str) -> impl Iterator<Item = String> {
    list.split_whitespace().map(str::to_owned)
}

pub fn give(key: &str) -> String {
    format!("give {key}")
}

/// The collections that roles held together show; `None`: all.
pub fn shown(roles: &[&Role]) -> Option<BTreeSet<i64>> {
    let named: BTreeSet<i64> = roles.iter().flat_map(|role| role.shape.collections.clone()).collect();
    let all = named.is_empty() || roles.iter().any(|role| role.administers());
    (!all).then_some(named)
}
