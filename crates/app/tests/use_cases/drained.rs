//! Deleting what much hangs on: dead at once behind every door, its names free, swept in batches afterwards, and nothing
//! of anybody else's goes along.

mod again;
mod at_once;

use domain::ClientUid;
use herald_app::sessions::list;
use herald_app::sweep::{self, Bounds};
use herald_app::tenants::{self, TenantName};
use herald_app::{Caller, clients};
use testkit::{Engine, Installation, demo, minutes, on_both_engines};

use crate::support::{is_refused, lives, value};
use crate::sweep::count;

on_both_engines! {
    a_large_tenant_is_swept_in_batches,
    a_client_goes_with_all_its_tokens,
    little_goes_at_once,
}

/// More than goes in one transaction.
const CROWD: u64 = 1_300;

/// People `p0001@…`, members of northwind and of contoso, with a token, a session and an access token of each in northwind.
async fn crowded(engine: Engine) -> Installation {
    let it = Installation::on(engine).await;
    let id = |kind: u32| match engine {
        Engine::Sqlite => format!("CAST(printf('%04d-%011d', {kind}, u.number) AS BLOB)"),
        Engine::Postgres => {
            format!("CAST('{kind:08}-0000-7000-8000-' || lpad(to_hex(u.number), 12, '0') AS UUID)")
        }
    };
    let digest = match engine {
        Engine::Sqlite => "CAST('d' || u.number AS BLOB)",
        Engine::Postgres => "CAST('d' || CAST(u.number AS TEXT) AS BYTEA)",
    };
    let some_id = id(1).replace("u.number", "i");
    let client = "(SELECT id FROM clients WHERE client_id = 'fixstreamapp')";
    let (session, family, access, token, endpoint) = (id(2), id(3), id(4), id(5), id(6));
    let from = "FROM users u, tenants t WHERE t.key = 'northwind' AND u.number > 1000000";
    it.sql(&format!(
        "INSERT INTO users (id, number, email, name, kind, verified, active, locked, is_operator, super_user, \
         invisible, mfa_bypass, metadata, vendor_metadata, provider, default_tenant_id, origin, created_at, updated_at) \
         WITH RECURSIVE n(i) AS (SELECT 1000001 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000 + {CROWD}) \
         SELECT {some_id}, i, 'p' || CAST(i AS TEXT) || '@crowd.example', \
         'Somebody', 'USER', TRUE, TRUE, FALSE, FALSE, FALSE, FALSE, FALSE, '{{}}', '{{}}', 'local', \
         (SELECT id FROM tenants WHERE key = 'northwind'), '', i, i FROM n; \
         INSERT INTO memberships (user_id, tenant_id, email, active, origin, created_at) \
         SELECT u.id, t.id, u.email, TRUE, '', 0 FROM users u, tenants t \
         WHERE t.key IN ('northwind', 'contoso') AND u.number > 1000000; \
         INSERT INTO membership_roles (user_id, tenant_id, role_id) SELECT m.user_id, m.tenant_id, r.id \
         FROM memberships m JOIN users u ON u.id = m.user_id, roles r WHERE u.number > 1000000 \
         AND r.key = 'developer' AND r.tenant_id IS NULL; \
         INSERT INTO sessions (id, number, user_id, tenant_id, client_id, opening, created_at, last_used_at, expires_at, \
         absolute_until, user_agent, ip, place, mfa) SELECT {session}, u.number, u.id, t.id, {client}, 'oauth', 1, 1, \
         4000000000000000, 4000000000000000, '', '', '', FALSE {from}; \
         INSERT INTO families (id, session_id, client_id, opening, scope, created_at) \
         SELECT {family}, {session}, {client}, 'oauth', '', 1 {from}; \
         INSERT INTO refresh_tokens (digest, family_id, created_at, expires_at) \
         SELECT {digest}, {family}, 1, 4000000000000000 {from}; \
         INSERT INTO access_tokens (id, kind, family_id, session_id, client_id, user_id, tenant_id, scope, created_at, \
         expires_at) SELECT {access}, 'oauth', {family}, {session}, {client}, u.id, t.id, '', 1, 4000000000000000 {from}; \
         INSERT INTO tokens (id, number, tenant_id, owner_id, kind, name, digest, provider, created_at, origin) \
         SELECT {token}, u.number, t.id, u.id, 'api_key', 'k', {digest}, 'local', 1, '' {from}; \
         INSERT INTO endpoints (id, tenant_id, url, collection, method, access, origin, created_at) \
         SELECT {endpoint}, t.id, '/' || u.email, 1, 'GET', 1, '', 1 {from}; \
         UPDATE tenants SET quotas = '{{}}'"
    ))
    .await;
    it
}

async fn root(it: &Installation) -> Caller {
    let root = it.sign_in(demo::ROOT).await.token;
    it.caller(&root).await
}

async fn delete(it: &Installation, by: &Caller, tenant: &str) {
    tenants::delete::run(&it.ctx, by, &TenantName::parse(tenant)).await.unwrap();
}

/// What the trail says of it.
async fn told(it: &Installation, noun: &str) -> Vec<String> {
    let sql = format!("SELECT action FROM audit WHERE action LIKE '{noun}.delet%' ORDER BY action");
    it.sql(&sql).await.into_iter().map(|row| row[0].clone().unwrap()).collect()
}

/// Runs of the sweep until nothing is left, each cut off after a batch, as by a kill.
async fn batches(it: &Installation, rows: u32) -> u64 {
    for run in 0..100 {
        it.advance(minutes(1));
        let swept = sweep::within(&it.ctx, Bounds { rows, batches: 1 }).await.unwrap();
        assert!(swept.total() <= u64::from(rows), "{swept}");
        if swept.total() == 0 {
            return run;
        }
        assert!(!lives(it, demo::key(demo::MIRA)).await, "dead between the batches");
    }
    panic!("it never ends");
}

async fn a_large_tenant_is_swept_in_batches(engine: Engine) {
    let it = crowded(engine).await;
    let otto = it.sign_in(demo::OTTO).await.token;
    let northwind = it.tenant_id(demo::NORTHWIND).await;
    delete(&it, &root(&it).await, demo::NORTHWIND).await;
    let id = engine.uuid(northwind.uuid());
    assert!(count(&it, &format!("memberships WHERE tenant_id = {id}")).await > CROWD, "not in the request");
    assert_eq!(count(&it, &format!("tenants WHERE id = {id}")).await, 1);
    let numbers = value(&it, "SELECT n FROM feed_head").await;
    assert!(batches(&it, 500).await > 10);
    assert_eq!(value(&it, "SELECT n FROM feed_head").await, numbers, "the dead are dead already");
    assert!(lives(&it, &otto).await);
    assert_eq!(count(&it, &format!("tenants WHERE id = {id}")).await, 0);
    for table in [
        "memberships",
        "membership_roles",
        "sessions",
        "access_tokens",
        "tokens",
        "endpoints",
        "sites",
        "roles",
    ] {
        assert_eq!(count(&it, &format!("{table} WHERE tenant_id = {id}")).await, 0, "{table}");
    }
    assert_eq!(count(&it, "refresh_tokens").await, 0);
    assert_eq!(count(&it, "users WHERE number > 1000000 AND default_tenant_id IS NULL").await, CROWD);
    let theirs = "memberships m JOIN users u ON u.id = m.user_id WHERE u.number > 1000000";
    assert_eq!(count(&it, theirs).await, CROWD, "what they are in contoso stays");
    assert_eq!(told(&it, "tenant").await, ["tenant.deleted"]);
}

async fn a_client_goes_with_all_its_tokens(engine: Engine) {
    let it = crowded(engine).await;
    let (caller, grant) = (root(&it).await, it.grant(demo::NOOR).await);
    let refresh = grant.refresh.unwrap();
    assert!(lives(&it, &grant.token).await);
    let uid: ClientUid = it.client(demo::CLIENT).await.uid;
    let asking = crate::support::asking(&it, &refresh).await;
    clients::delete::run(&it.ctx, &caller, uid).await.unwrap();
    assert!(count(&it, "sessions WHERE client_id IS NOT NULL").await > CROWD, "not in the request");
    assert!(!lives(&it, &grant.token).await);
    assert!(crate::support::refresh_as(&it, asking).await.is_err());
    let noor = it.caller(&it.sign_in(demo::NOOR).await.token).await;
    let open = list::run(&it.ctx, &noor, 10, None).await.unwrap();
    assert_eq!(open.len(), 1, "no session of it is shown");
    let again = clients::delete::run(&it.ctx, &caller, uid).await.unwrap_err();
    assert_eq!(again.code, "not_found");
    it.advance(minutes(1));
    sweep::run(&it.ctx).await.unwrap();
    for table in ["access_tokens", "families", "refresh_tokens", "sessions WHERE client_id IS NOT NULL"] {
        assert_eq!(count(&it, table).await, 0, "{table}");
    }
    assert_eq!(count(&it, "tokens WHERE number > 1000000").await, CROWD, "API keys are nobody's clients");
    assert_eq!(told(&it, "client").await, ["client.deleted"]);
    assert_eq!(count(&it, "clients WHERE ended_at IS NOT NULL OR client_id = 'fixstreamapp'").await, 0);
}

async fn little_goes_at_once(engine: Engine) {
    let it = Installation::on(engine).await;
    delete(&it, &root(&it).await, demo::NORTHWIND).await;
    assert_eq!(count(&it, "tenants WHERE key <> 'contoso' OR ended_at IS NOT NULL").await, 0);
    assert!(!lives(&it, demo::key(demo::MIRA)).await);
    assert!(is_refused(&it, "hr_nothing").await);
}
