//! Addresses by a pattern that has no fixed beginning: a walk in strides, within bounds.

use domain::EmailPattern;
use herald_app::members::matching::{self, Bounds, Matching};
use testkit::{Engine, Installation, demo, on_both_engines};

use super::caller;

on_both_engines! {
    a_walk_finds_all_in_their_order,
    a_walk_ends_at_its_bounds_and_says_so,
}

/// Members of northwind beside the five of the demo.
const CROWD: usize = 300;

async fn crowded(engine: Engine) -> Installation {
    let it = Installation::on(engine).await;
    let some_id = match engine {
        Engine::Sqlite => "randomblob(16)",
        Engine::Postgres => "gen_random_uuid()",
    };
    it.sql(&format!(
        "INSERT INTO users (id, number, email, name, kind, verified, active, locked, is_operator, super_user, \
         invisible, mfa_bypass, metadata, vendor_metadata, provider, origin, created_at, updated_at) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {CROWD}) \
         SELECT {some_id}, 1000000 + i, 'p' || substr(CAST(10000 + i AS TEXT), 2) || '@crowd.example', \
         'Somebody', 'USER', TRUE, TRUE, FALSE, FALSE, FALSE, FALSE, FALSE, '{{}}', '{{}}', 'local', '', i, i \
         FROM n; \
         INSERT INTO memberships (user_id, tenant_id, email, active, origin, created_at) \
         SELECT u.id, t.id, u.email, TRUE, '', 0 FROM users u, tenants t \
         WHERE t.key = 'northwind' AND u.number > 1000000; \
         INSERT INTO membership_roles (user_id, tenant_id, role_id) SELECT u.id, t.id, r.id \
         FROM users u, tenants t, roles r WHERE t.key = 'northwind' AND u.number > 1000000 \
         AND r.key = 'developer' AND r.tenant_id IS NULL"
    ))
    .await;
    it
}

async fn found(it: &Installation, pattern: &str, bounds: Bounds) -> Matching {
    let mira = caller(it, demo::MIRA).await;
    matching::within(&it.ctx, &mira, EmailPattern::parse(pattern).unwrap(), bounds).await.unwrap()
}

fn emails(found: &Matching) -> Vec<&str> {
    found.members.iter().map(|member| member.user.email.as_str()).collect()
}

async fn a_walk_finds_all_in_their_order(engine: Engine) {
    let it = crowded(engine).await;
    for stride in [1, 7, 100, 305, 306, 5_000] {
        let bounds = Bounds { stride, ..Bounds::default() };
        let some = found(&it, "*7@crowd.example", bounds).await;
        let wanted: Vec<String> =
            (0..30).map(|tens| format!("p{:04}@crowd.example", tens * 10 + 7)).collect();
        assert_eq!(
            (emails(&some), some.truncated),
            (wanted.iter().map(String::as_str).collect(), false),
            "{stride}"
        );
        assert!(some.members.iter().all(|member| member.roles[0].key == "developer"));
        let other = found(&it, "*r*@north*", bounds).await;
        assert_eq!(emails(&other), [demo::MIRA, demo::NOOR, demo::RAGU, demo::TOVA], "{stride}");
        let [mira, noor, ..] = other.members.as_slice() else { panic!("{other:?}") };
        assert_eq!((mira.sites.len(), noor.roles.len()), (2, 2), "sites and roles of each their own");
        assert_eq!(emails(&found(&it, "*x*x*x*x*", bounds).await), [""; 0]);
        assert_eq!(emails(&found(&it, "p01*0@*", bounds).await).len(), 10, "from its beginning on");
    }
}

async fn a_walk_ends_at_its_bounds_and_says_so(engine: Engine) {
    let it = crowded(engine).await;
    let told = |found: &Matching| (found.members.len(), found.truncated);
    let members = |members| Bounds { members, stride: 40, ..Bounds::default() };
    assert_eq!(told(&found(&it, "*@crowd.example", members(300)).await), (300, false));
    assert_eq!(told(&found(&it, "*@crowd.example", members(299)).await), (299, true));
    assert_eq!(told(&found(&it, "p*", members(300)).await), (300, false));
    assert_eq!(told(&found(&it, "p*", members(299)).await), (299, true));
    let looked_at = |looked_at| Bounds { looked_at, stride: 40, ..Bounds::default() };
    assert_eq!(
        told(&found(&it, "*@crowd.example", looked_at(306)).await),
        (300, false),
        "all were looked at"
    );
    let part = found(&it, "*@crowd.example", looked_at(102)).await;
    assert_eq!(told(&part), (99, true), "gus, mira and noor come first");
    assert_eq!(emails(&part)[0], "p0001@crowd.example");
    assert_eq!(told(&found(&it, "*nobody*", looked_at(102)).await), (0, true), "nor is that the whole truth");
    assert_eq!(
        told(&found(&it, "p*", looked_at(1)).await),
        (300, false),
        "nothing to hold a pattern against"
    );
}
