//! What ends in one dialect is refused in all the others on the next request, and what does not end lives on.

use axum::http::header::AUTHORIZATION;
use serde_json::{Value, json};
use testkit::demo;

use crate::kit::{GATEWAY, Herald, bare, with_body};

const DOORS: [(&str, &str); 6] = [
    ("GET", "/v1/me"),
    ("POST", "/api/me"),
    ("GET", "/account/me"),
    ("GET", "/api/v2/users/loggedIn/detail"),
    ("GET", "/identity/resources/users/v3/me"),
    ("GET", "/auth/me"),
];

/// The status that a credential gets at every door, in the order of `DOORS`.
async fn doors(herald: &Herald, credential: &str) -> Vec<u16> {
    let bearer = format!("Bearer {credential}");
    let mut all = Vec::new();
    for (method, path) in DOORS {
        let header = if path == "/api/me" { ("x-api-key", credential) } else { ("authorization", &*bearer) };
        all.push(herald.send(bare(method, path, &[header])).await.status.as_u16());
    }
    all
}

const OPEN: [u16; 6] = [200; 6];
/// Akto takes no OAuth token.
const OPEN_TO_OAUTH: [u16; 6] = [200, 403, 200, 200, 200, 200];
/// Frontegg's `/me` is for people.
const OPEN_TO_KEYS: [u16; 6] = [200, 200, 200, 200, 403, 200];
const SHUT: [u16; 6] = [401, 403, 401, 401, 401, 401];

/// A call with a credential, as JSON; its status.
async fn call(herald: &Herald, method: &str, path: &str, credential: &str, body: &Value) -> u16 {
    let bearer = format!("Bearer {credential}");
    let headers = [(AUTHORIZATION.as_str(), &*bearer), ("content-type", "application/json")];
    let body = if body.is_null() { String::new() } else { body.to_string() };
    herald.send(with_body(method, path, &headers, body)).await.status.as_u16()
}

/// The read model may answer from now on: what follows is felt through the feed, not because nothing was cached.
async fn warm(herald: &Herald, credential: &str, open: [u16; 6]) {
    herald.at.hear().await;
    for _ in 0..2 {
        assert_eq!(doors(herald, credential).await, open);
    }
}

#[tokio::test]
async fn signing_out_in_any_dialect_shuts_every_door() {
    for (method, path) in
        [("POST", "/v1/sign-out"), ("GET", "/auth/logout"), ("POST", "/identity/resources/auth/v1/logout")]
    {
        let herald = Herald::demo().await;
        let (gone, stays) =
            (herald.at.sign_in(demo::MIRA).await.token, herald.at.sign_in(demo::MIRA).await.token);
        warm(&herald, &gone, OPEN).await;
        warm(&herald, &stays, OPEN).await;
        let status = call(&herald, method, path, &gone, &Value::Null).await;
        assert!((200..300).contains(&status), "{path}: {status}");
        assert_eq!(doors(&herald, &gone).await, SHUT, "{path}");
        assert_eq!(doors(&herald, &stays).await, OPEN, "{path}: another session lives");
        assert_eq!(doors(&herald, demo::key(demo::MIRA)).await, OPEN_TO_KEYS, "{path}: the key lives");
    }
}

#[tokio::test]
async fn a_revoked_key_opens_nothing() {
    let herald = Herald::demo().await;
    let (key, others) = (demo::key(demo::GUS), demo::key(demo::MIRA));
    warm(&herald, key, OPEN_TO_KEYS).await;
    assert_eq!(call(&herald, "GET", "/auth/logout", key, &Value::Null).await, 200);
    assert_eq!(doors(&herald, key).await, SHUT);
    assert_eq!(doors(&herald, others).await, OPEN_TO_KEYS);
}

#[tokio::test]
async fn a_token_revoked_by_its_owner_opens_nothing() {
    let herald = Herald::demo().await;
    let session = herald.at.sign_in(demo::NOOR).await.token;
    let bearer = format!("Bearer {session}");
    let headers = [("authorization", &*bearer), ("content-type", "application/json")];
    let minted =
        herald.send(with_body("POST", "/v1/me/tokens", &headers, r#"{"name":"script"}"#)).await.json();
    let (id, key) = (minted["id"].as_str().unwrap(), minted["token"].as_str().unwrap());
    warm(&herald, key, OPEN_TO_KEYS).await;
    assert_eq!(call(&herald, "DELETE", &format!("/v1/me/tokens/{id}"), &session, &Value::Null).await, 204);
    assert_eq!(doors(&herald, key).await, SHUT);
}

#[tokio::test]
async fn an_oauth_family_ends_with_its_session() {
    let herald = Herald::demo().await;
    let granted = herald.at.grant(demo::NOOR).await;
    warm(&herald, &granted.token, OPEN_TO_OAUTH).await;
    let session = herald.at.sign_in(demo::NOOR).await.token;
    let id = granted.opened.session.id;
    assert_eq!(call(&herald, "DELETE", &format!("/v1/me/sessions/{id}"), &session, &Value::Null).await, 204);
    assert_eq!(doors(&herald, &granted.token).await, SHUT);
    assert_eq!(doors(&herald, &session).await, OPEN);
}

/// A form to one of OAuth's endpoints, by the client that the token was issued to; its status and body.
async fn form(herald: &Herald, path: &str, token: &str) -> (u16, String) {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!(
        "token={token}&client_id={}&client_secret={}",
        demo::CLIENT,
        demo::client_secret(demo::CLIENT)
    );
    let answer = herald.send(with_body("POST", path, &headers, body)).await;
    (answer.status.as_u16(), String::from_utf8(answer.body.to_vec()).unwrap())
}

#[tokio::test]
async fn what_a_client_gives_back_opens_nothing_and_is_told_so() {
    for by_refresh_token in [false, true] {
        let herald = Herald::demo().await;
        let (granted, stays) = (herald.at.grant(demo::NOOR).await, herald.at.grant(demo::NOOR).await);
        warm(&herald, &granted.token, OPEN_TO_OAUTH).await;
        warm(&herald, &stays.token, OPEN_TO_OAUTH).await;
        assert!(form(&herald, "/oauth/introspect", &granted.token).await.1.starts_with("{\"active\":true"));
        let given = if by_refresh_token { granted.refresh.as_deref().unwrap() } else { &granted.token };
        assert_eq!(form(&herald, "/oauth/revoke", given).await, (200, String::new()));
        assert_eq!(doors(&herald, &granted.token).await, SHUT);
        let inactive = (200, "{\"active\":false}".to_owned());
        assert_eq!(form(&herald, "/oauth/introspect", &granted.token).await, inactive);
        assert_eq!(doors(&herald, &stays.token).await, OPEN_TO_OAUTH, "another sign-in");
    }
}

#[tokio::test]
async fn whatever_a_lock_ends_is_inactive_to_a_gateway() {
    let herald = Herald::demo().await;
    let credentials = [
        herald.at.grant(demo::GUS).await.token,
        herald.at.sign_in(demo::GUS).await.token,
        demo::key(demo::GUS).to_owned(),
    ];
    for credential in &credentials {
        assert!(form(&herald, "/oauth/introspect", credential).await.1.starts_with("{\"active\":true"));
    }
    let email = domain::EmailAddress::parse(demo::GUS).unwrap();
    app::users::lock::run(&herald.at.ctx, email, true).await.unwrap();
    for credential in &credentials {
        assert_eq!(form(&herald, "/oauth/introspect", credential).await.1, "{\"active\":false}");
    }
}

#[tokio::test]
async fn a_program_in_its_own_name_is_nobody_inside_a_product() {
    let herald = Herald::demo().await;
    let token = herald.client_token().await;
    for _ in 0..2 {
        assert_eq!(doors(&herald, &token).await, [403; 6]);
        herald.at.hear().await;
    }
    herald.apply(&GATEWAY.replace("a secret of", "another secret of")).await;
    assert_eq!(doors(&herald, &token).await, SHUT, "its client has another secret");
}

#[tokio::test]
async fn a_changed_password_ends_every_session_but_the_presented_one() {
    let herald = Herald::demo().await;
    let (here, there) =
        (herald.at.sign_in(demo::NOOR).await.token, herald.at.sign_in(demo::NOOR).await.token);
    let granted = herald.at.grant(demo::NOOR).await.token;
    warm(&herald, &there, OPEN).await;
    warm(&herald, &granted, OPEN_TO_OAUTH).await;
    let body =
        json!({"current_password": demo::password(demo::NOOR), "new_password": "eight bridges, to be sure"});
    assert_eq!(call(&herald, "POST", "/v1/me/password", &here, &body).await, 204);
    assert_eq!(doors(&herald, &here).await, OPEN);
    assert_eq!(doors(&herald, &there).await, SHUT);
    assert_eq!(doors(&herald, &granted).await, SHUT);
}

#[tokio::test]
async fn a_membership_that_ends_takes_what_is_bound_to_it() {
    let herald = Herald::demo().await;
    let at = &herald.at;
    let (northwind, key) = (at.sign_in(demo::MIRA).await.token, demo::key(demo::MIRA));
    let command =
        testkit::command(demo::MIRA, demo::password(demo::MIRA), app::sessions::sign_in::Through::Native);
    let contoso = app::sessions::sign_in::Command { tenant: Some("contoso".into()), ..command };
    let contoso = at.try_command(contoso).await.unwrap().token;
    warm(&herald, &contoso, OPEN).await;
    warm(&herald, &northwind, OPEN).await;
    let user = at.engine().uuid(at.user_id(demo::MIRA).await.uuid());
    let tenant = at.engine().uuid(at.tenant_id(demo::CONTOSO).await.uuid());
    at.change_user(
        demo::MIRA,
        &format!("DELETE FROM memberships WHERE user_id = {user} AND tenant_id = {tenant}"),
    )
    .await;
    assert_eq!(doors(&herald, &contoso).await, SHUT);
    assert_eq!(doors(&herald, &northwind).await, OPEN);
    let accounts = herald.send(bare("POST", "/api/me", &[("x-api-key", key)])).await.json();
    assert_eq!(accounts["user"]["accounts"], json!({"1712000111": "Northwind Traders"}));
}

#[tokio::test]
async fn a_locked_user_gets_nowhere_and_his_keys_come_back() {
    let herald = Herald::demo().await;
    let (session, key) = (herald.at.sign_in(demo::GUS).await.token, demo::key(demo::GUS));
    warm(&herald, &session, OPEN).await;
    warm(&herald, key, OPEN_TO_KEYS).await;
    let email = domain::EmailAddress::parse(demo::GUS).unwrap();
    app::users::lock::run(&herald.at.ctx, email.clone(), true).await.unwrap();
    assert_eq!(doors(&herald, &session).await, SHUT);
    assert_eq!(doors(&herald, key).await, SHUT);
    app::users::lock::run(&herald.at.ctx, email, false).await.unwrap();
    assert_eq!(doors(&herald, &session).await, SHUT, "a session that a lock ended stays ended");
    assert_eq!(doors(&herald, key).await, OPEN_TO_KEYS);
}

/// What an administrator does through Aegis, and what the other doors make of the person afterwards.
#[tokio::test]
async fn what_aegis_does_to_a_member_is_felt_everywhere() {
    let herald = Herald::demo().await;
    let (session, key) = (herald.at.sign_in(demo::GUS).await.token, demo::key(demo::GUS));
    let admin = demo::key(demo::MIRA);
    warm(&herald, &session, OPEN).await;
    warm(&herald, key, OPEN_TO_KEYS).await;
    let path = format!("/api/users/{}", demo::GUS);
    assert_eq!(call(&herald, "PUT", &path, admin, &json!({"role": "developer"})).await, 200);
    let me = herald.send(bare("GET", "/v1/me", &[("x-api-key", key)])).await.json();
    assert_eq!(me["roles"], json!(["developer"]));
    let me = herald.send(bare("POST", "/api/me", &[("x-api-key", key)])).await.json();
    assert!(me.to_string().contains("DEVELOPER"), "{me}");
    let users =
        herald.send(bare("GET", "/api/users/*", &[("authorization", &format!("Bearer {key}"))])).await;
    assert_eq!(users.status, 200, "a developer may see the users, a guest may not");
    assert_eq!(call(&herald, "POST", &path, admin, &json!({"isActive": false})).await, 200);
    assert_eq!(doors(&herald, &session).await, SHUT);
    assert_eq!(doors(&herald, key).await, SHUT);
    assert_eq!(call(&herald, "PUT", &path, admin, &json!({"isActive": true})).await, 200);
    assert_eq!(doors(&herald, &session).await, SHUT);
    assert_eq!(doors(&herald, key).await, OPEN_TO_KEYS);
    assert_eq!(call(&herald, "DELETE", &path, admin, &Value::Null).await, 200);
    assert_eq!(doors(&herald, key).await, SHUT);
    let quotas = herald.send(bare("GET", "/account/me", &[("x-api-key", admin)])).await.json();
    assert_eq!(
        (&quotas["quotas"]["users"]["used"], &quotas["quotas"]["api_tokens"]["used"]),
        (&json!(4), &json!(1))
    );
}

#[tokio::test]
async fn a_signed_token_revoked_through_aegis_opens_nothing() {
    let herald = Herald::demo().await;
    let bearer = format!("Bearer {}", demo::key(demo::MIRA));
    let request =
        with_body("POST", "/api/tokens/local", &[("authorization", &bearer)], r#"{"role":"admin"}"#);
    let made = herald.send(request).await.json();
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    warm(&herald, token, OPEN_TO_KEYS).await;
    let path = format!("/api/tokens/{id}");
    assert_eq!(call(&herald, "DELETE", &path, demo::key(demo::MIRA), &Value::Null).await, 200);
    assert_eq!(doors(&herald, token).await, SHUT);
}

#[tokio::test]
async fn a_stranger_leaves_no_more_of_himself_than_512_characters() {
    let herald = Herald::demo().await;
    let agent = "x".repeat(8 * 1024);
    let headers = [("content-type", "application/json"), ("user-agent", &*agent)];
    let body = r#"{"email":"nobody@x.example","password":"a guess"}"#;
    assert_eq!(herald.send(with_body("POST", "/v1/sign-in", &headers, body)).await.status.as_u16(), 401);
    let kept = herald.at.sql("SELECT user_agent FROM audit WHERE action = 'session.refused'").await;
    assert_eq!(kept[0][0].as_ref().map(String::len), Some(512));
}

#[tokio::test]
async fn a_permission_declared_later_is_felt_by_cached_answers() {
    let herald = Herald::demo().await;
    let token = herald.at.sign_in(demo::MIRA).await.token;
    warm(&herald, &token, OPEN).await;
    let count = async || {
        let bearer = format!("Bearer {token}");
        let me =
            herald.send(bare("GET", "/identity/resources/users/v3/me", &[("authorization", &bearer)])).await;
        me.json()["tenants"][0]["roles"][0]["permissions"].as_array().unwrap().len()
    };
    let before = count().await;
    herald.apply("[[permission]]\nkey = \"doors:open\"\ndescription = \"Open doors\"\n").await;
    assert_eq!(count().await, before + 1);
}

/// More hangs on it than goes with it in one transaction.
#[tokio::test]
async fn a_large_tenant_that_was_deleted_opens_nothing_though_its_rows_are_there() {
    let herald = Herald::demo().await;
    let root = herald.at.sign_in(demo::ROOT).await.token;
    let (mira, grant) = (herald.at.sign_in(demo::MIRA).await.token, herald.at.grant(demo::NOOR).await.token);
    let key = demo::key(demo::GUS);
    herald
        .at
        .sql(
            "INSERT INTO endpoints (id, tenant_id, url, collection, method, access, origin, created_at) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) \
             SELECT randomblob(16), t.id, '/' || i, 1, 'GET', 1, '', 1 FROM n, tenants t WHERE t.key = 'northwind'",
        )
        .await;
    let all = [(&*mira, OPEN), (&*grant, OPEN_TO_OAUTH), (key, OPEN_TO_KEYS)];
    for (credential, open) in all {
        warm(&herald, credential, open).await;
    }
    assert_eq!(call(&herald, "DELETE", "/v1/tenants/northwind", &root, &Value::Null).await, 204);
    for (credential, _) in all {
        assert_eq!(doors(&herald, credential).await, SHUT);
    }
    assert_eq!(call(&herald, "GET", "/v1/tenants/northwind", &root, &Value::Null).await, 404);
    let made = json!({"key": "northwind", "name": "Anew"});
    assert_eq!(call(&herald, "POST", "/v1/tenants", &root, &made).await, 201);
    assert_eq!(call(&herald, "GET", "/v1/tenants/northwind/members", &root, &Value::Null).await, 200);
    let kept = herald
        .at
        .sql("SELECT COUNT(*) FROM endpoints e JOIN tenants t ON t.id = e.tenant_id WHERE t.key <> ''")
        .await;
    assert_ne!(kept[0][0].as_deref(), Some("0"), "not yet swept");
}
