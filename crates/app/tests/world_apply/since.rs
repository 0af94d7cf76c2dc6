//! What people did since an apply stays, table by table, when the file is applied again and does not name it.

use testkit::{Engine, on_both_engines};

use crate::{PRUNE, RESET, apply, dump, empty, plan, rows, told_as};

/// At least one row of every table, and of each only the keys that it must have.
const BARE: &str = r#"
[[permission]]
key = "reports:read"
[[role]]
key = "desk"
tenant = "acme"
[[tenant]]
key = "acme"
name = "Acme"
[[tenant.site]]
key = "hq"
name = "HQ"
[[user]]
email = "ada@acme.example"
[[user.membership]]
tenant = "acme"
roles = ["desk", "admin"]
[[client]]
id = "app"
secret = "a secret of the app"
grants = ["password"]
[[token]]
owner = "ada@acme.example"
tenant = "acme"
name = "ci"
secret = "a-secret-of-sixteen"
[[webhook]]
owner = "ada@acme.example"
tenant = "acme"
name = "alerts"
url = "https://hooks.example/1"
kind = "SLACK"
[[network]]
tenant = "acme"
[[endpoint]]
tenant = "acme"
collection = 1
method = "GET"
url = "/a"
access = ["PUBLIC"]
[[activity]]
tenant = "acme"
agent = "a"
device = "d"
user = "u"
"#;

/// What somebody may have done since, a statement a table.
const SINCE: &[&str] = &[
    "UPDATE permissions SET description = 'ours' WHERE key = 'reports:read'",
    "UPDATE roles SET name = 'Desk!', description = 'd', level = 2, patterns = '[\"users:read\"]', assigns = '[]' \
        WHERE key = 'desk'",
    "UPDATE tenants SET features = '[\"sso\"]', quotas = '{\"users\":5}', metadata = '{\"a\":1}', \
        mfa_enforce = 'Force', lockout_attempts = 4 WHERE key = 'acme'",
    "UPDATE users SET name = 'Ada', locked = TRUE, active = FALSE, verified = FALSE, phone = '1', is_operator = TRUE, \
        password_hash = 'x', metadata = '{\"a\":1}', default_tenant_id = (SELECT id FROM tenants WHERE key = 'acme')",
    "UPDATE memberships SET active = FALSE, expires_at = 1",
    "INSERT INTO membership_sites (user_id, tenant_id, site_id) \
        SELECT u.id, s.tenant_id, s.id FROM users u, sites s",
    "UPDATE clients SET name = 'App', scopes = '[\"read\"]', redirect_uris = '[\"app:/\"]', environment = TRUE",
    "UPDATE tokens SET expires_at = 1924988400000000, revoked_at = 1, last_used_at = 2, \
        cap_id = (SELECT id FROM roles WHERE key = 'desk')",
    "UPDATE networks SET private = '[\"10.0.0.0/8\"]', partner = '[\"11.0.0.0/8\"]'",
];

on_both_engines!(stays_when_the_file_comes_again, a_row_of_people_never_becomes_the_files);

async fn stays_when_the_file_comes_again(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, BARE).await;
    for sql in SINCE {
        here.sql(sql).await;
    }
    let before = dump(&here).await;
    assert_eq!(plan(&here, BARE).await, "= 12 unchanged");
    assert_eq!(told_as(&here, BARE, PRUNE).await, "= 12 unchanged");
    assert_eq!(told_as(&here, BARE, RESET).await, "= 12 unchanged");
    assert_eq!(dump(&here).await, before);
}

/// Rows that people made and a file names: it may change them, and no later one deletes them.
async fn a_row_of_people_never_becomes_the_files(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, BARE).await;
    for table in [
        "permissions",
        "tenants",
        "sites",
        "users",
        "memberships",
        "clients",
        "webhooks",
        "networks",
        "endpoints",
        "activities",
    ] {
        here.sql(&format!("UPDATE {table} SET origin = '' WHERE origin = 'world'")).await;
    }
    here.sql("UPDATE roles SET origin = '' WHERE key = 'desk'").await;
    let told = plan(&here, &BARE.replace("name = \"Acme\"", "name = \"Acme SA\"")).await;
    assert_eq!(told, "~ tenant acme: name Acme → Acme SA\n= 11 unchanged");
    let before = rows(&here, "SELECT key, origin FROM tenants").await;
    assert_eq!(before, ["acme|"]);
    assert_eq!(told_as(&here, "", PRUNE).await, "- token ci of ada@acme.example in acme\n= 0 unchanged");
    assert_eq!(told_as(&here, "", PRUNE).await, "= 0 unchanged");
}
