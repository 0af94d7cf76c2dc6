//! Who of a tenant's members is granted a permission.

use herald_app::decisions::who_can::{Command, LOOKED_AT, Part, run};
use herald_app::tenants::TenantName;
use herald_app::{Caller, Failure, Kind};
use testkit::{Engine, Installation, demo, on_both_engines};

use super::{LIVE, by_role, permission};

on_both_engines! {
    members_are_judged_as_they_are_now,
    a_list_is_walked_while_people_leave,
    a_part_looks_at_so_many_and_no_more,
    who_may_not_ask_is_refused,
}

async fn part(it: &Installation, caller: &Caller, key: &str, after: &str, limit: usize) -> Part {
    let after = after.to_owned();
    run(&it.ctx, caller, Command { permission: permission(key), tenant: None, after, limit }).await.unwrap()
}

async fn all(it: &Installation, caller: &Caller, key: &str) -> Vec<String> {
    let part = part(it, caller, key, "", 200).await;
    assert_eq!(part.next, None);
    part.items.into_iter().map(|granted| granted.email).collect()
}

async fn mira(it: &Installation) -> Caller {
    it.caller(&it.sign_in(demo::MIRA).await.token).await
}

async fn members_are_judged_as_they_are_now(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = mira(&it).await;
    assert_eq!(all(&it, &mira, "users:write").await, [demo::MIRA]);
    assert_eq!(all(&it, &mira, "devices:read").await, [demo::MIRA, demo::NOOR]);
    let everybody = [demo::GUS, demo::MIRA, demo::NOOR, demo::RAGU, demo::TOVA];
    assert_eq!(all(&it, &mira, "roles:read").await, everybody);
    let granted = part(&it, &mira, "users:read", demo::MIRA, 1).await;
    assert_eq!(granted.items[0].reasons, [LIVE, by_role("member", "users:read")], "the strongest role first");
    it.change_user(demo::GUS, "UPDATE users SET locked = TRUE WHERE email LIKE 'gus%'").await;
    it.change_user(demo::NOOR, "UPDATE users SET active = FALSE WHERE email LIKE 'noor%'").await;
    let ragu = engine.uuid(it.user_id(demo::RAGU).await.uuid());
    it.change_user(demo::RAGU, &format!("UPDATE memberships SET active = FALSE WHERE user_id = {ragu}"))
        .await;
    assert_eq!(all(&it, &mira, "roles:read").await, [demo::MIRA, demo::TOVA]);
}

async fn a_list_is_walked_while_people_leave(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = mira(&it).await;
    let first = part(&it, &mira, "roles:read", "", 2).await;
    let emails = |part: &Part| part.items.iter().map(|granted| granted.email.clone()).collect::<Vec<_>>();
    assert_eq!(emails(&first), [demo::GUS, demo::MIRA]);
    let gus = engine.uuid(it.user_id(demo::GUS).await.uuid());
    it.change_user(demo::GUS, &format!("DELETE FROM memberships WHERE user_id = {gus}")).await;
    let second = part(&it, &mira, "roles:read", &first.next.unwrap(), 2).await;
    assert_eq!(emails(&second), [demo::NOOR, demo::RAGU]);
    let third = part(&it, &mira, "roles:read", &second.next.unwrap(), 2).await;
    assert_eq!((emails(&third), third.next), (vec![demo::TOVA.to_owned()], None));
}

/// More members without the permission than one part looks at: it says where it goes on, and the walk ends.
async fn a_part_looks_at_so_many_and_no_more(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = mira(&it).await;
    let northwind = engine.uuid(it.tenant_id("northwind").await.uuid());
    let id = match engine {
        Engine::Sqlite => "unhex(printf('%032x', 1000 + n))",
        Engine::Postgres => "CAST(lpad(to_hex(1000 + n), 32, '0') AS uuid)",
    };
    let people =
        format!("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {LOOKED_AT})");
    it.sql(&format!(
        "{people} INSERT INTO users (id, number, email, kind, verified, active, locked, is_operator, super_user, \
         invisible, mfa_bypass, metadata, vendor_metadata, provider, origin, created_at, updated_at) \
         SELECT {id}, 900000 + n, 'a' || (100000 + n) || '@many.example', 'USER', TRUE, TRUE, FALSE, FALSE, FALSE, \
         FALSE, FALSE, '{{}}', '{{}}', 'local', '', 0, 0 FROM c"
    ))
    .await;
    it.sql(&format!(
        "INSERT INTO memberships (user_id, tenant_id, email, active, origin, created_at) \
         SELECT id, {northwind}, email, TRUE, '', 0 FROM users WHERE email LIKE '%@many.example'"
    ))
    .await;
    let first = part(&it, &mira, "roles:read", "", 200).await;
    assert!(first.items.is_empty());
    let next = first.next.unwrap();
    assert_eq!(next, format!("a{}@many.example", 100_000 + LOOKED_AT));
    assert_eq!(part(&it, &mira, "roles:read", &next, 200).await.items.len(), 5);
}

async fn who_may_not_ask_is_refused(engine: Engine) {
    let it = Installation::on(engine).await;
    let ask = async |caller: &Caller, tenant: Option<&str>| -> Result<Part, Failure> {
        let tenant = tenant.map(|key| TenantName::Key(key.to_owned()));
        let command =
            Command { permission: permission("roles:read"), tenant, after: String::new(), limit: 9 };
        run(&it.ctx, caller, command).await
    };
    let noor = it.caller(&it.sign_in(demo::NOOR).await.token).await;
    assert!(ask(&noor, None).await.unwrap_err().decision.is_some());
    for tenant in ["contoso", "nothing"] {
        let refused = ask(&mira(&it).await, Some(tenant)).await.unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden, "{tenant}");
    }
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    assert_eq!(ask(&root, None).await.unwrap_err().fields[0].field, "tenant");
    assert_eq!(ask(&root, Some("nothing")).await.unwrap_err().kind, Kind::NotFound);
    let emails: Vec<_> =
        ask(&root, Some("contoso")).await.unwrap().items.into_iter().map(|g| g.email).collect();
    assert_eq!(emails, [demo::MIRA, demo::OTTO]);
}
