//! An administrator of another tenant, who names what is not his: it is as if it were not there, and stays as it is.

use axum::http::Method;
use testkit::{Answer, Engine, Server, demo};

use super::forms::{is_refusal, unnamed};
use super::names::{Names, own_token, secrets};
use super::rows::{Row, rows};
use super::{ask, kept};

/// Otto, who may do everything in contoso.
async fn otto(server: &Server) -> String {
    server.sign_in(demo::OTTO).await.token
}

/// A provider of Aegis' is nobody's.
fn names_nothing(row: &Row) -> bool {
    !row.path.contains('{') || (row.path == "/api/tokens/{x}" && row.method != Method::DELETE)
}

/// What is asked, and the answer: by the path, where that names something, and by each query and body that does: then the
/// path is at home.
fn questions(row: &Row) -> Vec<(&'static str, u16, bool)> {
    let by_path = (!names_nothing(row)).then_some((row.body, row.other, false));
    by_path.into_iter().chain(row.names.iter().map(|(question, wanted)| (*question, *wanted, true))).collect()
}

/// Who asks, and what may not be told.
struct Neighbours {
    server: Server,
    callers: [String; 2],
    secrets: Vec<String>,
}

impl Neighbours {
    async fn of_contoso() -> Self {
        let server = Server::on(Engine::Sqlite).await;
        let person = otto(&server).await;
        let program = own_token(&server, demo::CONTOSO, &person).await;
        // What is there from now on.
        drop(Names::theirs(&server, false).await);
        let secrets = secrets(&server).await;
        Self { server, callers: [person, program], secrets }
    }

    /// The answers for what is there and for what is not must be the same, and tell nothing.
    async fn compare(&self, row: &Row, names: [&Names; 2], (question, wanted): (&str, u16)) -> Vec<String> {
        let mut faults = Vec::new();
        for (index, caller) in self.callers.iter().enumerate() {
            let [theirs, nobodys] = names;
            let asked = format!("{} {} {question}", row.method, theirs.path(&row.method, row.path));
            let there = ask(&self.server, row, (theirs, question), Some(caller)).await;
            let nothing = ask(&self.server, row, (nobodys, question), Some(caller)).await;
            if (there.status, unnamed(&there)) != (nothing.status, unnamed(&nothing)) {
                faults.push(format!("{asked} tells: {} not {}", there.text(), nothing.text()));
            }
            tells_nothing(&there, &self.secrets, &asked);
            let status = there.status.as_u16();
            // A tenant's own token is no user, where one is asked for.
            if status != wanted && (index == 0 || status != 403) {
                faults.push(format!("{asked}: {status}, not {wanted}: {}", there.text()));
            }
            if status >= 400 {
                is_refusal(row.face(), &there, &asked);
            }
        }
        faults
    }
}

/// Refused in the same words as for what nobody has.
#[tokio::test]
async fn what_is_anothers_looks_like_nothing() {
    let neighbours = Neighbours::of_contoso().await;
    let server = &neighbours.server;
    let mut named = Vec::new();
    for by_id in [false, true] {
        named.push((Names::theirs(server, by_id).await, Names::nobodys(by_id)));
    }
    let before = kept::rows(server).await;
    let mut faults = Vec::new();
    for row in rows().into_iter().filter(|row| row.dead.is_some()) {
        for (question, wanted, at_home) in questions(&row) {
            for (theirs, nobodys) in named.clone() {
                let at = |names: Names| if at_home { names.in_tenant(demo::CONTOSO) } else { names };
                let (theirs, nobodys) = (at(theirs), at(nobodys));
                faults.extend(neighbours.compare(&row, [&theirs, &nobodys], (question, wanted)).await);
            }
        }
        kept::unchanged(&before, &kept::rows(server).await, &format!("{} {}", row.method, row.path));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// None of these texts.
pub fn tells_nothing(answer: &Answer, secrets: &[String], asked: &str) {
    let text = answer.text();
    let told: Vec<_> = secrets.iter().filter(|secret| text.contains(*secret)).collect();
    assert!(told.is_empty(), "{asked} tells {told:?}: {text}");
}

/// Whatever he does at home touches nobody else's.
#[tokio::test]
async fn what_is_done_at_home_stays_there() {
    let neighbours = Neighbours::of_contoso().await;
    let server = &neighbours.server;
    let home = [
        kept::id(&server.tenant_id(demo::CONTOSO).await.to_string()),
        kept::id(&server.user_id(demo::OTTO).await.to_string()),
        demo::OTTO.to_owned(),
    ];
    let is_home = |row: &String| home.iter().any(|name| row.contains(name));
    let names = Names::nobodys(false).in_tenant(demo::CONTOSO);
    for row in rows().into_iter().filter(|row| row.dead.is_some()) {
        let caller = otto(server).await;
        let asked = format!("{} {}", row.method, row.path);
        let before = kept::rows(server).await;
        let answer = ask(server, &row, (&names, row.body), Some(&caller)).await;
        let after = kept::rows(server).await;
        tells_nothing(&answer, &neighbours.secrets, &asked);
        let touched = before.symmetric_difference(&after);
        let touched: Vec<_> =
            touched.filter(|row| !is_home(row) && !row.starts_with("token_roles|")).collect();
        assert!(touched.is_empty(), "{asked}: {} touched {touched:#?}", answer.status);
    }
}
