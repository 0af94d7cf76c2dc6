//! The matrix of strangers: every route of every dialect, as everyone who must not get through.
//!
//! A route of the table without a row here fails, and so does a row without a route.

mod rows;

use app::sessions::sign_in::Through;
use domain::client::Scopes;
use herald_web::{Face, routes};
use testkit::{Installation, demo, hours};

use self::rows::{Row, rows};
use crate::kit::{Answer, Herald, with_body};

/// The header in which the route's dialect looks for a credential.
fn header(face: Face, credential: &str) -> (&'static str, String) {
    match face {
        Face::Akto => ("x-api-key", credential.to_owned()),
        Face::Native | Face::OAuth | Face::Testiny | Face::Insights | Face::Frontegg | Face::Aegis => {
            ("authorization", format!("Bearer {credential}"))
        }
    }
}

struct Asked {
    herald: Herald,
    face: Face,
    row: Row,
}

impl Asked {
    /// The status that a credential gets; `id` stands for every parameter but `{tenant}`, which is the caller's own.
    async fn status(&self, credential: Option<&str>, id: &str) -> u16 {
        let (query, body) =
            if self.row.body.starts_with('?') { (self.row.body, "") } else { ("", self.row.body) };
        let path = filled(self.row.path, id) + query;
        let credential = credential.map(|c| header(self.face, c));
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(credential.as_ref().map(|(name, value)| (*name, value.as_str())));
        let body = body.to_owned();
        let answer = self.herald.send(with_body(self.row.method.as_str(), &path, &headers, body)).await;
        let status = answer.status.as_u16();
        assert!(status < 500 && !(300..400).contains(&status), "{} {path}: {status}", self.row.method);
        if status == 403 && self.face == Face::Native {
            self.is_told(&answer).await;
        }
        status
    }

    /// A 403 of Herald's own names its decision, and the audit trail has it.
    async fn is_told(&self, answer: &Answer) {
        let body = answer.json();
        let decision = body["decision"].as_str().unwrap_or_else(|| panic!("no decision: {body}")).to_owned();
        let rows = self.herald.at.sql("SELECT reason FROM audit WHERE action = 'access.refused'").await;
        assert!(
            rows.iter().any(|row| row[0].as_ref().is_some_and(|reason| reason.contains(&decision))),
            "{body}"
        );
    }
}

/// The path with its parameters filled in.
fn filled(path: &str, id: &str) -> String {
    let part = |part: &str| match part {
        "{tenant}" => "northwind".to_owned(),
        part if part.starts_with('{') => id.to_owned(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// An access token whose scopes are none that Herald asks for.
async fn trusted(at: &Installation) -> String {
    let client = at.client(demo::CLIENT).await;
    let through = Through::Oauth { client, scope: Scopes::parse("trust") };
    at.try_command(testkit::command(demo::NOOR, demo::password(demo::NOOR), through)).await.unwrap().token
}

const NOT_AN_ID: &str = "01a20244-e800-7c11-9a3e-5d0f6b7a8c21";

/// Everyone who is dead, each on a fresh Herald whose clock is this test's own.
async fn the_dead(at: &Installation) -> Vec<(&'static str, Option<String>)> {
    let mut dead = vec![
        ("nobody", None),
        ("unknown", Some("herald_0000000000000000000000000000000000000000000000".to_owned())),
        ("garbage", Some("eyJhbGciOiJub25lIn0.e30.".to_owned())),
    ];
    let expired = at.sign_in(demo::NOOR).await.token;
    at.advance(hours(13));
    dead.push(("expired", Some(expired)));
    let revoked = at.sign_in(demo::NOOR).await;
    let session = revoked.opened.session.id.uuid();
    let ended = at.now().as_micros();
    at.change_user(
        demo::NOOR,
        &format!("UPDATE sessions SET ended_at = {ended} WHERE id = {}", at.engine().uuid(session)),
    )
    .await;
    dead.push(("revoked", Some(revoked.token)));
    let refresh = at.grant(demo::NOOR).await.refresh.unwrap();
    dead.push(("refresh token", Some(refresh)));
    let locked = at.sign_in(demo::NOOR).await.token;
    at.change_user(demo::NOOR, "UPDATE users SET locked = TRUE WHERE email LIKE 'noor%'").await;
    dead.push(("locked", Some(locked)));
    let deactivated = at.sign_in(demo::RAGU).await.token;
    at.change_user(demo::RAGU, "UPDATE users SET active = FALSE WHERE email LIKE 'ragu%'").await;
    dead.push(("deactivated", Some(deactivated)));
    let left = at.sign_in(demo::GUS).await.token;
    let gus = at.engine().uuid(at.user_id(demo::GUS).await.uuid());
    at.change_user(demo::GUS, &format!("DELETE FROM memberships WHERE user_id = {gus}")).await;
    dead.push(("no longer a member", Some(left)));
    at.hear().await;
    dead
}

#[test]
fn every_route_has_its_row_and_every_row_its_route() {
    let rows = rows();
    for route in routes() {
        let found = rows.iter().filter(|row| row.method == route.method && row.path == route.path).count();
        assert_eq!(found, 1, "{} {} has no row in the matrix of strangers", route.method, route.path);
    }
    assert_eq!(rows.len(), routes().len());
}

#[tokio::test]
async fn the_dead_get_nowhere() {
    for row in rows() {
        let face = routes().into_iter().find(|r| r.method == row.method && r.path == row.path).unwrap().face;
        let asked = Asked { herald: Herald::demo().await, face, row };
        for (who, credential) in the_dead(&asked.herald.at).await {
            let status = asked.status(credential.as_deref(), NOT_AN_ID).await;
            match asked.row.dead {
                Some(expected) => {
                    assert_eq!(status, expected, "{} {} as {who}", asked.row.method, asked.row.path);
                }
                None => assert_ne!(status, 500, "{} as {who}", asked.row.path),
            }
        }
    }
}

#[tokio::test]
async fn the_wrong_kind_is_refused() {
    for row in rows().into_iter().filter(|row| row.dead.is_some()) {
        let face = routes().into_iter().find(|r| r.method == row.method && r.path == row.path).unwrap().face;
        let asked = Asked { herald: Herald::demo().await, face, row };
        let (row, at) = (&asked.row, &asked.herald.at);
        let said = |who: &str| format!("{} {} as {who}", row.method, row.path);
        let client = asked.herald.client_token().await;
        assert_eq!(asked.status(Some(&client), NOT_AN_ID).await, row.client, "{}", said("a client"));
        let key = demo::key(demo::MIRA);
        let status = asked.status(Some(key), NOT_AN_ID).await;
        assert_eq!(status, row.key, "{}", said("a key"));
        let unscoped = trusted(at).await;
        let status = asked.status(Some(&unscoped), NOT_AN_ID).await;
        assert_eq!(
            status,
            if face == Face::Akto { 403 } else { row.unscoped },
            "{}",
            said("an unscoped token")
        );
    }
}

#[tokio::test]
async fn a_member_without_access_sees_himself_alone() {
    for row in rows().into_iter().filter(|row| row.dead.is_some()) {
        let face = routes().into_iter().find(|r| r.method == row.method && r.path == row.path).unwrap().face;
        let asked = Asked { herald: Herald::demo().await, face, row };
        asked.herald.apply(NO_ACCESS).await;
        let token = asked
            .herald
            .at
            .try_sign_in("nobody@northwind.example", "may do nothing here")
            .await
            .unwrap()
            .token;
        let status = asked.status(Some(&token), NOT_AN_ID).await;
        assert_eq!(status, asked.row.no_access, "{} {}", asked.row.method, asked.row.path);
    }
}

const NO_ACCESS: &str = r#"
[[user]]
email = "nobody@northwind.example"
password = "may do nothing here"
[[user.membership]]
tenant = "northwind"
roles = ["no_access"]
"#;

/// What is another's, of this tenant or of another one, looks as if it were not there.
#[tokio::test]
async fn what_is_anothers_is_not_there() {
    for (path, table, owner) in [
        ("/v1/me/sessions/{id}", "sessions", demo::OTTO),
        ("/v1/me/sessions/{id}", "sessions", demo::NOOR),
        ("/v1/me/tokens/{id}", "tokens", demo::OTTO),
        ("/v1/me/tokens/{id}", "tokens", demo::GUS),
    ] {
        let herald = Herald::demo().await;
        let theirs = herald.at.sign_in(owner).await;
        let user = herald.at.engine().uuid(herald.at.user_id(owner).await.uuid());
        let column = if table == "tokens" { "owner_id" } else { "user_id" };
        let rows = herald.at.sql(&format!("SELECT id FROM {table} WHERE {column} = {user}")).await;
        let id = rows[0][0].clone().unwrap();
        let mira = herald.at.sign_in(demo::MIRA).await.token;
        let (name, value) = header(Face::Native, &mira);
        let path = path.replace("{id}", &id);
        let answer = herald.send(with_body("DELETE", &path, &[(name, &value)], "")).await;
        assert_eq!(answer.status.as_u16(), 404, "{path} of {owner}");
        assert!(herald.at.prove(&theirs.token).await.is_ok());
        if owner != demo::NOOR {
            assert!(herald.at.prove(demo::key(owner)).await.is_ok(), "{owner}'s key");
        }
    }
}
