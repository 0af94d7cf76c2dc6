//! The matrix of strangers: every route of every dialect, as everyone who must not get through.
//!
//! A route of the table without a row here fails, and so does a row without a route.

mod beyond;
mod dead;
mod forms;
mod guests;
mod kept;
mod names;
mod neighbours;
mod powers;
mod queries;
mod rows;

use app::sessions::sign_in::Through;
use axum::http::Method;
use domain::client::Scopes;
use herald_web::{Face, routes};
use testkit::{Answer, Engine, Installation, Server, demo};

use self::dead::the_dead;
use self::forms::{header, is_dead, is_refusal};
use self::names::Names;
use self::rows::{Row, rows};
use crate::held::{Kind, hire};
use crate::kit::{Herald, bare};

/// Calls the row's route: parameters and `<…>` by their names, in `question` a query up to the end of the line where it
/// begins with `?`, then the body.
async fn ask(server: &Server, row: &Row, (names, question): (&Names, &str), by: Option<&str>) -> Answer {
    let question = names.text(question);
    let (query, body) = match question.split_once('\n') {
        Some((query, body)) => (query, body),
        None if question.starts_with('?') => (&*question, ""),
        None => ("", &*question),
    };
    let path = names.path(&row.method, row.path) + query;
    let mut request = server.request(row.method.clone(), &path).raw("application/json", body);
    if let Some((name, value)) = by.map(|credential| header(row.face(), credential)) {
        request = request.header(name, value);
    }
    let answer = request.send().await;
    let status = answer.status.as_u16();
    assert!(status < 500 && !(300..400).contains(&status), "{} {path}: {status}", row.method);
    if status == 403 && row.face() == Face::Native {
        is_told(server, &answer).await;
    }
    answer
}

/// A 403 of Herald's own names its decision, and the audit trail has it.
async fn is_told(server: &Server, answer: &Answer) {
    let body = answer.json();
    let decision = body["decision"].as_str().unwrap_or_else(|| panic!("no decision: {body}")).to_owned();
    let rows = server.sql("SELECT reason FROM audit WHERE action = 'access.refused'").await;
    let told = |reason: &Option<String>| reason.as_ref().is_some_and(|reason| reason.contains(&decision));
    assert!(rows.iter().any(|row| told(&row[0])), "{body}");
}

/// An access token whose scopes are none that Herald asks for.
async fn trusted(at: &Installation) -> String {
    let client = at.client(demo::CLIENT).await;
    let through = Through::Oauth { client, scope: Scopes::parse("trust") };
    at.try_command(testkit::command(demo::NOOR, demo::password(demo::NOOR), through)).await.unwrap().token
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

/// All alike, in the words of the dialect; and nothing changes.
#[tokio::test]
async fn the_dead_get_nowhere() {
    let server = Server::on(Engine::Sqlite).await;
    let dead = the_dead(&server).await;
    let names = Names::theirs(&server, false).await;
    let before = kept::rows(&server).await;
    for row in rows() {
        for stranger in &dead {
            let asked = format!("{} {} as {}", row.method, row.path, stranger.who);
            let answer = ask(&server, &row, (&names, row.body), stranger.credential.as_deref()).await;
            if let Some(status) = row.dead {
                assert_eq!(answer.status.as_u16(), status, "{asked}");
                let sent = stranger.credential.is_some();
                is_dead(row.face(), &answer, (sent, stranger.expired), &asked);
            }
        }
        let asked = format!("{} {} as the dead", row.method, row.path);
        kept::unchanged(&before, &kept::rows(&server).await, &asked);
    }
}

/// The roots below which a dialect is served besides are no way around.
#[tokio::test]
async fn the_dead_get_nowhere_by_other_roots_and_methods() {
    let herald = Herald { at: Server::on(Engine::Sqlite).await };
    for (root, path, face) in [
        ("/api/v1", "/account/me", Face::Testiny),
        ("/frontegg", "/identity/resources/users/v3/me", Face::Frontegg),
    ] {
        for method in ["GET", "HEAD"] {
            for slash in ["", "/"] {
                let path = format!("{root}{path}{slash}");
                let (name, value) = header(face, "hs_dead");
                let status = herald.send(bare(method, &path, &[(name, &value)])).await.status.as_u16();
                // Where a slash is not the dialect's to forgive, there is no such route.
                assert!(status == 401 || (status == 404 && !slash.is_empty()), "{method} {path}: {status}");
            }
        }
    }
}

#[tokio::test]
async fn the_wrong_kind_is_refused() {
    let reading = Herald { at: Server::on(Engine::Sqlite).await };
    for row in rows().into_iter().filter(|row| row.dead.is_some()) {
        // What only reads changes nothing for those who come after.
        let changes = row.method != Method::GET || row.path == "/auth/logout";
        let writing = if changes { Some(Herald { at: Server::on(Engine::Sqlite).await }) } else { None };
        let herald = writing.as_ref().unwrap_or(&reading);
        let names = Names::nobodys(false).in_tenant(demo::NORTHWIND);
        let (client, unscoped) = (herald.client_token().await, trusted(&herald.at).await);
        let face = row.face();
        for (who, credential, status) in [
            ("a client", &*client, row.client),
            ("an unscoped token", &*unscoped, if face == Face::Akto { 403 } else { row.unscoped }),
            ("a key", demo::key(demo::MIRA), row.key),
        ] {
            let asked = format!("{} {} as {who}", row.method, row.path);
            let answer = ask(&herald.at, &row, (&names, row.body), Some(credential)).await;
            assert_eq!(answer.status.as_u16(), status, "{asked}: {}", answer.text());
            if status >= 400 {
                is_refusal(face, &answer, &asked);
            }
        }
    }
}

#[tokio::test]
async fn a_member_without_access_sees_himself_alone() {
    let server = Server::on(Engine::Sqlite).await;
    let email = hire(&server, "no-access", demo::NORTHWIND, "no_access").await;
    let names = Names::nobodys(false).in_tenant(demo::NORTHWIND);
    for row in rows().into_iter().filter(|row| row.dead.is_some()) {
        let session = Kind::Session.of(&server, &email, 0).await;
        let asked = format!("{} {}", row.method, row.path);
        let answer = ask(&server, &row, (&names, row.body), Some(&session)).await;
        assert_eq!(answer.status.as_u16(), row.no_access, "{asked}: {}", answer.text());
        if row.no_access >= 400 {
            is_refusal(row.face(), &answer, &asked);
        }
    }
}

/// What is another's, of this tenant or of another one, looks as if it were not there.
#[tokio::test]
async fn what_is_anothers_is_not_there() {
    for (path, table, owner) in [
        ("/v1/me/sessions/{id}", "sessions", demo::OTTO),
        ("/v1/me/sessions/{id}", "sessions", demo::NOOR),
        ("/v1/me/tokens/{id}", "tokens", demo::OTTO),
        ("/v1/me/tokens/{id}", "tokens", demo::GUS),
    ] {
        let server = Server::on(Engine::Sqlite).await;
        let theirs = server.sign_in(owner).await.token;
        let user = server.engine().uuid(server.user_id(owner).await.uuid());
        let column = if table == "tokens" { "owner_id" } else { "user_id" };
        let rows = server.sql(&format!("SELECT id FROM {table} WHERE {column} = {user}")).await;
        let path = path.replace("{id}", rows[0][0].as_ref().unwrap());
        let mira = server.mira().await;
        server.delete(&path).by(&mira).send().await.expect(404);
        assert!(server.prove(&theirs).await.is_ok());
        if owner != demo::NOOR {
            assert!(server.prove(demo::key(owner)).await.is_ok(), "{owner}'s key");
        }
    }
}
