//! Somebody new.

use domain::tenant::Site;
use testkit::{Engine, Installation, days, demo, on_both_engines};

use super::{NEU, PASSWORD, accept, accepted, invite, invite_with, inviting};
use crate::support::{into_tenant, try_in, value};

on_both_engines! {
    somebody_new_becomes_a_member_with_what_was_given,
    without_a_role_the_tenants_own_for_the_invited_is_given,
    only_roles_that_one_may_give_are_given,
    a_bad_password_does_not_tell_who_is_known,
    a_password_that_breaks_the_rule_leaves_the_token,
    an_invitation_is_told_of_and_its_token_is_nowhere,
}

async fn somebody_new_becomes_a_member_with_what_was_given(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let until = it.now().plus(days(90));
    let command = herald_app::invitations::create::Command {
        sites: vec!["lis".to_owned()],
        member_until: Some(until),
        name: Some("Neu Kraft".to_owned()),
        ..inviting("  Neu.Kraft@NORTHWIND.example ", "member")
    };
    let invited = invite_with(&it, &mira, "northwind", command).await.unwrap();
    assert_eq!(invited.link.invitation().unwrap().email.as_str(), NEU);
    let got = accept(&it, &super::handed(&invited.delivery), PASSWORD).await.unwrap();
    assert!(got.is_new);
    let membership = got.membership;
    assert_eq!(membership.tenant.key, "northwind");
    assert_eq!(membership.highest_role().map(|role| role.key.as_str()), Some("member"));
    let sites: Vec<&Site> = membership.sites.iter().collect();
    assert_eq!((sites.len(), sites[0].key.as_str()), (1, "lis"));
    assert_eq!(membership.expires_at, Some(until));
    let signed = it.try_sign_in(NEU, PASSWORD).await.unwrap();
    let user = &signed.opened.profile.user;
    assert_eq!(user.name.as_deref(), Some("Neu Kraft"));
    assert_eq!(user.default_tenant, Some(membership.tenant.id));
    assert!(!user.operator && !user.super_user && !user.locked && user.active);
    assert!(!user.verified, "the inviter held the link");
    it.advance(days(90));
    assert_eq!(try_in(&it, NEU, PASSWORD).await, "invalid_credentials", "the seat has ended");
}

async fn without_a_role_the_tenants_own_for_the_invited_is_given(engine: Engine) {
    let it = Installation::on(engine).await;
    let without = |email| herald_app::invitations::create::Command { roles: vec![], ..inviting(email, "") };
    for (by, tenant, email, role) in [
        (demo::MIRA, "northwind", NEU, "payments-review"),
        (demo::OTTO, "contoso", "neu@contoso.example", "guest"),
    ] {
        let by = it.sign_in(by).await.token;
        let invited = invite_with(&it, &by, tenant, without(email)).await.unwrap();
        assert_eq!(invited.roles.iter().map(|role| role.key.as_str()).collect::<Vec<_>>(), [role]);
    }
}

async fn only_roles_that_one_may_give_are_given(engine: Engine) {
    let it = Installation::on(engine).await;
    it.apply(
        r#"
[[role]]
key = "recruiter"
name = "Recruiter"
tenant = "northwind"
permissions = ["users:write", "users:read"]
assigns = ["guest"]
[[user]]
email = "rita@northwind.example"
password = "recruits for northwind"
[[user.membership]]
tenant = "northwind"
roles = ["recruiter"]
"#,
    )
    .await;
    let rita = it.try_sign_in("rita@northwind.example", "recruits for northwind").await.unwrap().token;
    let outcome =
        async |by: &str, tenant: &str, role: &str| match invite_with(&it, by, tenant, inviting(NEU, role))
            .await
        {
            Ok(_) => "made",
            Err(failure) => failure.code,
        };
    assert_eq!(outcome(&rita, "northwind", "admin").await, "forbidden");
    assert_eq!(outcome(&rita, "northwind", "member").await, "forbidden");
    assert_eq!(outcome(&rita, "northwind", "nothing").await, "invalid_field");
    assert_eq!(outcome(&rita, "northwind", "guest").await, "made");
    assert_eq!(outcome(&rita, "contoso", "guest").await, "not_found");
    let noor = it.sign_in(demo::NOOR).await.token;
    assert_eq!(outcome(&noor, "northwind", "guest").await, "forbidden", "a member may not invite");
    let otto = it.sign_in(demo::OTTO).await.token;
    assert_eq!(outcome(&otto, "contoso", "payments-review").await, "invalid_field", "another tenant's role");
    let root = it.sign_in(demo::ROOT).await.token;
    assert_eq!(outcome(&root, "contoso", "admin").await, "made");
    assert_eq!(outcome(&root, "nowhere", "admin").await, "not_found");
}

async fn a_password_that_breaks_the_rule_leaves_the_token(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let token = invite(&it, &mira, "northwind", (NEU, "guest")).await;
    let failure = accept(&it, &token, "short").await.err().unwrap();
    assert_eq!((failure.code, &*failure.fields[0].field), ("invalid_field", "password"));
    assert_eq!(accepted(&it, &token, PASSWORD).await, "in");
    assert_eq!(into_tenant_of(&it).await, "in");
}

async fn into_tenant_of(it: &Installation) -> &'static str {
    assert_eq!(into_tenant(it, demo::MIRA, Some("northwind")).await, "northwind");
    try_in(it, NEU, PASSWORD).await
}

async fn an_invitation_is_told_of_and_its_token_is_nowhere(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let token = invite(&it, &mira, "northwind", (NEU, "guest")).await;
    accepted(&it, "hi_nothing", PASSWORD).await;
    accept(&it, &token, PASSWORD).await.unwrap();
    let told = it.sql("SELECT action, outcome, reason FROM audit ORDER BY at, id").await;
    let told: Vec<String> =
        told.into_iter().map(|row| row.into_iter().flatten().collect::<Vec<_>>().join("|")).collect();
    let has = |text: &str| told.iter().any(|line| line.starts_with(text));
    assert!(has(&format!("invitation.created|done|users:write: role admin (*); {NEU} as guest")), "{told:?}");
    assert!(has("invitation.refused|refused|no such token"), "{told:?}");
    assert!(has("user.created|done|invited") && has("invitation.accepted|done|invitation "), "{told:?}");
    let (_, secret) = token.split_once('_').unwrap();
    assert!(!told.iter().any(|line| line.contains(&secret[..8])));
    let kept = it.sql("SELECT * FROM links").await;
    assert!(!format!("{kept:?}").contains(&secret[..8]));
    assert_eq!(value(&it, "SELECT COUNT(*) FROM links WHERE used_at IS NOT NULL").await, "1");
}

/// The same refusal for a token of somebody known, of nobody yet, and for no token at all.
async fn a_bad_password_does_not_tell_who_is_known(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let known = super::invite(&it, &mira, "northwind", (demo::OTTO, "guest")).await;
    let new = super::invite(&it, &mira, "northwind", (super::NEU, "guest")).await;
    let long = "x".repeat(100_000);
    for password in ["", "x", long.as_str()] {
        let mut told = Vec::new();
        for token in [known.as_str(), new.as_str(), "hi_nothing"] {
            let failure = super::accept(&it, token, password).await.err().unwrap();
            told.push((failure.code, format!("{:?}", failure.fields)));
        }
        assert_eq!(told[0].0, "invalid_field");
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    }
    assert_eq!(super::accepted(&it, &known, demo::password(demo::OTTO)).await, "in");
}
