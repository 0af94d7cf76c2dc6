//! Who is not let in, and how it is said.

use app::sessions::sign_in::Through;
use axum::body::Body;
use domain::client::Scopes;
use testkit::{Engine, Setup, demo, hours, minutes};

use super::{call, get, gus, mira, said};
use crate::kit::{Answer, Herald, bare, raw};
use crate::other;

const ME: &str = "/auth/me";
const BOTH: [&str; 2] = [ME, "/auth/logout"];

async fn beside(herald: &Herald, token: &str, key: &str) -> Answer {
    let line = format!("Bearer {token}");
    herald.send(bare("GET", ME, &[("authorization", &line), ("x-api-key", key)])).await
}

#[tokio::test]
async fn case_2_nothing_that_counts() {
    let herald = Herald::demo().await;
    let cookie = format!("token={}", mira());
    for path in BOTH {
        let nothing = herald.send(bare("GET", path, &[])).await.shown();
        insta::allow_duplicates! { insta::assert_json_snapshot!("nothing_sent", nothing); }
        for header in [
            ("authorization", "Basic bWlyYTp4"),
            ("authorization", "Bearer"),
            ("x-api-key", mira()),
            ("cookie", &cookie),
        ] {
            assert_eq!(herald.send(bare("GET", path, &[header])).await.shown(), nothing, "{header:?}");
        }
        let query = format!("{path}?token={}", mira());
        assert_eq!(herald.send(bare("GET", &query, &[])).await.shown(), nothing);
    }
}

#[tokio::test]
async fn case_3_one_answer_for_the_dead() {
    let herald = Herald::of(other::WORLD).await;
    herald.at.advance(hours(2));
    let ended = [("expired", other::BO_TO_0830), ("membership over", other::HAL_TO_0900)];
    for path in BOTH {
        for (why, key) in other::DEAD.into_iter().chain(ended) {
            let shown = herald.send(get(path, key)).await.shown();
            insta::allow_duplicates! { insta::assert_json_snapshot!("dead", shown, why); }
        }
    }
}

#[tokio::test]
async fn two_authorizations() {
    let herald = Herald::demo().await;
    let twice = async |first: &str, second: &str| {
        herald.send(bare("GET", ME, &[("authorization", first), ("authorization", second)])).await.shown()
    };
    let (bearer, other) = (format!("Bearer {}", mira()), format!("Bearer {}", gus()));
    let clash = twice(&bearer, &other).await;
    insta::assert_json_snapshot!("two_identities", clash);
    assert_eq!(twice("Bearer nobody", "Bearer else").await, clash, "nothing is looked up");
    assert_eq!(twice("Basic bWlyYTp4", &bearer).await, clash);
}

#[tokio::test]
async fn case_27_a_key_beside() {
    let herald = Herald::demo().await;
    let refused = beside(&herald, mira(), gus()).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["message"], "the request carries two different identities");
    assert_eq!(beside(&herald, mira(), mira()).await.status, 200);
    assert_eq!(beside(&herald, mira(), "nobody").await.status, 200, "a dead one is ignored");
    assert_eq!(beside(&herald, "nobody", gus()).await.status, 401, "the bearer is asked first");
    let session = herald.at.sign_in(demo::MIRA).await.token;
    assert_eq!(beside(&herald, &session, mira()).await.status, 200);
}

#[tokio::test]
async fn a_clients_token() {
    let herald = Herald::demo().await;
    let token = herald.client_token().await;
    for path in BOTH {
        let shown = herald.send(get(path, &token)).await.shown();
        insta::allow_duplicates! { insta::assert_json_snapshot!("a_client", shown); }
    }
}

#[tokio::test]
async fn an_operator_without_a_membership_is_nobody() {
    let herald = Herald::demo().await;
    let token = herald.at.sign_in(demo::ROOT).await.token;
    for path in BOTH {
        assert_eq!(herald.send(get(path, &token)).await.status, 401);
    }
}

#[tokio::test]
async fn other_methods() {
    let herald = Herald::demo().await;
    let line = format!("Bearer {}", mira());
    for path in BOTH {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
            let answer = herald.send(bare(method, path, &[("authorization", &line)])).await.shown();
            insta::allow_duplicates! { insta::assert_json_snapshot!("another_method", answer); }
        }
    }
    assert_eq!(herald.send(get(ME, mira())).await.status, 200);
}

#[tokio::test]
async fn other_paths_are_not_this_dialects() {
    let herald = Herald::demo().await;
    for path in ["/auth/me/", "/auth/logout/", "/auth", "/auth/", "/auth/ME", "/auth/other"] {
        let answer = herald.send(get(path, mira())).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (404, Some("application/problem+json"))
        );
    }
}

#[tokio::test]
async fn hostile_tokens() {
    let herald = Herald::demo().await;
    let long = "k".repeat(64 * 1024);
    let odd: [&[u8]; 5] = [long.as_bytes(), b"\x80\xff", b"' OR 1=1 --", b"eyJhbGciOiJub25lIn0.e30.", b"a b"];
    for token in odd {
        let line = [b"Bearer ", token].concat();
        let request = raw("GET", ME, [("authorization", &*line)]).body(Body::empty()).unwrap();
        assert_eq!(herald.send(request).await.status, 401);
        let headers =
            [("authorization", format!("Bearer {}", mira()).into_bytes()), ("x-api-key", token.to_vec())];
        let headers = headers.iter().map(|(name, value)| (*name, &**value));
        let request = raw("GET", ME, headers).body(Body::empty()).unwrap();
        assert_eq!(herald.send(request).await.status, 200, "a dead key beside is ignored");
    }
}

#[tokio::test]
async fn the_store_is_away() {
    let herald = Herald::demo().await;
    herald.at.sql("PRAGMA legacy_alter_table = ON; ALTER TABLE tokens RENAME TO elsewhere").await;
    insta::assert_json_snapshot!("store_away", herald.send(get(ME, mira())).await.shown());
}

#[tokio::test]
async fn too_many_requests() {
    let herald = Herald::sparing().await;
    assert_eq!(herald.send(get(ME, mira())).await.status, 200);
    insta::assert_json_snapshot!("too_many", herald.send(get(ME, mira())).await.shown());
    herald.at.advance(minutes(1));
    assert_eq!(herald.send(get(ME, mira())).await.status, 200);
}

/// A token of mira with these scopes.
async fn granted(herald: &Herald, scopes: &str) -> String {
    let client = herald.at.client(demo::CLIENT).await;
    let through = Through::Oauth { client, scope: Scopes::parse(scopes) };
    let command = testkit::command(demo::MIRA, demo::password(demo::MIRA), through);
    herald.at.try_command(command).await.ok().unwrap().token
}

/// What asks for which scope, and what it answers with it.
fn scoped() -> [(&'static str, String, &'static str, u16, &'static str); 7] {
    let unknown = "/api/tokens/01a20244-e800-7c11-9a3e-5d0f6b7a8c21".to_owned();
    let (noor, nobody) = (format!("/api/users/{}", demo::NOOR), "/api/users/nobody@x.example".to_owned());
    [
        ("GET", "/api/tokens/local".to_owned(), "", 200, "read"),
        ("GET", noor.clone(), "", 200, "read"),
        ("POST", "/api/tokens/local".to_owned(), r#"{"role":"view"}"#, 200, "write"),
        ("DELETE", unknown, "", 404, "write"),
        ("PUT", noor.clone(), r#"{"role":"member"}"#, 200, "write"),
        ("POST", noor, r#"{"role":"member"}"#, 200, "write"),
        ("DELETE", nobody, "", 404, "write"),
    ]
}

/// Holds a credential to its scopes.
async fn keeps_to(herald: &Herald, token: &str, scopes: &str) {
    assert_eq!(herald.send(get(ME, token)).await.status, 200, "none is needed here");
    for (method, path, body, status, scope) in scoped() {
        let answer = call(herald, method, &path, token, body).await;
        if scopes.contains(scope) {
            assert_eq!(answer.status.as_u16(), status, "{method} {path} by {scopes}");
        } else {
            assert_eq!(said(&answer), (403, "permission denied".into()), "{method} {path} by {scopes}");
        }
    }
}

#[tokio::test]
async fn scopes_of_an_oauth_token() {
    let herald = Herald::demo().await;
    for scopes in ["read", "write", "trust", "read write"] {
        keeps_to(&herald, &granted(&herald, scopes).await, scopes).await;
    }
}

#[tokio::test]
async fn scopes_of_what_an_oauth_token_makes() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let minted = async |by: &str| {
            let answer = call(&herald, "POST", "/api/tokens/local", by, r#"{"role":"admin"}"#).await;
            assert_eq!(answer.status, 200);
            answer.json()
        };
        for scopes in ["write", "read write"] {
            let first = minted(&granted(&herald, scopes).await).await;
            let first = first["token"].as_str().unwrap();
            keeps_to(&herald, first, scopes).await;
            let second = minted(first).await;
            keeps_to(&herald, second["token"].as_str().unwrap(), scopes).await;
            let gone = format!("/api/tokens/{}", second["id"].as_str().unwrap());
            assert_eq!(call(&herald, "DELETE", &gone, first, "").await.status, 200);
        }
    }
}

/// Each refusal stands before all that come below it in the table.
#[tokio::test]
async fn in_the_order_of_the_table() {
    let herald = Herald::demo().await;
    let path = format!("/api/users/{}", demo::NOOR);
    let large = format!(r#"{{"x":"{}"}}"#, "x".repeat(2 * 1024 * 1024));
    let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(64), "]".repeat(64));
    let told =
        async |method: &str, token: &str, body: &str| said(&call(&herald, method, &path, token, body).await);
    assert_eq!(told("PATCH", "nobody", &large).await.0, 405);
    assert_eq!(told("PUT", "nobody", &large).await, (413, "request body is too large".into()));
    assert_eq!(told("PUT", "nobody", "{").await, (401, "unauthorized".into()));
    let client = herald.client_token().await;
    let no_user = (403, "this credential does not belong to a user".to_owned());
    assert_eq!(told("PUT", &client, "{").await, no_user);
    for body in ["{", &deep, "{}", r#"{"role":"x"}"#] {
        assert_eq!(told("PUT", gus(), body).await, (403, "permission denied".into()), "{body}");
    }
    let malformed = (400, "request body is not a valid JSON object".to_owned());
    for body in ["{", &deep, r#"{"role":"member","role":"guest"}"#, r#"{"x":{"y":1,"y":2}}"#] {
        assert_eq!(told("PUT", mira(), body).await, malformed, "{body}");
    }
    for body in [r#"{"role":null}"#, r#"{"role":["member"]}"#, r#"{"role":"x","isActive":7}"#] {
        let (status, message) = told("PUT", mira(), body).await;
        assert!(status == 400 && ["role is unknown", "isActive must be true or false"].contains(&&*message));
    }
}
