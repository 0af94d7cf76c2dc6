//! Somebody who has an account, and no password yet.

use herald_app::password_resets::issue;
use testkit::mail::MailServer;
use testkit::{Engine, Installation, Setup, demo, on_both_engines};

use super::reset::completed;
use super::{PASSWORD, accept, accepted, accepting, handed, invite, invite_with, inviting};
use crate::support::{lives, try_in, value};
use crate::user_races::release;

on_both_engines! {
    who_is_nobodys_chooses_a_first_password_by_a_link_that_was_handed_over,
    who_is_anothers_too_does_not_and_the_way_that_is_told_works,
    an_operator_does_not_and_another_one_helps,
    a_link_that_was_mailed_is_enough_for_anybody,
    whoever_is_locked_deactivated_or_enrolled_is_judged_as_at_sign_in,
    codes_are_not_guessed_by_a_link,
    what_comes_between_is_not_overwritten,
}

const PIA: &str = "pia@northwind.example";

/// People of no password: of nobody, of northwind, of a seat there that is over, of an inactive one.
const WORLD: &str = r#"
[[user]]
email = "solo@contoso.example"
verified = false
[[user]]
email = "pia@northwind.example"
[[user.membership]]
tenant = "northwind"
roles = ["guest"]
[[user]]
email = "over@northwind.example"
[[user.membership]]
tenant = "northwind"
roles = ["guest"]
expires_at = "2020-01-01T00:00:00Z"
[[user]]
email = "rests@northwind.example"
[[user.membership]]
tenant = "northwind"
roles = ["guest"]
active = false
[[user]]
email = "ops@herald.example"
operator = true
"#;

async fn staffed(engine: Engine) -> (Installation, String) {
    let it = Installation::on(engine).await;
    it.apply(WORLD).await;
    let otto = it.sign_in(demo::OTTO).await.token;
    (it, otto)
}

async fn set_by(it: &Installation) -> String {
    let told = "SELECT actor_kind || COALESCE(' ' || actor_email, '') || ' in ' || t.key || ': ' || reason \
                FROM audit a JOIN tenants t ON t.id = a.tenant_id WHERE action = 'user.password_set'";
    value(it, told).await
}

async fn is_verified(it: &Installation, email: &str) -> bool {
    value(it, &format!("SELECT COUNT(*) FROM users WHERE email = '{email}' AND verified")).await == "1"
}

async fn who_is_nobodys_chooses_a_first_password_by_a_link_that_was_handed_over(engine: Engine) {
    let (it, otto) = staffed(engine).await;
    let token = invite(&it, &otto, "contoso", ("solo@contoso.example", "guest")).await;
    // Whoever made the account said more of it than otto may.
    for said in
        ["verified = TRUE", "verified = FALSE, super_user = TRUE", "super_user = FALSE, mfa_bypass = TRUE"]
    {
        it.sql(&format!("UPDATE users SET {said} WHERE email LIKE 'solo%'")).await;
        assert_eq!(accepted(&it, &token, PASSWORD).await, "no_password", "{said}");
    }
    it.sql("UPDATE users SET mfa_bypass = FALSE WHERE email LIKE 'solo%'").await;
    let token = invite(&it, &otto, "contoso", ("solo@contoso.example", "developer")).await;
    assert_eq!(accepted(&it, &token, "short").await, "invalid_field");
    let got = accept(&it, &token, PASSWORD).await.unwrap();
    assert!(!got.is_new);
    assert_eq!(got.membership.highest_role().map(|role| role.key.as_str()), Some("developer"));
    assert_eq!(try_in(&it, "solo@contoso.example", PASSWORD).await, "in");
    assert!(!is_verified(&it, "solo@contoso.example").await, "otto held the link");
    assert_eq!(accepted(&it, &token, PASSWORD).await, "invalid_token");
    let (told, otto) = (set_by(&it).await, it.user_id(demo::OTTO).await);
    assert!(told.starts_with("anonymous in contoso: the first, by invitation "), "{told}");
    assert!(told.ends_with(&format!(", handed to user {otto}, who made it")), "{told}");
}

async fn who_is_anothers_too_does_not_and_the_way_that_is_told_works(engine: Engine) {
    let (it, otto) = staffed(engine).await;
    let work = it.ctx.hasher.work_done();
    for email in [PIA, "over@northwind.example", "rests@northwind.example"] {
        let token = invite(&it, &otto, "contoso", (email, "guest")).await;
        let failure = accept(&it, &token, PASSWORD).await.err().unwrap();
        assert_eq!((failure.code, failure.kind), ("no_password", herald_app::Kind::Conflict), "{email}");
        assert!(failure.public.contains("Ask an operator"), "{failure}");
    }
    assert_eq!(it.ctx.hasher.work_done(), work, "nothing is hashed for it");
    let told = "SELECT COUNT(*) FROM audit a JOIN tenants t ON t.id = a.tenant_id WHERE t.key = 'contoso' \
                AND action = 'invitation.refused' AND reason = 'no password yet, and not this link''s to give'";
    assert_eq!(value(&it, told).await, "3");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM users WHERE password_hash IS NULL").await, "5");
    // The administrator of the only tenant makes a link for her; for who is in two an operator does.
    let (mira, root) = (it.sign_in(demo::MIRA).await.token, it.sign_in(demo::ROOT).await.token);
    for (by, email) in [(&mira, PIA), (&root, "over@northwind.example")] {
        let token = invite(&it, &otto, "contoso", (email, "guest")).await;
        let caller = it.caller(&otto).await;
        let id = it.user_id(email).await;
        assert_eq!(issue::run(&it.ctx, &caller, id).await.err().map(|f| f.code), Some("not_found"));
        let reset = issue::run(&it.ctx, &it.caller(by).await, id).await.unwrap();
        assert_eq!(completed(&it, &handed(&reset.delivery), "her own first password").await, "set");
        assert_eq!(accepted(&it, &token, PASSWORD).await, "invalid_credentials");
        assert_eq!(accepted(&it, &token, "her own first password").await, "in");
        assert_eq!(try_in(&it, email, PASSWORD).await, "invalid_credentials");
    }
    assert_eq!(set_by(&it).await, "", "no link of otto's set anything");
}

async fn an_operator_does_not_and_another_one_helps(engine: Engine) {
    let (it, otto) = staffed(engine).await;
    let token = invite(&it, &otto, "contoso", ("ops@herald.example", "guest")).await;
    assert_eq!(accepted(&it, &token, PASSWORD).await, "no_password");
    assert_eq!(try_in(&it, "ops@herald.example", PASSWORD).await, "invalid_credentials");
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    let reset = issue::run(&it.ctx, &root, it.user_id("ops@herald.example").await).await.unwrap();
    assert_eq!(completed(&it, &handed(&reset.delivery), PASSWORD).await, "set");
    assert_eq!(accepted(&it, &token, PASSWORD).await, "in");
}

async fn mailing(engine: Engine) -> (Installation, MailServer) {
    let server = MailServer::start().await;
    let config = server.config();
    let it = Installation::with(Setup::on(engine).config(|c| c.mail = Some(config))).await;
    it.apply(WORLD).await;
    (it, server)
}

async fn a_link_that_was_mailed_is_enough_for_anybody(engine: Engine) {
    let (it, server) = mailing(engine).await;
    it.sql("UPDATE users SET verified = FALSE").await;
    let otto = it.sign_in(demo::OTTO).await.token;
    for (n, email) in [PIA, "ops@herald.example"].into_iter().enumerate() {
        invite_with(&it, &otto, "contoso", inviting(email, "guest")).await.unwrap();
        let token = server.wait(n + 1).await.token();
        assert_eq!(accepted(&it, &token, PASSWORD).await, "in", "{email}");
        assert!(is_verified(&it, email).await);
        assert_eq!(into_tenant_with(&it, email, "contoso").await, "contoso");
    }
    let told = set_by(&it).await;
    assert!(told.starts_with(&format!("user {PIA} in contoso: the first, by invitation ")), "{told}");
    // Whoever has a password shows the mailbox by it as well, and keeps the password.
    invite_with(&it, &otto, "contoso", inviting(demo::NOOR, "guest")).await.unwrap();
    let token = server.wait(3).await.token();
    assert_eq!(accepted(&it, &token, PASSWORD).await, "invalid_credentials");
    assert!(!is_verified(&it, demo::NOOR).await);
    assert_eq!(accepted(&it, &token, demo::password(demo::NOOR)).await, "in");
    assert!(is_verified(&it, demo::NOOR).await);
    let verified =
        "SELECT COUNT(*) FROM audit WHERE action = 'invitation.accepted' AND reason LIKE '%is verified'";
    assert_eq!(value(&it, verified).await, "3");
}

async fn into_tenant_with(it: &Installation, email: &str, tenant: &str) -> String {
    let native = herald_app::sessions::sign_in::Through::Native;
    let mut command = testkit::command(email, PASSWORD, native);
    command.tenant = Some(tenant.to_owned());
    let signed = it.try_command(command).await.unwrap();
    assert!(lives(it, &signed.token).await);
    let id = signed.opened.session.tenant.unwrap();
    signed.opened.profile.membership(id).unwrap().tenant.key.clone()
}

async fn whoever_is_locked_deactivated_or_enrolled_is_judged_as_at_sign_in(engine: Engine) {
    let (it, server) = mailing(engine).await;
    let otto = it.sign_in(demo::OTTO).await.token;
    invite_with(&it, &otto, "contoso", inviting(PIA, "guest")).await.unwrap();
    let token = server.wait(1).await.token();
    it.sql("UPDATE users SET locked = TRUE WHERE email LIKE 'pia%'").await;
    assert_eq!(accepted(&it, &token, PASSWORD).await, "locked");
    it.sql("UPDATE users SET locked = FALSE, active = FALSE WHERE email LIKE 'pia%'").await;
    assert_eq!(accepted(&it, &token, PASSWORD).await, "invalid_credentials");
    it.sql("UPDATE users SET active = TRUE WHERE email LIKE 'pia%'").await;
    assert_eq!(value(&it, "SELECT COUNT(*) FROM users WHERE password_hash IS NULL").await, "5");
    assert_eq!(accepted(&it, &token, PASSWORD).await, "in");
    it.sql("UPDATE users SET password_hash = NULL WHERE email LIKE 'tova%'").await;
    invite_with(&it, &otto, "contoso", inviting(demo::TOVA, "guest")).await.unwrap();
    let token = server.wait(2).await.token();
    assert_eq!(accepted(&it, &token, PASSWORD).await, "mfa_required");
    assert_eq!(with_code(&it, &token, "000000").await, "invalid_code");
    let code = demo::code(demo::TOVA, it.now());
    assert_eq!(with_code(&it, &token, &code).await, "in");
    assert_eq!(try_in(&it, demo::TOVA, PASSWORD).await, "mfa_required", "the second factor stays");
}

async fn with_code(it: &Installation, token: &str, code: &str) -> &'static str {
    let mut command = accepting(token, PASSWORD);
    command.code = Some(code.to_owned());
    match herald_app::invitations::accept::run(&it.ctx, None, command).await {
        Ok(_) => "in",
        Err(failure) => failure.code,
    }
}

async fn codes_are_not_guessed_by_a_link(engine: Engine) {
    let (it, server) = mailing(engine).await;
    it.sql("UPDATE users SET password_hash = NULL WHERE email LIKE 'tova%'").await;
    let otto = it.sign_in(demo::OTTO).await.token;
    invite_with(&it, &otto, "contoso", inviting(demo::TOVA, "guest")).await.unwrap();
    let token = server.wait(1).await.token();
    for _ in 0..10 {
        assert_eq!(with_code(&it, &token, "000000").await, "invalid_code");
    }
    let code = demo::code(demo::TOVA, it.now());
    assert_eq!(with_code(&it, &token, &code).await, "invalid_credentials", "locked out");
    it.advance(testkit::minutes(16));
    let code = demo::code(demo::TOVA, it.now());
    assert_eq!(with_code(&it, &token, &code).await, "in");
}

/// Another program does `others` first, and is done when the password is hashed.
async fn behind(it: &Installation, others: &str, token: &str) -> &'static str {
    let before = it.ctx.hasher.work_done();
    let held = it.place().hold(others).await;
    let hashed = || it.ctx.hasher.work_done() > before;
    let (outcome, ()) = tokio::join!(accepted(it, token, PASSWORD), release(held, hashed));
    outcome
}

async fn what_comes_between_is_not_overwritten(engine: Engine) {
    let (it, otto) = staffed(engine).await;
    let solo = "solo@contoso.example";
    let token = invite(&it, &otto, "contoso", (solo, "guest")).await;
    let own = it.ctx.hasher.hash("chosen by solo herself".into(), it.ctx.chance()).await.unwrap();
    let set = format!("UPDATE users SET password_hash = '{own}' WHERE email = '{solo}'");
    assert_eq!(behind(&it, &set, &token).await, "invalid_credentials");
    assert_eq!(accepted(&it, &token, "chosen by solo herself").await, "in");
    // She becomes another tenant's, or an operator, while the link is used.
    for (n, others) in [
        "INSERT INTO memberships (user_id, tenant_id, email, active, origin, created_at) SELECT u.id, t.id, u.email, TRUE, \
         '', 0 FROM users u, tenants t WHERE u.email = 'new0@contoso.example' AND t.key = 'northwind'",
        "UPDATE users SET is_operator = TRUE WHERE email = 'new1@contoso.example'",
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("new{n}@contoso.example");
        it.apply(&format!("[[user]]\nemail = \"{email}\"\nverified = false\n")).await;
        let token = invite(&it, &otto, "contoso", (&email, "guest")).await;
        let held = format!("UPDATE users SET name = 'held' WHERE email = '{email}'; {others}");
        assert_eq!(behind(&it, &held, &token).await, "no_password", "{others}");
        assert_eq!(try_in(&it, &email, PASSWORD).await, "invalid_credentials");
    }
}
