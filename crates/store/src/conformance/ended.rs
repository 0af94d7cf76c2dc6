//! No statement sees what has ended with its tenant or its client, but for those that have a reason to.

use std::collections::BTreeSet;

use crate::{MIGRATIONS, Statement};

/// Tables that hang on clients, by a column of their own: here the id of a tenant that lives says too little.
const OF_CLIENTS: [&str; 3] = ["sessions", "families", "access_tokens"];

/// Tables that hang on what hangs on them.
const SECOND: [&str; 4] = ["membership_roles", "membership_sites", "token_roles", "refresh_tokens"];

/// Room, statement, and why it reads the tables themselves.
const REASONED: [(&str, &str, &str); 39] = [
    ("tenants", "INSERT", "makes one"),
    ("tenants", "UPDATE", "of one that has not ended"),
    ("tenants", "LOCK", "the same"),
    ("tenants", "REMOVE", "the same"),
    ("tenants", "REVISE", "the same"),
    ("clients", "INSERT", "makes one"),
    ("clients", "UPDATE", "of one that has not ended"),
    ("clients", "LOCK", "the same"),
    ("clients", "REMOVE", "the same"),
    ("drain", "END_TENANT", "ends it"),
    ("drain", "END_CLIENT", "ends it"),
    ("drain", "REMOVE_TENANT", "takes away what has ended"),
    ("drain", "REMOVE_CLIENT", "the same"),
    ("drain", "ENDED_TENANT", "looks for what has ended"),
    ("drain", "ENDED_CLIENT", "the same"),
    ("drain", "IS_ENDED", "the same"),
    ("drain", "IS_ENDED_SITE", "the same"),
    ("drain", "COUNT_OF_CLIENT", "counts what hangs on it"),
    ("drain", "COUNT_OF_TENANT", "the same"),
    ("prune", "CLAIM_TENANT", "of one that was read in the same transaction"),
    ("prune", "LEFT_OF_SITE", "of a site whose tenant was read in the same transaction"),
    ("counters", "TAKEN_TENANTS", "a number is unique among all rows"),
    ("counters", "TAKEN_SESSIONS", "the same"),
    ("counters", "TAKEN_TOKENS", "the same"),
    ("counters", "TAKEN_WEBHOOKS", "the same"),
    ("tokens", "TAKEN_NUMBER", "the same"),
    ("health", "COPIES", "what is sealed is sealed anew as long as it is there"),
    ("signing_keys", "ANY_COPY", "the same"),
    ("sessions", "OPEN_AS_MEMBER", "memberships in the tenants of sessions that live"),
    ("tokens", "PAGE", "memberships in the tenants of tokens that live"),
    ("tokens", "ALL", "the same"),
    ("families", "TOKEN", "its family is read next"),
    ("links", "LIST_TOKEN_ROLES", "of a token that was found to live"),
    ("prune", "MEMBERS_AT_SITE", "of a site that was found to live"),
    ("links", "RESET_OF", "a reset is of no tenant"),
    ("links", "RESET_AT", "the same"),
    ("roles", "COMMON", "of no tenant"),
    ("roles", "COUNT_COMMON", "the same"),
    ("roles", "OF_TOKEN", "of a token that was found to live"),
];

/// Tables that hang on tenants or clients and have no view, and why none is needed.
const UNSEEN: [(&str, &str); 3] = [
    ("users", "stay; their default tenant is read through the view"),
    ("mfa_tokens", "nothing reads them"),
    ("agent_devices", "read by the id of their tenant"),
];

fn tables() -> Vec<(String, String)> {
    let text: String = MIGRATIONS.iter().map(|(_, _, sql)| *sql).collect();
    let ddl = text.split("CREATE TABLE ").skip(1);
    ddl.filter_map(|rest| rest.split_once(" (")).map(|(name, rest)| (name.to_owned(), body(rest))).collect()
}

fn body(rest: &str) -> String {
    rest.split("\n);").next().unwrap_or_default().to_owned()
}

fn views() -> BTreeSet<String> {
    let text: String = MIGRATIONS.iter().map(|(_, _, sql)| *sql).collect();
    let ddl = text.split("CREATE VIEW live_").skip(1);
    ddl.filter_map(|rest| rest.split_once(' ')).map(|(name, _)| name.to_owned()).collect()
}

fn words(statement: &Statement) -> BTreeSet<&str> {
    // What follows these words is a table; a column may be called as one.
    let words: Vec<&str> = statement.sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words
        .windows(2)
        .filter(|pair| ["FROM", "JOIN", "UPDATE", "INTO"].contains(&pair[0]))
        .map(|pair| pair[1])
        .collect()
}

fn sees_too_much(statement: &Statement, views: &BTreeSet<String>) -> bool {
    let named = words(statement);
    if named.contains("tenants") || named.contains("clients") {
        return true;
    }
    let sql = statement.sql;
    // A write goes by what was read.
    if !sql.starts_with("SELECT") {
        return false;
    }
    if named.iter().any(|table| SECOND.contains(table))
        && !named.iter().any(|table| table.starts_with("live_"))
    {
        return !sql.contains("tenant_id = $");
    }
    let of_live = sql.contains("tenant_id = $") || named.contains("live_tenants");
    let mut seen = named.into_iter().filter(|table| views.contains(*table));
    seen.any(|table| OF_CLIENTS.contains(&table) || !of_live)
}

#[test]
fn nothing_sees_what_has_ended() {
    let views = views();
    assert!(views.len() > 10, "{views:?}");
    let mut seeing: BTreeSet<(&str, &str)> = BTreeSet::new();
    for statement in crate::statements().filter(|statement| sees_too_much(statement, &views)) {
        seeing.insert((statement.table, statement.name()));
    }
    let reasoned: BTreeSet<(&str, &str)> = REASONED.iter().map(|(room, name, _)| (*room, *name)).collect();
    let unreasoned: Vec<_> = seeing.difference(&reasoned).collect();
    assert!(unreasoned.is_empty(), "read these through a live_ view, or say why not: {unreasoned:?}");
    let stale: Vec<_> = reasoned.difference(&seeing).collect();
    assert!(stale.is_empty(), "these need no reason any more: {stale:?}");
}

#[test]
fn what_hangs_on_a_tenant_or_a_client_has_a_view() {
    let views = views();
    let mut hanging = 0;
    for (table, body) in tables() {
        if !(body.contains("REFERENCES tenants (id)") || body.contains("REFERENCES clients (id)")) {
            continue;
        }
        hanging += 1;
        let unseen = UNSEEN.iter().any(|(name, _)| *name == table);
        assert_ne!(views.contains(&table), unseen, "{table}");
    }
    assert!(hanging > 10, "{hanging}");
}
