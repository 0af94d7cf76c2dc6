//! Everyone whose credential is dead, by whatever it died of.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::{Server, demo, hours};

use crate::held::{Kind, address, all, form, grant, hire, said, token};

/// Somebody who must not get through.
pub struct Stranger {
    pub who: String,
    pub credential: Option<String>,
    /// Bears our signature, and nothing but its time is over: Insights says so.
    pub expired: bool,
}

fn stranger(who: impl Into<String>, credential: impl Into<String>) -> Stranger {
    Stranger { who: who.into(), credential: Some(credential.into()), expired: false }
}

fn strangers(how: &str, held: Vec<(Kind, String)>) -> impl Iterator<Item = Stranger> {
    held.into_iter().map(move |(kind, credential)| stranger(format!("{how}: {kind:?}"), credential))
}

/// A year.
const LONG: u64 = 31_000_000;

/// All of them could do everything in northwind while they lived.
pub async fn the_dead(server: &Server) -> Vec<Stranger> {
    let mut dead = vec![
        Stranger { who: "nobody".into(), credential: None, expired: false },
        stranger("unknown key", "herald_0000000000000000000000000000000000000000000000"),
        stranger("garbage", "eyJhbGciOiJub25lIn0.e30."),
    ];
    dead.extend(by_time(server).await);
    dead.extend(one_by_one(server).await);
    dead.extend(families(server).await);
    dead.extend(with_their_owner(server).await);
    dead.extend(with_their_tenant(server).await);
    dead.extend(programs(server).await);
    server.hear().await;
    dead
}

/// What a living administrator or operator asks for, which is done.
async fn done(server: &Server, by: &str, line: (Method, &str), body: &Value) -> Value {
    let by = server.sign_in(by).await.token;
    let asked = server.request(line.0, line.1).bearer(&by);
    let asked = if body.is_null() { asked } else { asked.json(body) };
    let answer = asked.send().await;
    assert!(answer.status.is_success(), "{}: {}", line.1, answer.text());
    if answer.body.is_empty() { Value::Null } else { answer.json() }
}

/// Expired, and whose membership has come to its end.
async fn by_time(server: &Server) -> Vec<Stranger> {
    let late = hire(server, "late", demo::NORTHWIND, "admin").await;
    let held = all(server, &late, 60).await;
    let over = hire(server, "over", demo::NORTHWIND, "admin").await;
    let bound = all(server, &over, LONG).await;
    let id = server.user_id(&over).await;
    let path = format!("/v1/tenants/northwind/members/{id}");
    let end = server.now().plus(hours(1)).rfc3339_millis();
    done(server, demo::MIRA, (Method::PATCH, &path), &json!({"expires_at": end})).await;
    server.advance(hours(13));
    let expired = strangers("expired", held).map(|dead| {
        let is_signed = dead.credential.as_ref().is_some_and(|credential| credential.starts_with("eyJ"));
        Stranger { expired: is_signed, ..dead }
    });
    expired.chain(strangers("past the end of the membership", bound)).collect()
}

/// Each ended by itself.
async fn one_by_one(server: &Server) -> Vec<Stranger> {
    let email = hire(server, "gone", demo::NORTHWIND, "admin").await;
    let held = all(server, &email, LONG).await;
    for (kind, credential) in &held {
        let answer = server.get("/auth/logout").bearer(credential).send().await;
        assert_eq!(answer.status, 200, "{kind:?}: {}", answer.text());
    }
    let mut dead: Vec<_> = strangers("given back", held).collect();
    let session = Kind::Session.of(server, &email, LONG).await;
    let minted = server.post("/v1/me/tokens").bearer(&session).json(&json!({"name": "k"})).send().await;
    let minted = minted.expect(201).json();
    let path = format!("/v1/me/tokens/{}", said(&minted, "id"));
    server.delete(&path).bearer(&session).send().await.expect(204);
    dead.push(stranger("a revoked key", said(&minted, "token")));
    dead
}

/// Of OAuth families that ended: revoked, reused, with their session; and a refresh token, which opens nothing.
async fn families(server: &Server) -> Vec<Stranger> {
    let email = hire(server, "family", demo::NORTHWIND, "admin").await;
    let revoked = said(&grant(server, &email).await, "access_token");
    form(server, "/oauth/revoke", &[("token", &revoked)]).await.expect(200);
    let first = grant(server, &email).await;
    let refresh = |with: String| async move {
        token(server, &[("grant_type", "refresh_token"), ("refresh_token", &with)]).await
    };
    let second = refresh(said(&first, "refresh_token")).await.expect(200).json();
    let third = refresh(said(&second, "refresh_token")).await.expect(200).json();
    assert!(!refresh(said(&first, "refresh_token")).await.status.is_success());
    let live = grant(server, &email).await;
    vec![
        stranger("a revoked access token", revoked),
        stranger("the first of a family that was reused", said(&first, "access_token")),
        stranger("the last of a family that was reused", said(&third, "access_token")),
        stranger("a refresh token", said(&live, "refresh_token")),
    ]
}

/// Locked, deactivated, put out, deleted.
async fn with_their_owner(server: &Server) -> Vec<Stranger> {
    let mut dead = Vec::new();
    let user = "/v1/users/ID";
    let member = "/v1/tenants/northwind/members/ID";
    for (how, method, path, body) in [
        ("locked", Method::POST, "/v1/users/ID/lock", Value::Null),
        ("deactivated", Method::PATCH, user, json!({"active": false})),
        ("deleted", Method::DELETE, user, Value::Null),
        ("benched", Method::PATCH, member, json!({"active": false})),
        ("removed", Method::DELETE, member, Value::Null),
    ] {
        let email = hire(server, how, demo::NORTHWIND, "admin").await;
        let held = all(server, &email, LONG).await;
        let path = path.replace("ID", &server.user_id(&email).await.to_string());
        done(server, demo::MIRA, (method, &path), &body).await;
        dead.extend(strangers(how, held));
    }
    dead
}

/// Of a tenant that is no more, its own token too.
async fn with_their_tenant(server: &Server) -> Vec<Stranger> {
    server.apply("[[tenant]]\nkey = \"brook\"\nname = \"Brook\"\n").await;
    let email = hire(server, "brook", "brook", "admin").await;
    let mut dead: Vec<_> = strangers("of a deleted tenant", all(server, &email, LONG).await).collect();
    let session = Kind::Session.of(server, &email, LONG).await;
    let body = json!({"name": "n", "roles": ["admin"]});
    let own = server.post("/v1/tenants/brook/tokens").bearer(&session).json(&body).send().await;
    dead.push(stranger("a deleted tenant's own", said(&own.expect(201).json(), "token")));
    done(server, demo::ROOT, (Method::DELETE, "/v1/tenants/brook"), &Value::Null).await;
    assert!(address("brook") == email && server.prove(&session).await.is_err());
    dead
}

/// A tenant's own token that was revoked, and the tokens of a client that has another secret, or is no more.
async fn programs(server: &Server) -> Vec<Stranger> {
    let tokens = "/v1/tenants/northwind/tokens";
    let body = json!({"name": "n", "roles": ["admin"]});
    let own = done(server, demo::MIRA, (Method::POST, tokens), &body).await;
    let path = format!("{tokens}/{}", said(&own, "id"));
    done(server, demo::MIRA, (Method::DELETE, &path), &Value::Null).await;
    let mut dead = vec![stranger("a tenant's own, revoked", said(&own, "token"))];
    for (how, method, path) in [
        ("of a client with another secret", Method::POST, "/secret"),
        ("of a deleted client", Method::DELETE, ""),
    ] {
        let body = json!({"grants": ["client_credentials"], "scopes": ["read", "write"]});
        let client = done(server, demo::ROOT, (Method::POST, "/v1/clients"), &body).await;
        let (id, secret) = (said(&client, "client_id"), said(&client, "client_secret"));
        let fields = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", &*secret)];
        let granted = server.post("/oauth/token").form(&fields).send().await.expect(200).json();
        let path = format!("/v1/clients/{}{path}", said(&client, "id"));
        done(server, demo::ROOT, (method, &path), &Value::Null).await;
        dead.push(stranger(how, said(&granted, "access_token")));
    }
    dead
}
