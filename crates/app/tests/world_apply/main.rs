//! World files against a real store, on both engines.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod again;
mod by_example;
mod demo;
mod ended;
mod export;
mod full;
mod generated;
mod moved;
mod people;
mod prune;
mod refused;
mod rehearse;
mod reset;
mod since;
mod size;
mod tokens;

use std::sync::{Arc, Mutex};

use domain::audit::{Actor, Origin};
use herald_app::Ctx;
use herald_app::world::{self, ApplyError, How, Plan, Secrets, Sink};
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

/// The plan or the refusal of an apply that does more or less than the file.
async fn told_as(here: &Installation, text: &str, how: How) -> String {
    match world::apply_as(&here.ctx, text, how, &Actor::COMMAND_LINE, &Origin::default()).await {
        Ok(plan) => plan.to_string(),
        Err(error) => told(&error),
    }
}

/// The store as a world file.
async fn exported(here: &Installation, secrets: Secrets) -> String {
    let text = Arc::new(Mutex::new(String::new()));
    let into = Arc::clone(&text);
    let sink: Sink = Arc::new(move |piece| {
        into.lock().unwrap().push_str(piece);
        Ok(())
    });
    world::export(&here.ctx, secrets, sink).await.unwrap();
    std::mem::take(&mut *text.lock().unwrap())
}

/// What is the same in two stores that hold the same world, whatever ids and moments their rows were given.
async fn world_rows(here: &Installation) -> Vec<String> {
    let mut all = Vec::new();
    for sql in WORLD {
        all.extend(rows(here, sql).await.into_iter().map(|row| format!("{}: {row}", &sql[7..27])));
    }
    all
}

const WORLD: &[&str] = &[
    "SELECT key, description, origin FROM permissions ORDER BY key",
    "SELECT r.key, t.key, r.name, r.description, r.base, r.level, r.patterns, r.assigns, r.is_default, r.first_user, \
        r.default_invite, r.collections, r.features FROM roles r LEFT JOIN tenants t ON t.id = r.tenant_id \
        ORDER BY t.key, r.key",
    "SELECT key, id, number, name, features, quotas, metadata, billing_id, mfa_enforce, lockout_attempts FROM tenants \
        ORDER BY key",
    "SELECT s.id, t.key, s.key, s.name FROM sites s JOIN tenants t ON t.id = s.tenant_id ORDER BY s.id",
    "SELECT u.email, u.id, u.number, u.name, u.first_name, u.middle_name, u.last_name, u.phone, u.picture, u.kind, \
        u.user_group, u.verified, u.active, u.locked, u.is_operator, u.super_user, u.invisible, u.mfa_bypass, t.key, \
        s.key, u.metadata, u.vendor_metadata, u.managed_by, u.created_by, u.provider, u.password_hash, u.totp_sealed \
        FROM users u LEFT JOIN tenants t ON t.id = u.default_tenant_id LEFT JOIN sites s ON s.id = u.default_site_id \
        ORDER BY u.email",
    "SELECT m.user_id, t.key, m.active, m.expires_at FROM memberships m JOIN tenants t ON t.id = m.tenant_id \
        ORDER BY m.user_id, t.key",
    "SELECT mr.user_id, t.key, r.key FROM membership_roles mr JOIN tenants t ON t.id = mr.tenant_id \
        JOIN roles r ON r.id = mr.role_id ORDER BY mr.user_id, t.key, r.key",
    "SELECT user_id, tenant_id, site_id FROM membership_sites ORDER BY user_id, tenant_id, site_id",
    "SELECT client_id, secret_digest, name, grants, scopes, redirect_uris, environment FROM clients ORDER BY client_id",
    "SELECT k.id, k.number, k.tenant_id, k.owner_id, k.kind, k.name, k.utility, r.key, k.scopes, k.digest, k.sealed, \
        k.provider, k.created_at, k.expires_at FROM tokens k LEFT JOIN roles r ON r.id = k.cap_id ORDER BY k.id",
    "SELECT tr.token_id, r.key FROM token_roles tr JOIN roles r ON r.id = tr.role_id ORDER BY tr.token_id, r.key",
    "SELECT owner_id, tenant_id, name, url, kind FROM webhooks ORDER BY owner_id, tenant_id, name",
    "SELECT tenant_id, private, partner FROM networks ORDER BY tenant_id",
    "SELECT tenant_id, url, collection, method, access FROM endpoints ORDER BY tenant_id, url, collection, method",
    "SELECT tenant_id, agent, device, user_name, domain, topic, input_tokens, output_tokens, harmful, reason, at \
        FROM activities ORDER BY tenant_id, agent, device, at, user_name, topic, input_tokens, domain, reason",
];

const PRUNE: How = How { dry_run: false, prune: true, reset_passwords: false };
const DRY: How = How { dry_run: true, prune: false, reset_passwords: false };
const RESET: How = How { dry_run: false, prune: false, reset_passwords: true };

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
