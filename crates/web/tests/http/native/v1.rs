//! `/v1`, from sign-in to sign-out.

use axum::body::Body;
use serde_json::{Value, json};
use testkit::{Installation, demo};

use super::call::{ask, call, get, send, served};

async fn signed_in(router: &axum::Router, email: &str) -> Value {
    let body = json!({"email": email, "password": demo::password(email)});
    let answer = call(router, "POST /v1/sign-in", "", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn token(signed_in: &Value) -> &str {
    signed_in["access_token"].as_str().unwrap()
}

#[tokio::test]
async fn one_signs_in_is_known_and_signs_out() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let signed_in = signed_in(&router, demo::MIRA).await;
    assert_eq!((&signed_in["token_type"], signed_in.as_object().unwrap().len()), (&json!("bearer"), 4));
    let token = token(&signed_in);
    let me = get(&router, "/v1/me", token).await.json();
    assert_eq!(me["user"]["email"], demo::MIRA);
    assert_eq!(me["tenant"]["key"], "northwind");
    assert_eq!((&me["roles"], &me["permissions"]), (&json!(["admin"]), &json!(["*"])));
    assert_eq!(me["quotas"], json!({"api_tokens": 100, "users": 50}));
    assert_eq!(
        (&me["credential"]["kind"], &me["credential"]["id"]),
        (&json!("session"), &signed_in["session_id"])
    );
    assert_eq!(me["credential"]["expires_at"], signed_in["expires_at"]);
    assert_eq!((&me["operator"], &me["credential"]["cap"]), (&json!(false), &Value::Null));
    // The second answer comes ready from the entry.
    assert_eq!(get(&router, "/v1/me", token).await.json(), me);
    let out = call(&router, "POST /v1/sign-out", token, &json!({})).await;
    assert_eq!((out.status.as_u16(), out.text.as_str()), (204, ""));
    let after = get(&router, "/v1/me", token).await;
    assert_eq!((after.status.as_u16(), &after.json()["code"]), (401, &json!("unauthenticated")));
}

#[tokio::test]
async fn a_sign_in_that_fails_says_no_more_than_it_must() {
    let herald = Installation::start().await;
    let router = served(&herald, |config| config.sign_in_per_ip = 0);
    let attempt = async |body: Value| {
        let answer = call(&router, "POST /v1/sign-in", "", &body).await;
        let mut problem = answer.json();
        problem["request_id"].take();
        (answer.status.as_u16(), problem)
    };
    let long = "x".repeat(10_000);
    let wrong = attempt(json!({"email": demo::MIRA, "password": "wrong"})).await;
    assert_eq!((wrong.0, &wrong.1["code"]), (401, &json!("invalid_credentials")));
    for body in [
        json!({"email": "nobody@example.org", "password": "wrong"}),
        json!({"email": "not an address", "password": "wrong"}),
        json!({"email": &long, "password": &long}),
        json!({"email": demo::MIRA, "password": &long}),
        json!({"email": demo::MIRA, "password": demo::password(demo::MIRA), "tenant": "no-such"}),
    ] {
        assert_eq!(attempt(body).await, wrong);
    }
    let (status, problem) = attempt(json!({"email": 5})).await;
    let fields = json!([{"field": "email", "message": "must be a string"}, {"field": "password", "message": "is required"}]);
    assert_eq!((status, &problem["code"], &problem["fields"]), (400, &json!("invalid_field"), &fields));
}

#[tokio::test]
async fn an_enrolled_user_needs_a_code() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let password = demo::password(demo::TOVA);
    let answer = async |code: Value| {
        let body = json!({"email": demo::TOVA, "password": password, "code": code});
        call(&router, "POST /v1/sign-in", "", &body).await.json()
    };
    assert_eq!(answer(Value::Null).await["code"], "mfa_required");
    assert_eq!(answer(json!("000000")).await["code"], "invalid_code");
    let code = demo::code(demo::TOVA, herald.now());
    assert!(answer(json!(code)).await["access_token"].is_string());
    assert_eq!(answer(json!(code)).await["code"], "invalid_code");
}

#[tokio::test]
async fn bodies_are_read_strictly() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let attempt = async |media: &str, body: &str| {
        let request = ask("POST /v1/sign-in").header("content-type", media);
        let answer = send(&router, request.body(Body::from(body.to_owned())).unwrap()).await;
        (answer.status.as_u16(), answer.json()["code"].as_str().unwrap().to_owned())
    };
    let nested = format!("{{\"email\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    for body in ["", "{", "[]", "\"x\"", r#"{"email":"a","email":"b"}"#, r#"["\u0000"]"#, &nested] {
        assert_eq!(attempt("application/json", body).await, (400, "invalid_body".into()), "{body:.40}");
    }
    for media in ["", "text/plain", "application/x-www-form-urlencoded", "application/json5"] {
        assert_eq!(attempt(media, "{}").await, (415, "unsupported_media_type".into()), "{media}");
    }
    assert_eq!(attempt("APPLICATION/JSON; charset=utf-8", "{}").await, (400, "invalid_field".into()));
}

#[tokio::test]
async fn the_field_that_holds_a_nul_is_named() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    for (body, named) in [
        (r#"{"email":"a","password":"\u0000"}"#, "password"),
        (r#"{"email":"a","code":{"a":["b","c\u0000"]},"password":"\u0000"}"#, "code"),
        (r#"{"email":"a","x":{"\u0000":1}}"#, "x"),
        (r#"{"a\u0000b":1}"#, "a\\0b"),
    ] {
        let request = ask("POST /v1/sign-in").header("content-type", "application/json");
        let answer = send(&router, request.body(Body::from(body)).unwrap()).await;
        let fields = json!([{"field": named, "message": "must not hold the character U+0000"}]);
        let said = answer.json();
        assert_eq!((&said["code"], &said["fields"]), (&json!("invalid_field"), &fields), "{body}");
    }
}

#[tokio::test]
async fn sessions_are_listed_by_parts_and_ended() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let mut last = Value::Null;
    for _ in 0..3 {
        herald.advance(testkit::seconds(1));
        last = signed_in(&router, demo::MIRA).await;
    }
    let token = token(&last);
    let first = get(&router, "/v1/me/sessions?limit=2", token).await.json();
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    assert_eq!((&first["items"][0]["current"], &first["items"][1]["current"]), (&json!(true), &json!(false)));
    let next = first["next"].as_str().unwrap();
    let second = get(&router, &format!("/v1/me/sessions?limit=2&after={next}"), token).await.json();
    assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (1, &Value::Null));
    let oldest = second["items"][0]["id"].as_str().unwrap();
    let end = format!("DELETE /v1/me/sessions/{oldest}");
    assert_eq!(call(&router, &end, token, &json!({})).await.status, 204);
    for gone in [oldest, "x", "0193a1c2-0000-7000-8000-00000000000a"] {
        let answer = call(&router, &format!("DELETE /v1/me/sessions/{gone}"), token, &json!({})).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (404, &json!("not_found")), "{gone}");
    }
    assert_eq!(call(&router, "DELETE /v1/me/sessions", token, &json!({})).await.status, 204);
    let left = get(&router, "/v1/me/sessions", token).await.json();
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    assert_eq!(get(&router, "/v1/me/sessions?limit=0", token).await.status, 400);
}

#[tokio::test]
async fn a_key_is_made_shown_once_used_and_revoked() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let signed_in = signed_in(&router, demo::MIRA).await;
    let token = token(&signed_in);
    let body = json!({"name": "nightly", "role": "guest", "expires_in": 3600});
    let made = call(&router, "POST /v1/me/tokens", token, &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    let (key, id) = (made["token"].as_str().unwrap(), made["id"].as_str().unwrap());
    assert!(key.starts_with("herald_"));
    assert_eq!((&made["role"], &made["kind"]), (&json!("guest"), &json!("api_key")));
    let me = get(&router, "/v1/me", key).await.json();
    assert_eq!((&me["roles"], &me["credential"]["cap"]), (&json!(["admin"]), &json!("guest")));
    assert!(!me["permissions"].as_array().unwrap().contains(&json!("users:write")));
    let list = get(&router, "/v1/me/tokens", token).await;
    assert!(list.text.contains(id) && !list.text.contains(key));
    let refused = call(&router, "POST /v1/me/tokens", key, &json!({"name": "more"})).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (403, &json!("forbidden")));
    assert_eq!(call(&router, &format!("DELETE /v1/me/tokens/{id}"), token, &json!({})).await.status, 204);
    assert_eq!(get(&router, "/v1/me", key).await.status, 401);
}

#[tokio::test]
async fn a_profile_is_changed_and_shown() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let signed_in = signed_in(&router, demo::MIRA).await;
    let token = token(&signed_in);
    let body = json!({"name": "Mira H.", "phone": null, "metadata": {"theme": "light"}});
    let changed = call(&router, "PATCH /v1/me", token, &body).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let user = &changed.json()["user"];
    assert_eq!((&user["name"], &user["phone"]), (&json!("Mira H."), &Value::Null));
    assert_eq!((&user["metadata"], &user["first_name"]), (&json!({"theme": "light"}), &json!("Mira")));
    assert_eq!(get(&router, "/v1/me", token).await.json()["user"], *user);
    let refused = call(&router, "PATCH /v1/me", token, &json!({"name": "", "metadata": []})).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (400, &json!("invalid_field")));
    let key = call(&router, "PATCH /v1/me", demo::key(demo::MIRA), &json!({"name": "x"})).await;
    assert_eq!((key.status.as_u16(), &key.json()["code"]), (403, &json!("forbidden")));
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let other = signed_in(&router, demo::MIRA).await;
    let mine = signed_in(&router, demo::MIRA).await;
    let change = async |current: &str, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        call(&router, "POST /v1/me/password", token(&mine), &body).await
    };
    let (old, new) = (demo::password(demo::MIRA), "a new and longer secret");
    assert_eq!(change("wrong", new).await.json()["code"], "wrong_password");
    assert_eq!(change(old, "short").await.json()["fields"][0]["field"], "new_password");
    assert_eq!(change(old, new).await.status, 204);
    assert_eq!(get(&router, "/v1/me", token(&mine)).await.status, 200);
    assert_eq!(get(&router, "/v1/me", token(&other)).await.status, 401);
    let body = json!({"email": demo::MIRA, "password": new});
    assert_eq!(call(&router, "POST /v1/sign-in", "", &body).await.status, 200);
}
