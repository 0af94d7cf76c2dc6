//! Deleting what much hangs on: in batches, with others in between, and nothing of anybody else's goes along.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::ClientUid;
use herald_app::tenants::{self, TenantName};
use herald_app::{Failure, clients};
use testkit::{Engine, Installation, demo, on_both_engines};

use crate::support::{is_refused, lives, value};
use crate::sweep::count;

on_both_engines! {
    a_large_tenant_goes_with_all_that_is_its_own,
    a_client_goes_with_all_its_tokens,
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
         SELECT {endpoint}, t.id, '/' || u.email, 1, 'GET', 1, '', 1 {from}"
    ))
    .await;
    it
}

/// What the trail says of it: that it was done, and that it had begun.
async fn told(it: &Installation, noun: &str) -> Vec<String> {
    let sql = format!("SELECT action FROM audit WHERE action LIKE '{noun}.delet%' ORDER BY action");
    it.sql(&sql).await.into_iter().map(|row| row[0].clone().unwrap()).collect()
}

async fn a_large_tenant_goes_with_all_that_is_its_own(engine: Engine) {
    let it = crowded(engine).await;
    // An operator whose own session hangs on what he deletes.
    it.change_user(
        demo::MIRA,
        "UPDATE users SET is_operator = TRUE WHERE email = 'mira.holt@northwind.example'",
    )
    .await;
    let (mira, otto) = (it.sign_in(demo::MIRA).await.token, it.sign_in(demo::OTTO).await.token);
    let northwind = it.tenant_id(demo::NORTHWIND).await;
    let caller = it.caller(&mira).await;
    let over = AtomicBool::new(false);
    let deleting = async {
        let gone: Result<(), Failure> =
            tenants::delete::run(&it.ctx, &caller, &TenantName::parse(demo::NORTHWIND)).await;
        over.store(true, Ordering::Release);
        gone.unwrap();
    };
    let writing = async {
        let mut written = 0;
        while !over.load(Ordering::Acquire) {
            it.change_user(demo::OTTO, "SELECT 1").await;
            written += 1;
        }
        written
    };
    let ((), written) = tokio::join!(deleting, writing);
    assert!(written > 2, "other writers waited for the whole deletion");
    assert!(is_refused(&it, &mira).await || !lives(&it, &mira).await, "his session went with the tenant");
    assert!(!lives(&it, demo::key(demo::MIRA)).await && lives(&it, &otto).await);
    let id = engine.uuid(northwind.uuid());
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
    assert_eq!(told(&it, "tenant").await, ["tenant.deleted", "tenant.deletion_begun"]);
}

async fn a_client_goes_with_all_its_tokens(engine: Engine) {
    let it = crowded(engine).await;
    let (root, grant) = (it.sign_in(demo::ROOT).await.token, it.grant(demo::NOOR).await);
    let caller = it.caller(&root).await;
    let uid: ClientUid = it.client(demo::CLIENT).await.uid;
    clients::delete::run(&it.ctx, &caller, uid).await.unwrap();
    assert!(!lives(&it, &grant.token).await && lives(&it, &root).await);
    for table in ["access_tokens", "families", "refresh_tokens", "sessions WHERE client_id IS NOT NULL"] {
        assert_eq!(count(&it, table).await, 0, "{table}");
    }
    assert_eq!(count(&it, "tokens WHERE number > 1000000").await, CROWD, "API keys are nobody's clients");
    assert_eq!(told(&it, "client").await, ["client.deleted", "client.deletion_begun"]);
    assert_eq!(value(&it, "SELECT COUNT(*) FROM clients WHERE client_id = 'fixstreamapp'").await, "0");
}
