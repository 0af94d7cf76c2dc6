//! Letters, to a mail server that speaks for real.

use testkit::mail::MailServer;
use testkit::{Engine, Installation, Setup, demo, minutes, on_both_engines, seconds};

use super::{NEU, PASSWORD, accept, accepted, invite_with, inviting};
use herald_app::invitations::withdraw;
use herald_app::links::Delivery;
use herald_app::mail::Post;
use herald_app::tenants::TenantName;

on_both_engines! {
    an_invitation_is_mailed_and_not_shown,
    withdrawing_does_not_send_the_next_letter,
    an_expired_invitation_is_no_room_for_another,
}

async fn with(engine: Engine, server: &MailServer) -> Installation {
    Installation::with(Setup::on(engine).config(|config| config.mail = Some(server.config()))).await
}

async fn an_invitation_is_mailed_and_not_shown(engine: Engine) {
    let server = MailServer::start().await;
    let it = with(engine, &server).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let invited = invite_with(&it, &mira, "northwind", inviting(NEU, "member")).await.unwrap();
    assert!(matches!(invited.delivery, Delivery::Mail));
    let letter = server.wait(1).await;
    assert_eq!(
        (letter.from.as_str(), letter.to.as_slice()),
        ("herald@example.org", [NEU.to_owned()].as_slice())
    );
    assert_eq!(letter.header("Subject"), "Mira Holt invites you to Northwind Traders");
    assert_eq!(letter.header("From"), "Herald <herald@example.org>");
    let text = letter.text();
    assert!(text.contains("Mira Holt invites you to Northwind Traders.") && text.contains("within 7 days"));
    assert!(letter.link().starts_with("http://127.0.0.1:8080/invitation#token=hi_"));
    let soon = invite_with(&it, &mira, "northwind", inviting(NEU, "member")).await.err().unwrap();
    assert_eq!(soon.code, "too_many_requests", "one letter a minute");
    it.advance(minutes(1));
    invite_with(&it, &mira, "northwind", inviting(NEU, "guest")).await.unwrap();
    let newer = server.wait(2).await;
    assert_eq!(accepted(&it, &letter.token(), PASSWORD).await, "invalid_token", "replaced");
    assert!(accept(&it, &newer.token(), PASSWORD).await.unwrap().is_new);
    assert!(it.try_sign_in(NEU, PASSWORD).await.unwrap().opened.profile.user.verified, "the mailbox is his");
}

async fn withdrawing_does_not_send_the_next_letter(engine: Engine) {
    let server = MailServer::start().await;
    let it = with(engine, &server).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let caller = it.caller(&mira).await;
    let northwind = TenantName::parse("northwind");
    let first = invite_with(&it, &mira, "northwind", inviting(NEU, "guest")).await.unwrap();
    let letter = server.wait(1).await;
    withdraw::run(&it.ctx, &caller, &northwind, first.link.id).await.unwrap();
    assert_eq!(accepted(&it, &letter.token(), PASSWORD).await, "invalid_token");
    let again = withdraw::run(&it.ctx, &caller, &northwind, first.link.id).await.err().unwrap();
    assert_eq!(again.code, "not_found");
    for _ in 0..5 {
        let soon = invite_with(&it, &mira, "northwind", inviting(NEU, "guest")).await.err().unwrap();
        assert_eq!(soon.code, "too_many_requests");
    }
    it.advance(minutes(1));
    invite_with(&it, &mira, "northwind", inviting(NEU, "guest")).await.unwrap();
    let second = server.wait(2).await;
    assert_eq!(accepted(&it, &second.token(), PASSWORD).await, "in");
}

/// The bound of open invitations holds where an old row of the same address is over.
async fn an_expired_invitation_is_no_room_for_another(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let mut brief = inviting(NEU, "guest");
    brief.lives = Some(minutes(1));
    invite_with(&it, &mira, "northwind", brief).await.unwrap();
    it.advance(minutes(2));
    let (from, until) = (it.now(), it.now().plus(minutes(60)));
    // A thousand rows by the statement that makes one, with ids and digests of their own.
    let digits = "(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL \
                  SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    let (id, digest) = match engine {
        Engine::Sqlite => ("randomblob(16)", "randomblob(32)"),
        Engine::Postgres => ("gen_random_uuid()", "decode(md5(random()::text), 'hex')"),
    };
    it.sql(&format!(
        "INSERT INTO links (id, digest, purpose, tenant_id, email, roles, sites, mailed, created_by, created_at, expires_at) \
         SELECT {id}, {digest}, 'invitation', l.tenant_id, 'p' || a.n || b.n || c.n || '@x.example', l.roles, l.sites, l.mailed, \
         l.created_by, {}, {} FROM links l, {digits} a, {digits} b, {digits} c",
        from.as_micros(),
        until.as_micros()
    ))
    .await;
    let full = invite_with(&it, &mira, "northwind", inviting(NEU, "guest")).await.err().unwrap();
    assert_eq!(full.code, "conflict");
    invite_with(&it, &mira, "northwind", inviting("p000@x.example", "guest")).await.unwrap();
}

#[tokio::test]
async fn a_letter_that_is_refused_for_now_is_tried_again_and_one_for_good_is_not() {
    let server = MailServer::start().await;
    let it = with(Engine::Sqlite, &server).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    server.refuse(&["451 4.3.0 later", "451 4.3.0 later"]);
    invite_with(&it, &mira, "northwind", inviting(NEU, "guest")).await.unwrap();
    assert_eq!(server.wait(1).await.to, [NEU]);
    server.refuse(&["550 5.7.1 no"]);
    invite_with(&it, &mira, "northwind", inviting("no@northwind.example", "guest")).await.unwrap();
    it.ctx.mail.end(seconds(5)).await;
    assert_eq!((server.letters().len(), it.ctx.mail.depth()), (1, 0));
    assert_eq!(it.ctx.mail.post(), Post { under_way: 0, sent: 1, given_up: 1 });
}

#[tokio::test]
async fn a_server_that_is_away_holds_nobody_up_and_the_stop_is_bounded() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = secrecy::SecretString::from(format!("smtp://127.0.0.1:{closed}"));
    let config = herald_app::mail::MailConfig::parse(&url, "herald@example.org").unwrap();
    let it = Installation::with(Setup::on(Engine::Sqlite).config(|c| c.mail = Some(config))).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    for n in 0..20 {
        let email = format!("neu{n}@northwind.example");
        invite_with(&it, &mira, "northwind", inviting(&email, "guest")).await.unwrap();
    }
    it.ctx.mail.end(seconds(5)).await;
    assert_eq!(it.ctx.mail.depth(), 0, "a last try, and given up");
}

#[tokio::test]
async fn the_queue_is_bounded_and_a_full_one_refuses_before_anything_is_kept() {
    let server = MailServer::start().await;
    let it = with(Engine::Sqlite, &server).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let asked: Vec<_> = (0..500).map(|_| it.ctx.mail.take_asked_place().unwrap()).collect();
    assert!(it.ctx.mail.take_asked_place().is_err());
    invite_with(&it, &mira, "northwind", inviting("first@northwind.example", "guest")).await.unwrap();
    assert_eq!(server.wait(1).await.to, ["first@northwind.example"], "resets do not keep it");
    while it.ctx.mail.depth() > 500 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    drop(asked);
    let held: Vec<_> = (0..500).map(|_| it.ctx.mail.take_place().unwrap()).collect();
    let full = invite_with(&it, &mira, "northwind", inviting(NEU, "guest")).await.err().unwrap();
    assert_eq!(full.code, "unavailable");
    assert_eq!(crate::sweep::count(&it, "links").await, 1);
    drop(held);
    invite_with(&it, &mira, "northwind", inviting(NEU, "guest")).await.unwrap();
    server.wait(2).await;
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_should_encrypt_and_does_not() {
    let server = MailServer::start().await;
    let mut config = server.config_at("?tls=required");
    config.pauses.clear();
    let it = Installation::with(Setup::on(Engine::Sqlite).config(|c| c.mail = Some(config))).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    invite_with(&it, &mira, "northwind", inviting(NEU, "guest")).await.unwrap();
    it.ctx.mail.end(seconds(5)).await;
    let said = server.said();
    assert!(server.letters().is_empty() && !said.is_empty());
    assert!(said.iter().all(|line| line.starts_with("EHLO") || line.starts_with("QUIT")), "{said:?}");
}

#[tokio::test]
async fn a_dot_that_begins_a_line_arrives_as_it_was() {
    let server = MailServer::start().await;
    let it = with(Engine::Sqlite, &server).await;
    it.sql("UPDATE users SET name = '. dotted' WHERE email LIKE 'mira%'").await;
    it.change_user(demo::MIRA, "SELECT 1").await;
    let mira = it.sign_in(demo::MIRA).await.token;
    invite_with(&it, &mira, "northwind", inviting(NEU, "guest")).await.unwrap();
    let letter = server.wait(1).await;
    assert!(letter.text().contains("\r\n\r\n. dotted invites you"), "{}", letter.text());
}
