//! A new password by a link.

use domain::EmailAddress;
use herald_app::password_resets::{ask, complete, issue};
use herald_app::users::{set_password, update};
use secrecy::SecretString;
use testkit::mail::MailServer;
use testkit::{
    Engine, Installation, Setup, demo, hours, join_all, minutes, on_both_engines, origin, seconds,
};

use super::{accepted, handed, invite};
use crate::support::{is_refused, lives, right, try_in, value};

on_both_engines! {
    a_reset_sets_the_password_and_ends_everything,
    a_link_that_was_handed_over_names_its_maker,
    a_reset_ends_by_use_by_replacement_and_by_its_time,
    an_unknown_address_gets_nothing_and_costs_the_same,
    without_a_mail_server_nobody_gets_anything,
    a_lock_stays_and_a_lockout_goes,
    a_link_that_was_mailed_verifies_the_address_and_one_that_was_handed_over_does_not,
    one_address_is_not_flooded,
    what_ends_a_link_does_not_send_the_next_letter,
    of_many_at_once_one_wins,
    nobody_fills_the_trail_without_a_credential,
    a_reset_goes_with_the_address_and_with_another_password,
    a_reset_goes_with_what_a_world_file_changes,
    a_link_for_somebody_else_is_made_by_who_may_and_judged_at_use,
    the_first_password_comes_this_way,
}

const NEW: &str = "an entirely new password";

async fn mailing(engine: Engine) -> (Installation, MailServer) {
    let server = MailServer::start().await;
    let config = server.config();
    (Installation::with(Setup::on(engine).config(|c| c.mail = Some(config))).await, server)
}

/// Asks, and waits until all that came of it is done.
async fn asked(it: &Installation, email: &str) {
    ask::run(&it.ctx, EmailAddress::parse(email).unwrap(), origin());
    done(it).await;
}

async fn done(it: &Installation) {
    for _ in 0..1000 {
        if it.ctx.mail.depth() == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the letters stay");
}

pub async fn completed(it: &Installation, token: &str, password: &str) -> &'static str {
    let (token, password) = (SecretString::from(token), SecretString::from(password));
    match complete::run(&it.ctx, complete::Command { token, password, origin: origin() }).await {
        Ok(()) => "set",
        Err(failure) => failure.code,
    }
}

async fn a_reset_sets_the_password_and_ends_everything(engine: Engine) {
    let (it, server) = mailing(engine).await;
    let (native, grant) = (it.sign_in(demo::MIRA).await, it.grant(demo::MIRA).await);
    let other = it.sign_in(demo::NOOR).await;
    asked(&it, demo::MIRA).await;
    let letter = server.wait(1).await;
    assert_eq!(letter.to, [demo::MIRA]);
    assert_eq!(letter.header("Subject"), "Choose a new password");
    assert!(letter.link().starts_with("http://127.0.0.1:8080/password-reset#token=hp_"));
    assert_eq!(completed(&it, &letter.token(), "short").await, "invalid_field");
    assert!(lives(&it, &native.token).await, "nothing has happened yet");
    assert_eq!(completed(&it, &letter.token(), NEW).await, "set");
    assert!(!lives(&it, &native.token).await && !lives(&it, &grant.token).await);
    assert!(is_refused(&it, &grant.refresh.unwrap()).await);
    assert!(lives(&it, &other.token).await && lives(&it, demo::key(demo::MIRA)).await);
    assert_eq!(right(&it, demo::MIRA).await, "invalid_credentials");
    assert_eq!(try_in(&it, demo::MIRA, NEW).await, "in");
    let told = "SELECT actor_kind || ' ' || COALESCE(actor_email, '-') || ' in ' || t.key || ': ' || reason \
                FROM audit a JOIN tenants t ON t.id = a.tenant_id WHERE action = ";
    let done = value(&it, &format!("{told}'user.password_reset'")).await;
    assert!(done.starts_with(&format!("user {} in northwind: link ", demo::MIRA)), "{done}");
    assert!(done.ends_with(", mailed"), "{done}");
    let asked = value(&it, &format!("{told}'password_reset.asked'")).await;
    assert_eq!(asked, "anonymous - in northwind: ");
    // A link that is over says whose it was; one that never was says nothing.
    for token in [letter.token().as_str(), "hp_x"] {
        assert_eq!(completed(&it, token, NEW).await, "invalid_token");
    }
    let refused = "SELECT COUNT(*) FROM audit WHERE action = 'password_reset.refused'";
    let known = format!("{refused} AND target_id IS NOT NULL AND tenant_id IS NOT NULL");
    assert_eq!((value(&it, refused).await, value(&it, &known).await), ("2".into(), "1".into()));
}

/// Whoever made a link and was handed it may have used it himself.
async fn a_link_that_was_handed_over_names_its_maker(engine: Engine) {
    let it = Installation::on(engine).await;
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    let (maker, noor) = (it.user_id(demo::ROOT).await, it.user_id(demo::NOOR).await);
    let token = handed(&issue::run(&it.ctx, &root, noor).await.unwrap().delivery);
    assert_eq!(completed(&it, &token, NEW).await, "set");
    let done = "SELECT actor_kind || COALESCE(actor_email, '') || ' in ' || t.key || ': ' || reason \
                FROM audit a JOIN tenants t ON t.id = a.tenant_id WHERE action = 'user.password_reset'";
    let done = value(&it, done).await;
    assert!(done.starts_with("anonymous in northwind: link "), "{done}");
    assert!(done.ends_with(&format!(", handed to user {maker}, who made it")), "{done}");
}

async fn a_reset_ends_by_use_by_replacement_and_by_its_time(engine: Engine) {
    let (it, server) = mailing(engine).await;
    asked(&it, demo::MIRA).await;
    let older = server.wait(1).await.token();
    it.advance(minutes(10));
    asked(&it, demo::MIRA).await;
    let newer = server.wait(2).await.token();
    assert_eq!(completed(&it, &older, NEW).await, "invalid_token");
    assert_eq!(completed(&it, &newer, NEW).await, "set");
    assert_eq!(completed(&it, &newer, "another password again").await, "invalid_token");
    it.advance(minutes(1));
    asked(&it, demo::MIRA).await;
    let late = server.wait(3).await.token();
    it.advance(hours(1));
    assert_eq!(completed(&it, &late, NEW).await, "invalid_token");
    assert_eq!(try_in(&it, demo::MIRA, NEW).await, "in");
    for wrong in ["", "hp_", "hi_x"] {
        assert_eq!(completed(&it, wrong, NEW).await, "invalid_token");
    }
}

async fn an_unknown_address_gets_nothing_and_costs_the_same(engine: Engine) {
    let (it, server) = mailing(engine).await;
    let work = it.ctx.hasher.work_done();
    asked(&it, "nobody@nowhere.example").await;
    asked(&it, demo::MIRA).await;
    it.sql("UPDATE users SET active = FALSE WHERE email LIKE 'noor%'").await;
    asked(&it, demo::NOOR).await;
    assert_eq!(server.wait(1).await.to, [demo::MIRA]);
    assert_eq!(server.letters().len(), 1);
    assert_eq!(it.ctx.hasher.work_done(), work, "nothing is hashed for anybody");
    let told = "SELECT outcome, reason FROM audit WHERE action = 'password_reset.asked' ORDER BY at, id";
    let told: Vec<String> = it
        .sql(told)
        .await
        .into_iter()
        .map(|row| row.into_iter().flatten().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(told, ["refused unknown address", "done ", "refused deactivated"], "one event for each");
}

async fn without_a_mail_server_nobody_gets_anything(engine: Engine) {
    let it = Installation::on(engine).await;
    asked(&it, demo::MIRA).await;
    assert_eq!(value(&it, "SELECT COUNT(*) FROM links").await, "0");
    let told = "SELECT reason FROM audit WHERE action = 'password_reset.asked'";
    assert_eq!(value(&it, told).await, "no mail server");
}

async fn a_lock_stays_and_a_lockout_goes(engine: Engine) {
    let (it, server) = mailing(engine).await;
    it.sql("UPDATE users SET locked = TRUE WHERE email LIKE 'noor%'").await;
    asked(&it, demo::NOOR).await;
    assert_eq!(completed(&it, &server.wait(1).await.token(), NEW).await, "set");
    assert_eq!(try_in(&it, demo::NOOR, NEW).await, "locked");
    for _ in 0..10 {
        try_in(&it, demo::MIRA, "not the right password").await;
    }
    assert_eq!(right(&it, demo::MIRA).await, "invalid_credentials");
    asked(&it, demo::MIRA).await;
    assert_eq!(completed(&it, &server.wait(2).await.token(), NEW).await, "set");
    assert_eq!(try_in(&it, demo::MIRA, NEW).await, "in");
    asked(&it, demo::TOVA).await;
    assert_eq!(completed(&it, &server.wait(3).await.token(), NEW).await, "set");
    assert_eq!(try_in(&it, demo::TOVA, NEW).await, "mfa_required", "the second factor stays");
}

async fn a_link_that_was_mailed_verifies_the_address_and_one_that_was_handed_over_does_not(engine: Engine) {
    let is_verified = "SELECT COUNT(*) FROM users WHERE email LIKE 'noor%' AND verified";
    let told = "SELECT COUNT(*) FROM audit WHERE action = 'user.password_reset' AND reason LIKE '%; the address is verified'";
    let (it, server) = mailing(engine).await;
    it.sql("UPDATE users SET verified = FALSE").await;
    asked(&it, demo::NOOR).await;
    assert_eq!(completed(&it, &server.wait(1).await.token(), NEW).await, "set");
    assert_eq!((value(&it, is_verified).await, value(&it, told).await), ("1".into(), "1".into()));
    // Made by an administrator and mailed, it shows the same; of who is verified already nothing is told.
    it.sql("UPDATE users SET verified = FALSE").await;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    for n in 2..4 {
        it.advance(minutes(1));
        issue::run(&it.ctx, &mira, it.user_id(demo::NOOR).await).await.unwrap();
        assert_eq!(completed(&it, &server.wait(n).await.token(), NEW).await, "set");
        assert_eq!((value(&it, is_verified).await, value(&it, told).await), ("1".into(), "2".into()));
    }
    let it = Installation::on(engine).await;
    it.sql("UPDATE users SET verified = FALSE").await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let token = issued(&it, &mira, demo::NOOR).await.unwrap();
    assert_eq!(completed(&it, &token, NEW).await, "set");
    assert_eq!((value(&it, is_verified).await, value(&it, told).await), ("0".into(), "0".into()));
}

async fn one_address_is_not_flooded(engine: Engine) {
    let (it, server) = mailing(engine).await;
    for _ in 0..20 {
        ask::run(&it.ctx, EmailAddress::parse(demo::MIRA).unwrap(), origin());
    }
    done(&it).await;
    assert_eq!(server.letters().len(), 1);
    // Anybody asks again and again: the link that its owner has stays good.
    for _ in 0..9 {
        it.advance(minutes(1));
        asked(&it, demo::MIRA).await;
    }
    it.advance(seconds(59));
    asked(&it, demo::MIRA).await;
    assert_eq!(server.letters().len(), 1);
    it.advance(seconds(1));
    asked(&it, demo::MIRA).await;
    assert_eq!(server.letters().len(), 2);
    assert_eq!(value(&it, "SELECT COUNT(*) FROM links").await, "1");
    it.advance(minutes(5));
    asked(&it, demo::MIRA).await;
    assert_eq!(completed(&it, &server.wait(2).await.token(), NEW).await, "set");
}

/// Whatever ends a link, the next letter waits a minute.
async fn what_ends_a_link_does_not_send_the_next_letter(engine: Engine) {
    let (it, server) = mailing(engine).await;
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    let noor = it.user_id(demo::NOOR).await;
    asked(&it, demo::NOOR).await;
    let token = server.wait(1).await.token();
    for change in [
        update::Command { verified: Some(false), ..update::Command::default() },
        update::Command { verified: Some(true), ..update::Command::default() },
    ] {
        update::run(&it.ctx, &root, noor, change).await.unwrap();
        asked(&it, demo::NOOR).await;
        let issued = issue::run(&it.ctx, &root, noor).await.err().unwrap();
        assert_eq!(issued.code, "too_many_requests");
    }
    assert_eq!(completed(&it, &token, NEW).await, "set", "the link stayed good");
    asked(&it, demo::NOOR).await;
    assert_eq!(server.letters().len(), 1);
    it.advance(minutes(1));
    asked(&it, demo::NOOR).await;
    let second = server.wait(2).await.token();
    for active in [false, true] {
        let change = update::Command { active: Some(active), ..update::Command::default() };
        update::run(&it.ctx, &root, noor, change).await.unwrap();
        asked(&it, demo::NOOR).await;
    }
    assert_eq!(server.letters().len(), 2, "a minute since the last one, though it is dead");
    assert_eq!(completed(&it, &second, NEW).await, "invalid_token");
}

async fn nobody_fills_the_trail_without_a_credential(engine: Engine) {
    let (it, _server) = mailing(engine).await;
    let rows = async |action: &str| {
        let told = format!("SELECT COUNT(*) FROM audit WHERE action = '{action}' AND outcome = 'refused'");
        value(&it, &told).await
    };
    for n in 0..15 {
        asked(&it, &format!("nobody{n}@nowhere.example")).await;
        assert_eq!(completed(&it, &format!("hp_{n}"), NEW).await, "invalid_token");
        assert_eq!(accepted(&it, &format!("hi_{n}"), NEW).await, "invalid_token");
    }
    for action in ["password_reset.asked", "password_reset.refused", "invitation.refused"] {
        assert_eq!(rows(action).await, "10", "{action}");
    }
    it.advance(minutes(1));
    assert_eq!(completed(&it, "hp_x", NEW).await, "invalid_token");
    assert_eq!(rows("password_reset.refused").await, "11");
    let told =
        "SELECT reason FROM audit WHERE action = 'password_reset.refused' ORDER BY at DESC, id DESC LIMIT 1";
    assert_eq!(value(&it, told).await, "no such token, or over; 5 more from there within a minute");
    // What somebody is really sent is told all the same.
    asked(&it, demo::MIRA).await;
    assert_eq!(
        value(&it, "SELECT COUNT(*) FROM audit WHERE action = 'password_reset.asked' AND outcome = 'done'")
            .await,
        "1"
    );
}

async fn of_many_at_once_one_wins(engine: Engine) {
    let (it, server) = mailing(engine).await;
    asked(&it, demo::MIRA).await;
    let token = server.wait(1).await.token();
    let outcomes = join_all((0..16).map(|n| {
        let (it, token) = (&it, &token);
        async move { completed(it, token, &format!("the new password number {n}")).await }
    }))
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "set").count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "invalid_token").count(), 15, "{outcomes:?}");
}

async fn a_reset_goes_with_the_address_and_with_another_password(engine: Engine) {
    let (it, server) = mailing(engine).await;
    asked(&it, demo::NOOR).await;
    let by_password = server.wait(1).await.token();
    set_password::run(&it.ctx, EmailAddress::parse(demo::NOOR).unwrap(), &SecretString::from(NEW))
        .await
        .unwrap();
    assert_eq!(completed(&it, &by_password, "the password of a thief").await, "invalid_token");
    it.advance(minutes(1));
    asked(&it, demo::NOOR).await;
    let by_address = server.wait(2).await.token();
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    let email = Some(EmailAddress::parse("noor@elsewhere.example").unwrap());
    let change = update::Command { email, ..update::Command::default() };
    update::run(&it.ctx, &root, it.user_id(demo::NOOR).await, change).await.unwrap();
    assert_eq!(completed(&it, &by_address, "the password of a thief").await, "invalid_token");
    assert_eq!(try_in(&it, "noor@elsewhere.example", NEW).await, "in");
}

/// What is written of noor, and whether an open link goes with it.
const WORLD: [(&str, bool); 5] = [
    ("name = \"Noor A.\"", false),
    ("operator = true", true),
    ("active = false", true),
    ("email = \"noor@elsewhere.example\"", true),
    ("verified = false", false),
];

async fn a_reset_goes_with_what_a_world_file_changes(engine: Engine) {
    for (line, goes) in WORLD {
        let (it, server) = mailing(engine).await;
        asked(&it, demo::NOOR).await;
        let token = server.wait(1).await.token();
        let id = it.user_id(demo::NOOR).await;
        let email =
            if line.starts_with("email") { String::new() } else { format!("email = \"{}\"\n", demo::NOOR) };
        it.apply(&format!("[[user]]\nid = \"{id}\"\n{email}{line}\n")).await;
        assert_eq!(
            value(&it, "SELECT COUNT(*) FROM links WHERE used_at IS NULL").await == "0",
            goes,
            "{line}"
        );
        // Who was deactivated comes back, and the link does not.
        it.sql("UPDATE users SET active = TRUE").await;
        let expected = if goes { "invalid_token" } else { "set" };
        assert_eq!(completed(&it, &token, NEW).await, expected, "{line}");
    }
}

/// The token, or the code of the refusal.
async fn issued(it: &Installation, by: &str, whose: &str) -> Result<String, &'static str> {
    let caller = it.caller(by).await;
    let issued = issue::run(&it.ctx, &caller, it.user_id(whose).await).await;
    issued.map(|issued| handed(&issued.delivery)).map_err(|failure| failure.code)
}

async fn a_link_for_somebody_else_is_made_by_who_may_and_judged_at_use(engine: Engine) {
    let it = Installation::on(engine).await;
    let signed = async |who: &str| it.sign_in(who).await.token;
    let (mira, otto, root) = (signed(demo::MIRA).await, signed(demo::OTTO).await, signed(demo::ROOT).await);
    assert_eq!(issued(&it, &otto, demo::MIRA).await, Err("forbidden"), "a guest who runs another tenant");
    assert_eq!(issued(&it, &otto, demo::NOOR).await, Err("not_found"));
    assert_eq!(issued(&it, &mira, demo::ROOT).await, Err("not_found"));
    assert_eq!(issued(&it, &mira, demo::MIRA).await, Err("forbidden"), "oneself");
    assert_eq!(issued(&it, &signed(demo::NOOR).await, demo::GUS).await, Err("forbidden"));
    assert_eq!(issued(&it, demo::key(demo::MIRA), demo::NOOR).await, Err("forbidden"), "a program");
    let token = issued(&it, &mira, demo::NOOR).await.unwrap();
    let noor = it.sign_in(demo::NOOR).await.token;
    assert_eq!(completed(&it, &token, NEW).await, "set");
    assert!(!lives(&it, &noor).await);
    assert_eq!(try_in(&it, demo::NOOR, NEW).await, "in");
    // Meanwhile the person joined another tenant: the link in mira's hand is worth nothing.
    let late = issued(&it, &mira, demo::NOOR).await.unwrap();
    let other = invite(&it, &otto, "contoso", (demo::NOOR, "admin")).await;
    assert_eq!(accepted(&it, &other, NEW).await, "in");
    assert_eq!(completed(&it, &late, "the password of mira").await, "invalid_token");
    let by_root = issued(&it, &root, demo::NOOR).await.unwrap();
    assert_eq!(completed(&it, &by_root, "set by an operator").await, "set");
    // And so is one of somebody who was demoted.
    let gus = issued(&it, &mira, demo::GUS).await.unwrap();
    it.sql("DELETE FROM membership_roles WHERE user_id = (SELECT id FROM users WHERE email LIKE 'mira%')")
        .await;
    assert_eq!(completed(&it, &gus, NEW).await, "invalid_token");
}

async fn the_first_password_comes_this_way(engine: Engine) {
    let it = Installation::on(engine).await;
    it.apply("[[user]]\nemail = \"first@northwind.example\"\n[[user.membership]]\ntenant = \"northwind\"\nroles = [\"guest\"]\n").await;
    assert_eq!(try_in(&it, "first@northwind.example", "").await, "invalid_credentials");
    let root = it.sign_in(demo::ROOT).await.token;
    let token = issued(&it, &root, "first@northwind.example").await.unwrap();
    assert_eq!(completed(&it, &token, NEW).await, "set");
    assert_eq!(try_in(&it, "first@northwind.example", NEW).await, "in");
}
