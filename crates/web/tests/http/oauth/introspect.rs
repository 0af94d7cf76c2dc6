//! `POST /oauth/introspect` (insights.md §2c, RFC 7662).

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};
use testkit::{demo, seconds};

use super::desk::{Desk, Reply, basic, claims, client, encoded, post, says};

const INTROSPECT: &str = "/oauth/introspect";
const FORM: &str = "application/x-www-form-urlencoded";

async fn ask(desk: &Desk, authorization: Option<&str>, fields: &[(&str, &str)]) -> Reply {
    let request = post(INTROSPECT).header(CONTENT_TYPE, FORM);
    let request =
        authorization.into_iter().fold(request, |request, line| request.header(AUTHORIZATION, line));
    desk.send(request.body(encoded(fields).into()).unwrap()).await
}

/// As a gateway with a client of its own.
async fn by_client(desk: &Desk, token: &str) -> Value {
    let reply = ask(desk, Some(&basic("gateway:a secret")), &[("token", token)]).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")), "{reply:?}");
    reply.json()
}

async fn by_bearer(desk: &Desk, bearer: &str, token: &str) -> Reply {
    ask(desk, Some(&format!("Bearer {bearer}")), &[("token", token)]).await
}

async fn open() -> Desk {
    let desk = Desk::open().await;
    desk.add_client("gateway", Some("a secret"), "client_credentials", "read write").await;
    desk.house.hear().await;
    desk
}

fn inactive() -> Value {
    json!({"active": false})
}

#[tokio::test]
async fn a_users_token_is_told_whole() {
    let desk = open().await;
    let (access, _) = desk.sign_in(demo::MIRA).await;
    let said = claims(&access);
    let wanted = json!({
        "active": true, "scope": "read write trust", "client_id": demo::CLIENT, "username": demo::MIRA,
        "token_type": "bearer", "exp": said["exp"], "iat": said["iat"], "sub": said["sub"], "aud": said["aud"],
        "iss": said["iss"], "jti": said["jti"], "tenant_id": said["tenant_id"],
    });
    assert_eq!(by_client(&desk, &access).await, wanted);
}

#[tokio::test]
async fn a_clients_own_token_has_no_user_and_no_tenant() {
    let desk = open().await;
    let fields = [("grant_type", "client_credentials"), ("scope", "read")];
    let own = desk.with_basic("gateway:a secret", &fields).await.text("access_token");
    let said = claims(&own);
    let wanted = json!({
        "active": true, "scope": "read", "client_id": "gateway", "token_type": "bearer", "exp": said["exp"],
        "iat": said["iat"], "sub": "gateway", "aud": said["aud"], "iss": said["iss"], "jti": said["jti"],
    });
    assert_eq!(by_client(&desk, &own).await, wanted);
}

#[tokio::test]
async fn a_key_and_a_session_are_live_credentials_too() {
    let desk = open().await;
    let session = desk.house.sign_in(demo::NOOR).await.token;
    for (credential, email) in [(session.as_str(), demo::NOOR), (demo::key(demo::GUS), demo::GUS)] {
        let told = by_client(&desk, credential).await;
        assert_eq!((&told["active"], &told["username"]), (&json!(true), &json!(email)));
        assert!(told.get("scope").is_none() && told.get("client_id").is_none(), "{told}");
    }
}

/// What bound its maker is told of it, as of an access token.
#[tokio::test]
async fn a_bound_key_is_told_with_its_scopes() {
    let desk = open().await;
    let (access, _) = desk.sign_in(demo::MIRA).await;
    let caller = desk.house.caller(&access).await;
    let command = app::tokens::mint::Command {
        name: "bound".into(),
        role: None,
        lives: None,
        utility: None,
        revealable: None,
    };
    let minted = app::tokens::mint::run(&desk.house.ctx, &caller, command).await.unwrap();
    let told = by_client(&desk, secrecy::ExposeSecret::expose_secret(&minted.key)).await;
    assert_eq!((&told["scope"], told.get("client_id")), (&json!("read write"), None));
}

#[tokio::test]
async fn whatever_is_dead_is_told_in_one_way() {
    let desk = open().await;
    let (mira, refresh) = desk.sign_in(demo::MIRA).await;
    for token in ["x", "hr_unknown", "a.b.c", "eyJ.eyJ.x", &refresh, &"x".repeat(100_000)] {
        assert_eq!(by_client(&desk, token).await, inactive(), "{token:.20}");
    }
    assert_eq!(by_client(&desk, &mira).await["active"], true);
    let form = [("token", mira.as_str())];
    let request = post("/oauth/revoke").header(CONTENT_TYPE, FORM);
    let request = request.body(encoded(&[&form[..], &client()].concat()).into()).unwrap();
    assert_eq!(desk.send(request).await.status, 200);
    assert_eq!(by_client(&desk, &mira).await, inactive(), "revoked");
    let changes = [
        "UPDATE users SET locked = TRUE WHERE id = {}",
        "UPDATE users SET active = FALSE WHERE id = {}",
        "UPDATE memberships SET active = FALSE WHERE user_id = {}",
        "UPDATE memberships SET expires_at = 1 WHERE user_id = {}",
        "UPDATE sessions SET ended_at = 1 WHERE user_id = {}",
        "DELETE FROM clients WHERE client_id = 'fixstreamapp' AND {} IS NOT NULL",
    ];
    for change in changes {
        let desk = open().await;
        let (noor, _) = desk.sign_in(demo::NOOR).await;
        assert_eq!(by_client(&desk, &noor).await["active"], true);
        let user = desk.house.engine().uuid(desk.house.user_id(demo::NOOR).await.uuid());
        desk.house.change_user(demo::NOOR, &change.replace("{}", &user)).await;
        assert_eq!(by_client(&desk, &noor).await, inactive(), "{change}");
    }
    let (noor, _) = desk.sign_in(demo::NOOR).await;
    desk.house.advance(seconds(3_600));
    assert_eq!(by_client(&desk, &noor).await, inactive(), "expired");
    desk.house.sql("UPDATE tokens SET utility = 'BURP'").await;
    assert_eq!(by_client(&desk, demo::key(demo::MIRA)).await, inactive(), "a key that opens no door");
}

#[tokio::test]
async fn a_bearer_with_tokens_admin_sees_his_own_tenant_alone() {
    let desk = open().await;
    let (mira, _) = desk.sign_in(demo::MIRA).await;
    let (noor, _) = desk.sign_in(demo::NOOR).await;
    let (otto, _) = desk.sign_in(demo::OTTO).await;
    assert_eq!(by_bearer(&desk, &mira, &noor).await.json()["username"], demo::NOOR);
    assert_eq!(by_bearer(&desk, demo::key(demo::MIRA), &noor).await.json()["active"], true);
    assert_eq!(by_bearer(&desk, &mira, &otto).await.json(), inactive(), "of another tenant");
    let fields = [("grant_type", "client_credentials")];
    let own = desk.with_basic("gateway:a secret", &fields).await.text("access_token");
    assert_eq!(by_bearer(&desk, &mira, &own).await.json(), inactive(), "of none");
    let root = desk.house.sign_in(demo::ROOT).await.token;
    assert_eq!(by_bearer(&desk, &mira, &root).await.json(), inactive(), "of an operator");
    for token in [&noor, &otto, &own] {
        assert_eq!(by_bearer(&desk, &root, token).await.json()["active"], true, "an operator sees all");
    }
}

#[tokio::test]
async fn strangers_learn_nothing() {
    let desk = open().await;
    desk.add_client("public", None, "password", "read").await;
    let (mira, _) = desk.sign_in(demo::MIRA).await;
    let (noor, _) = desk.sign_in(demo::NOOR).await;
    let unproven = says(401, "invalid_client", "Bad client credentials");
    for token in [mira.as_str(), "unknown"] {
        let fields = [("token", token)];
        let none = ask(&desk, None, &fields).await;
        assert_eq!(none.said(), unproven);
        assert_eq!(none.header("www-authenticate"), Some("Basic realm=\"herald\""));
        let public = ask(&desk, None, &[fields[0], ("client_id", "public")]).await;
        assert_eq!(public.said(), unproven, "a name proves nothing");
        assert_eq!(ask(&desk, Some(&basic("gateway:wrong")), &fields).await.said(), unproven);
        let dead = by_bearer(&desk, "dead", token).await;
        assert_eq!(dead.said(), says(401, "invalid_token", "Invalid access token"));
        assert!(dead.header("www-authenticate").unwrap().starts_with("Bearer"));
        assert_eq!(by_bearer(&desk, &noor, token).await.said().0, 403, "without tokens:admin");
        let own = desk.with_basic("gateway:a secret", &[("grant_type", "client_credentials")]).await;
        assert_eq!(by_bearer(&desk, &own.text("access_token"), token).await.said().0, 403, "of no tenant");
        let narrow = desk.password(demo::MIRA, demo::password(demo::MIRA), &[("scope", "trust")]).await;
        assert_eq!(
            by_bearer(&desk, &narrow.text("access_token"), token).await.said().0,
            403,
            "without a scope"
        );
    }
}

#[tokio::test]
async fn in_the_order_of_the_table() {
    let desk = open().await;
    let (mira, _) = desk.sign_in(demo::MIRA).await;
    let invalid = |text| says(400, "invalid_request", text);
    let url = post(&format!("{INTROSPECT}?token=x")).header(CONTENT_TYPE, FORM).body("".into()).unwrap();
    assert_eq!(desk.send(url).await.said(), invalid("Credentials must not be sent in the URL"));
    let bearer = format!("Bearer {mira}");
    for beside in [("client_id", "gateway"), ("client_secret", "a secret")] {
        let both = ask(&desk, Some(&bearer), &[("token", mira.as_str()), beside]).await;
        assert_eq!(both.said(), invalid("More than one client authentication"));
    }
    assert_eq!(ask(&desk, Some("Digest x"), &[]).await.said(), invalid("Unsupported client authentication"));
    assert_eq!(ask(&desk, Some(&bearer), &[]).await.said(), invalid("Missing parameter: token"));
    let missing = ask(&desk, Some(&basic("gateway:a secret")), &[]).await;
    assert_eq!(missing.said(), invalid("Missing parameter: token"));
    let get = axum::http::Request::builder().uri(INTROSPECT).body(axum::body::Body::empty()).unwrap();
    assert_eq!(desk.send(get).await.said(), says(405, "method_not_allowed", "Only POST is supported"));
}
