//! otto administers contoso; mira is a guest there and administers northwind. Of every route that names her, or what is
//! hers: he changes her seat in contoso, and nothing else of her.

use std::collections::BTreeSet;

use axum::http::Method;
use testkit::{Engine, Server, demo};

use super::forms::is_refusal;
use super::names::{Names, secrets};
use super::neighbours::tells_nothing;
use super::rows::{Row, rows};
use super::{ask, kept};

const USER: &str = "/v1/users/{id}";
const MEMBER: &str = "/v1/tenants/{tenant}/members/{user}";
const AEGIS: &str = "/api/users/{x}";

/// What he may: the seat is contoso's, and so is a session that was signed in there.
const HIS: [(&str, &str); 7] = [
    ("PATCH", MEMBER),
    ("DELETE", MEMBER),
    // Aegis has no users but members.
    ("PUT", AEGIS),
    ("POST", AEGIS),
    ("DELETE", AEGIS),
    ("POST", "/v1/users/{id}/sessions/end"),
    ("DELETE", "/v1/users/{id}/sessions/{session}"),
];

/// Tables of the seat.
const SEAT: [&str; 4] = ["memberships|", "membership_roles|", "membership_sites|", "sessions|"];

/// The body of the row, and others that somebody would try.
fn bodies(row: &Row) -> Vec<&'static str> {
    let others: &[&str] = match (&row.method, row.path) {
        (&Method::PATCH, USER) => &[
            r#"{"email":"mine@contoso.example"}"#,
            r#"{"active":false}"#,
            r#"{"verified":false}"#,
            r#"{"default_tenant":"contoso"}"#,
            r#"{"operator":true}"#,
        ],
        (_, AEGIS) if !row.body.is_empty() => &[r#"{"isActive":false}"#, r#"{"role":"developer"}"#],
        (&Method::PATCH, MEMBER) => &[r#"{"roles":["developer"]}"#],
        _ => &[],
    };
    [&[row.body], others].concat()
}

struct Stage {
    server: Server,
    otto: String,
    /// mira by id and by address, with a session of hers in northwind or in contoso, at either tenant.
    names: Vec<Names>,
    /// What a path has where it names her.
    hers: [String; 5],
    secrets: Vec<String>,
    /// As it stands in a row.
    contoso: String,
}

impl Stage {
    /// She has sessions, an OAuth grant, a key and a second factor; and a lock, where somebody could undo it.
    async fn set(locked: bool) -> Self {
        let server = Server::on(Engine::Sqlite).await;
        let theirs = Names::theirs(&server, false).await;
        drop(server.grant(demo::MIRA).await);
        drop(server.sign_in_to(demo::MIRA, Some(demo::CONTOSO)).await);
        let user = server.user_id(demo::MIRA).await;
        let contoso = server.tenant_id(demo::CONTOSO).await;
        let (mira, there) = (server.engine().uuid(user.uuid()), server.engine().uuid(contoso.uuid()));
        let sql = format!(
            "UPDATE users SET totp_sealed = {mira}, totp_device_id = {mira}, locked = {locked} WHERE id = {mira}"
        );
        server.change_user(demo::MIRA, &sql).await;
        let id = async |sql: String| server.sql(&sql).await[0][0].clone().unwrap();
        let session = |which: &str| {
            format!(
                "SELECT id FROM sessions WHERE user_id = {mira} AND tenant_id {which} {there} ORDER BY id"
            )
        };
        let in_northwind = id(session("<>")).await;
        let in_contoso = id(session("=")).await;
        let key = id(format!("SELECT id FROM tokens WHERE owner_id = {mira} ORDER BY id")).await;
        let with = |name: &str, session: &str| {
            let names = theirs.clone().but(&["users", "members", "e-mail"], name);
            names.but(&["sessions"], session).but(&["tokens"], &key)
        };
        let user = user.to_string();
        let names = [with(&user, &in_northwind), with(&user, &in_contoso), with(demo::MIRA, &in_northwind)];
        let names = names.into_iter().flat_map(|n| [n.clone(), n.in_tenant(demo::CONTOSO)]).collect();
        let hers = [user, demo::MIRA.to_owned(), in_northwind, in_contoso, key];
        let otto = server.sign_in(demo::OTTO).await.token;
        let secrets = secrets(&server).await;
        Self { otto, names, hers, secrets, contoso: kept::id(&contoso.to_string()), server }
    }

    /// The names with which the row's path names her, and none that has come before.
    fn named(&self, row: &Row, index: usize) -> Option<&Names> {
        let path = |names: &Names| names.path(&row.method, row.path);
        let (before, names) = (self.names.get(..index)?, self.names.get(index)?);
        let is_hers = path(names).split('/').any(|part| self.hers.iter().any(|name| name == part));
        (is_hers && before.iter().all(|other| path(other) != path(names))).then_some(names)
    }

    /// Otto asks: whether something of her seat changed. Nothing else of her may.
    async fn ask(&self, row: &Row, (names, body): (&Names, &str)) -> bool {
        let asked = format!("{} {} {body}", row.method, names.path(&row.method, row.path));
        let before = kept::rows(&self.server).await;
        let answer = ask(&self.server, row, (names, body), Some(&self.otto)).await;
        let after = kept::rows(&self.server).await;
        tells_nothing(&answer, &self.secrets, &asked);
        let (status, is_his) = (answer.status.as_u16(), HIS.contains(&(row.method.as_str(), row.path)));
        if !is_his {
            kept::unchanged(&before, &after, &asked);
            // He sees that she is there; of what else she has, nothing is.
            let seen =
                row.path.starts_with(USER) && names.path(&row.method, row.path).contains(&self.hers[0]);
            let refused = status == if seen { 403 } else { 404 };
            assert!(row.method == Method::GET || refused, "{asked}: {}", answer.text());
        }
        if status >= 400 {
            is_refusal(row.face(), &answer, &asked);
        }
        let in_contoso = |row: &String| row.contains(&self.contoso);
        let is_seat = |row: &String| SEAT.iter().any(|table| row.starts_with(table)) && in_contoso(row);
        // A tenant's row counts its changes.
        let is_tenant = |row: &String| row.starts_with("tenants|") && in_contoso(row);
        let changed: Vec<_> = before.symmetric_difference(&after).collect();
        let others: Vec<_> = changed.iter().filter(|row| !is_seat(row) && !is_tenant(row)).collect();
        assert!(others.is_empty(), "{asked} changed {others:#?}");
        changed.into_iter().any(is_seat)
    }
}

/// Every row that names her, in every way. What he may must be seen to change something, or it is no exception.
async fn otto_asks_for_all(locked: bool) {
    let mut stage = Stage::set(locked).await;
    let (mut count, mut changed) = (0, BTreeSet::new());
    for row in rows() {
        for body in bodies(&row) {
            for index in 0..stage.names.len() {
                let Some(names) = stage.named(&row, index) else { continue };
                count += 1;
                if stage.ask(&row, (names, body)).await {
                    changed.insert((row.method.to_string(), row.path));
                    stage = Stage::set(locked).await;
                }
            }
        }
    }
    assert!(count > 40, "{count} questions");
    assert_eq!(changed, HIS.map(|(method, path)| (method.to_owned(), path)).into());
}

#[tokio::test]
async fn an_administrator_changes_nothing_of_a_guest_but_her_seat() {
    otto_asks_for_all(false).await;
}

/// So that there is something to undo.
#[tokio::test]
async fn nor_of_a_guest_who_is_locked() {
    otto_asks_for_all(true).await;
}
