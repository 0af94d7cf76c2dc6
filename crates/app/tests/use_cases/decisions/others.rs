//! Decisions about others: who may ask, of whom, and what would turn a no.

use domain::decision::{Change, MembershipState, Reason, UserState};
use domain::{EmailAddress, UserId};
use herald_app::decisions::{Answer, Ask, UserName, ask};
use herald_app::tenants::TenantName;
use herald_app::{Caller, Failure, Kind};
use testkit::{Engine, Installation, demo, on_both_engines};

use super::{LIVE, by_role, permission};

on_both_engines! {
    an_administrator_asks_about_his_members_alone,
    an_operator_asks_about_everybody,
    one_change_turns_a_refusal,
    what_is_said_to_be_enough_is_enough,
    oneself_needs_no_permission,
}

fn email(of: &str) -> UserName {
    UserName::Email(EmailAddress::parse(of).unwrap())
}

async fn asked(
    it: &Installation,
    caller: &Caller,
    user: UserName,
    (key, tenant): (&str, Option<&str>),
) -> Result<Answer, Failure> {
    let tenant = tenant.map(|key| TenantName::Key(key.to_owned()));
    ask(&it.ctx, caller, Ask { permission: permission(key), tenant, user: Some(user) }).await
}

/// The last reason, and what would turn it.
async fn why(it: &Installation, caller: &Caller, of: &str, key: &str) -> (Reason, Option<Change>) {
    let answer = asked(it, caller, email(of), (key, None)).await.unwrap();
    assert!(!answer.decision.allowed, "{of} {key}");
    (answer.decision.reasons.last().unwrap().clone(), answer.change)
}

async fn signed(it: &Installation, email: &str) -> Caller {
    it.caller(&it.sign_in(email).await.token).await
}

async fn an_administrator_asks_about_his_members_alone(engine: Engine) {
    let it = Installation::on(engine).await;
    let (mira, noor) = (signed(&it, demo::MIRA).await, signed(&it, demo::NOOR).await);
    let answer = asked(&it, &mira, email(demo::NOOR), ("users:read", None)).await.unwrap();
    assert_eq!(answer.decision.reasons, [LIVE, by_role("member", "users:read")]);
    let by_id = UserName::Id(it.user_id(demo::NOOR).await);
    assert!(asked(&it, &mira, by_id, ("users:read", Some("northwind"))).await.unwrap().decision.allowed);
    // A stranger to the tenant, an operator outside it, and nobody at all look the same.
    let nobody = UserName::Id(UserId::from_uuid(it.ctx.new_id()));
    for user in [email(demo::OTTO), email(demo::ROOT), email("nobody@example.org"), nobody] {
        let refused = asked(&it, &mira, user, ("users:read", None)).await.unwrap_err();
        assert!(matches!(refused.kind, Kind::Hidden | Kind::NotFound), "{refused:?}");
        assert!(refused.decision.is_none());
    }
    // Mira is a guest of contoso, and her credential is of northwind: a tenant there and none are refused alike.
    for tenant in ["contoso", "nothing"] {
        let refused = asked(&it, &mira, email(demo::OTTO), ("users:read", Some(tenant))).await.unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden, "{tenant}");
    }
    for user in [demo::MIRA, demo::OTTO, "nobody@example.org"] {
        let refused = asked(&it, &noor, email(user), ("users:read", None)).await.unwrap_err();
        assert!(refused.kind == Kind::Forbidden && refused.decision.is_some(), "{user}");
    }
}

async fn an_operator_asks_about_everybody(engine: Engine) {
    let it = Installation::on(engine).await;
    let root = signed(&it, demo::ROOT).await;
    let answer = asked(&it, &root, email(demo::MIRA), ("users:write", Some("contoso"))).await.unwrap();
    assert_eq!(answer.change, Some(Change::GiveRole { role: "admin".to_owned() }));
    let stranger = asked(&it, &root, email(demo::OTTO), ("users:read", Some("northwind"))).await.unwrap();
    assert_eq!(stranger.decision.reasons, [Reason::Membership { state: MembershipState::None }]);
    assert_eq!(stranger.change, Some(Change::JoinTenant { role: "technician".to_owned() }));
    let refused = asked(&it, &root, email(demo::OTTO), ("users:read", None)).await.unwrap_err();
    assert_eq!((refused.code, &*refused.fields[0].field), ("invalid_field", "tenant"));
    let refused = asked(&it, &root, email(demo::OTTO), ("users:read", Some("nothing"))).await.unwrap_err();
    assert_eq!(refused.kind, Kind::NotFound);
    it.change_user(demo::OTTO, "UPDATE users SET is_operator = TRUE WHERE email LIKE 'otto%'").await;
    let operator = asked(&it, &root, email(demo::OTTO), ("users:write", Some("northwind"))).await.unwrap();
    assert_eq!(operator.decision.reasons, [Reason::Operator]);
}

async fn one_change_turns_a_refusal(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = signed(&it, demo::MIRA).await;
    let no_role = |role: &str| Reason::NoRole { roles: vec![role.to_owned()] };
    let give = |role: &str| Some(Change::GiveRole { role: role.to_owned() });
    assert_eq!(why(&it, &mira, demo::GUS, "users:read").await, (no_role("guest"), give("technician")));
    assert_eq!(
        why(&it, &mira, demo::GUS, "threats:write").await,
        (no_role("guest"), give("threat_engineer"))
    );
    assert_eq!(why(&it, &mira, demo::GUS, "devices:read").await, (no_role("guest"), give("technician")));
    assert_eq!(why(&it, &mira, demo::GUS, "audit:read").await, (no_role("guest"), give("admin")));

    let of_gus = format!("user_id = {}", engine.uuid(it.user_id(demo::GUS).await.uuid()));
    let set = async |sql: &str| it.change_user(demo::GUS, sql).await;
    let member = |state| Reason::Membership { state };
    set(&format!("UPDATE memberships SET active = FALSE WHERE {of_gus}")).await;
    let inactive = (member(MembershipState::Inactive), Some(Change::ActivateMembership));
    assert_eq!(why(&it, &mira, demo::GUS, "roles:read").await, inactive);
    assert_eq!(why(&it, &mira, demo::GUS, "users:read").await.1, None, "a role would be missing, too");
    let ended = it.now().as_micros();
    set(&format!("UPDATE memberships SET active = TRUE, expires_at = {ended} WHERE {of_gus}")).await;
    let ended = (member(MembershipState::Ended), Some(Change::ExtendMembership));
    assert_eq!(why(&it, &mira, demo::GUS, "roles:read").await, ended);

    it.change_user(demo::RAGU, "UPDATE users SET locked = TRUE WHERE email LIKE 'ragu%'").await;
    let locked = (Reason::User { state: UserState::Locked }, Some(Change::UnlockUser));
    assert_eq!(why(&it, &mira, demo::RAGU, "roles:read").await, locked);
    it.change_user(demo::RAGU, "UPDATE users SET active = FALSE, locked = FALSE WHERE email LIKE 'ragu%'")
        .await;
    let inactive = (Reason::User { state: UserState::Inactive }, Some(Change::ActivateUser));
    assert_eq!(why(&it, &mira, demo::RAGU, "roles:read").await, inactive);
    it.change_user(demo::RAGU, "UPDATE users SET locked = TRUE WHERE email LIKE 'ragu%'").await;
    assert_eq!(why(&it, &mira, demo::RAGU, "roles:read").await.1, None);
}

/// What the answer names is done to the store; then the enforcement itself lets him in.
async fn what_is_said_to_be_enough_is_enough(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = signed(&it, demo::MIRA).await;
    let gus = engine.uuid(it.user_id(demo::GUS).await.uuid());
    for key in ["users:read", "endpoints:write", "threats:read", "devices:write", "users:write"] {
        let (_, change) = why(&it, &mira, demo::GUS, key).await;
        let Some(Change::GiveRole { role }) = change else { panic!("{key}: {change:?}") };
        let give = format!(
            "INSERT INTO membership_roles (user_id, tenant_id, role_id) \
             SELECT m.user_id, m.tenant_id, r.id FROM memberships m, roles r \
             WHERE m.user_id = {gus} AND r.key = '{role}'"
        );
        it.change_user(demo::GUS, &give).await;
        let caller = it.caller(demo::key(demo::GUS)).await;
        let tenant = caller.principal().tenant;
        let allowed = herald_app::authorize::authorize(&it.ctx, &caller, &permission(key), tenant).await;
        assert!(allowed.is_ok(), "{key} with {role}");
        let undo = format!(
            "DELETE FROM membership_roles WHERE user_id = {gus} \
             AND role_id = (SELECT id FROM roles WHERE key = '{role}')"
        );
        it.change_user(demo::GUS, &undo).await;
    }
}

async fn oneself_needs_no_permission(engine: Engine) {
    let it = Installation::on(engine).await;
    let gus = it.caller(demo::key(demo::GUS)).await;
    for user in [email(demo::GUS), UserName::Id(it.user_id(demo::GUS).await)] {
        assert!(asked(&it, &gus, user, ("roles:read", None)).await.unwrap().decision.allowed);
    }
}
