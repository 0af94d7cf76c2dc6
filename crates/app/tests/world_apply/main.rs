//! World files against a real store, on both engines.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod again;
mod demo;
mod full;
mod moved;
mod people;
mod refused;
mod size;
mod tokens;

use std::sync::Arc;

use domain::audit::{Actor, Origin};
use herald_app::Ctx;
use herald_app::world::{self, ApplyError, Plan};
use testkit::{Engine, Installation, RawRow, Setup, World};

/// An installation where nobody is yet.
async fn empty(engine: Engine) -> Installation {
    Installation::with(Setup::on(engine).world(World::Nobody)).await
}

async fn try_apply(ctx: &Ctx, text: &str) -> Result<Plan, ApplyError> {
    world::apply(ctx, text, &Actor::COMMAND_LINE, &Origin::default()).await
}

async fn apply(here: &Installation, text: &str) -> Plan {
    try_apply(&here.ctx, text).await.unwrap_or_else(|error| panic!("{}", told(&error)))
}

/// The plan, line by line.
async fn plan(here: &Installation, text: &str) -> String {
    apply(here, text).await.to_string()
}

async fn refusal(here: &Installation, text: &str) -> String {
    told(&try_apply(&here.ctx, text).await.unwrap_err())
}

fn told(error: &ApplyError) -> String {
    match error {
        ApplyError::Faults(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

/// The rows as text, columns joined by `|`, NULL as `-`.
async fn rows(here: &Installation, sql: &str) -> Vec<String> {
    let shown = |row: &RawRow| row.iter().map(|v| v.as_deref().unwrap_or("-")).collect::<Vec<_>>().join("|");
    here.sql(sql).await.iter().map(shown).collect()
}

async fn one(here: &Installation, sql: &str) -> String {
    rows(here, sql).await.join("\n")
}

const TABLES: &[&str] = &[
    "feed_head",
    "feed",
    "counters",
    "installation",
    "permissions",
    "tenants",
    "sites",
    "roles",
    "users",
    "memberships",
    "membership_roles",
    "membership_sites",
    "clients",
    "sessions",
    "families",
    "refresh_tokens",
    "access_tokens",
    "tokens",
    "token_roles",
    "mfa_tokens",
    "lockouts",
    "signing_keys",
    "webhooks",
    "networks",
    "endpoints",
    "activities",
    "audit",
];

/// Every row of every table.
async fn dump(here: &Installation) -> Vec<String> {
    let mut all = Vec::new();
    for table in TABLES {
        let mut found = rows(here, &format!("SELECT * FROM {table}")).await;
        found.sort();
        all.extend(found.into_iter().map(|row| format!("{table}: {row}")));
    }
    all
}

/// The same without the counters, whose blocks a refused plan may have begun.
async fn dump_but_counters(here: &Installation) -> Vec<String> {
    dump(here).await.into_iter().filter(|row| !row.starts_with("counters")).collect()
}

async fn feed_head(here: &Installation) -> String {
    one(here, "SELECT n FROM feed_head").await
}

/// A tenant with an administrator, and an operator.
const SMALL: &str = r#"
[[tenant]]
key = "acme"
name = "Acme"
[[role]]
key = "desk"
tenant = "acme"
level = 4
[[user]]
email = "ada@acme.example"
password = "correct horse battery"
[[user.membership]]
tenant = "acme"
roles = ["admin"]
[[user]]
email = "bo@acme.example"
password = "correct horse battery"
name = "Bo"
[[user.membership]]
tenant = "acme"
roles = ["desk"]
[[user]]
email = "root@acme.example"
operator = true
"#;

fn both(here: &Installation) -> Arc<Ctx> {
    Arc::clone(&here.ctx)
}
