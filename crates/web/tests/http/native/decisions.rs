//! `/v1/decisions`: why, why not, and who can.

use axum::Router;
use serde_json::{Value, json};
use testkit::{Installation, demo};

use super::call::{Answer, call, get, served};

async fn ask(router: &Router, token: &str, body: &Value) -> Answer {
    call(router, "POST /v1/decisions", token, body).await
}

fn is_v7(id: &Value) -> bool {
    uuid::Uuid::try_parse(id.as_str().unwrap()).unwrap().get_version_num() == 7
}

#[tokio::test]
async fn a_decision_says_why() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let ask = async |permission: Value| {
        ask(&router, demo::key(demo::GUS), &json!({"permission": permission})).await
    };
    let live = json!({"kind": "membership", "state": "live"});
    let mut yes = ask(json!("roles:read")).await.json();
    assert!(is_v7(&yes["id"].take()));
    let why = json!([live, {"kind": "role", "role": "guest", "pattern": "roles:read"}]);
    let wanted =
        json!({"id": null, "permission": "roles:read", "allowed": true, "reasons": why, "change": null});
    assert_eq!(yes, wanted);
    let no = ask(json!("users:read")).await.json();
    let why = json!([live, {"kind": "no_role", "roles": ["guest"]}]);
    assert_eq!((&no["allowed"], &no["reasons"]), (&json!(false), &why));
    assert_eq!(no["change"], json!({"kind": "give_role", "role": "technician"}));
    for bad in [json!(null), json!("users"), json!(7)] {
        let answer = ask(bad).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["fields"][0]["field"]),
            (400, &json!("permission"))
        );
    }
}

#[tokio::test]
async fn an_administrator_asks_why_she_could() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let mira = herald.sign_in(demo::MIRA).await.token;
    let noor = herald.user_id(demo::NOOR).await.to_string();
    for (user, tenant) in [(demo::NOOR, Value::Null), (&*noor, json!("northwind"))] {
        let asked = json!({"permission": "devices:write", "user": user, "tenant": tenant});
        let answer = ask(&router, &mira, &asked).await.json();
        let why = json!([{"kind": "membership", "state": "live"},
            {"kind": "role", "role": "technician", "pattern": "devices:*"}]);
        assert_eq!((&answer["allowed"], &answer["reasons"]), (&json!(true), &why), "{user}");
    }
    let stranger = |user: &str| json!({"permission": "users:read", "user": user});
    let mut hidden = Vec::new();
    for user in [demo::OTTO, "nobody@example.org", "01a20244-e800-7c11-9a3e-5d0f6b7a8c21"] {
        let answer = ask(&router, &mira, &stranger(user)).await;
        assert_eq!(answer.status, 404, "{user}");
        let mut problem = answer.json();
        problem["request_id"].take();
        hidden.push(problem);
    }
    assert!(hidden.iter().all(|problem| *problem == hidden[0]), "the same for a user elsewhere and for none");
    let root = herald.sign_in(demo::ROOT).await.token;
    let asked = json!({"permission": "users:read", "user": demo::OTTO, "tenant": "northwind"});
    let answer = ask(&router, &root, &asked).await.json();
    assert_eq!(answer["reasons"], json!([{"kind": "membership", "state": "none"}]));
    assert_eq!(answer["change"], json!({"kind": "join_tenant", "role": "technician"}));
    let bad = ask(&router, &mira, &json!({"permission": "users:read", "user": "not an address"})).await;
    assert_eq!((bad.status.as_u16(), &bad.json()["fields"][0]["field"]), (400, &json!("user")));
}

#[tokio::test]
async fn another_tenant_of_ones_own_is_named() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let mira = herald.sign_in(demo::MIRA).await.token;
    let contoso = herald.tenant_id(demo::CONTOSO).await.to_string();
    for tenant in [demo::CONTOSO, &contoso] {
        let answer = ask(&router, &mira, &json!({"permission": "roles:read", "tenant": tenant})).await.json();
        assert_eq!(answer["reasons"], json!([{"kind": "other_tenant"}]));
        assert_eq!(answer["change"], json!({"kind": "switch_tenant", "tenant": contoso}), "{tenant}");
    }
}

#[tokio::test]
async fn a_refusal_is_found_in_the_audit_trail() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let noor = herald.sign_in(demo::NOOR).await.token;
    herald.sql("DELETE FROM audit").await;
    let asked = json!({"permission": "users:read", "user": demo::GUS});
    let other = ask(&router, &noor, &asked).await;
    let who_can = get(&router, "/v1/decisions/who-can?permission=users:read", &noor).await;
    for (refused, call) in [(other, "POST /v1/decisions"), (who_can, "GET /v1/decisions/who-can")] {
        assert_eq!(refused.status, 403, "{}", refused.text);
        let problem = refused.json();
        assert!(problem["code"] == "forbidden" && is_v7(&problem["decision"]), "{problem}");
        let request = problem["request_id"].as_str().unwrap();
        let audited = format!("SELECT action, outcome, reason FROM audit WHERE request_id = '{request}'");
        let why = "decisions:read: no role grants it among member technician";
        let reason = format!("{why}, decision {}; {call}", problem["decision"].as_str().unwrap());
        let row = ["access.refused", "refused", &reason].map(|text| Some(text.to_owned()));
        assert_eq!(herald.sql(&audited).await, [row]);
    }
    let not_by_permission = call(&router, "POST /v1/me/password", demo::key(demo::GUS), &json!({})).await;
    assert_eq!(not_by_permission.json().get("decision"), None);
}

#[tokio::test]
async fn who_can_is_paged_by_e_mail() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let mira = herald.sign_in(demo::MIRA).await.token;
    let mut after = String::new();
    let mut seen = Vec::new();
    loop {
        let path = format!("/v1/decisions/who-can?permission=roles:read&limit=2{after}");
        let part = get(&router, &path, &mira).await.json();
        let items = part["items"].as_array().unwrap();
        assert!(items.len() <= 2 && !items.is_empty());
        seen.extend(items.iter().map(|item| item["user"]["email"].as_str().unwrap().to_owned()));
        let Some(next) = part["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, [demo::GUS, demo::MIRA, demo::NOOR, demo::RAGU, demo::TOVA]);
    let one = get(&router, "/v1/decisions/who-can?permission=users:write", &mira).await.json();
    let user = json!({"id": herald.user_id(demo::MIRA).await.to_string(), "email": demo::MIRA,
        "name": "Mira Holt"});
    let why =
        json!([{"kind": "membership", "state": "live"}, {"kind": "role", "role": "admin", "pattern": "*"}]);
    assert_eq!(one, json!({"items": [{"user": user, "reasons": why}], "next": null}));
    for (query, field) in [
        ("", "permission"),
        ("?permission=users", "permission"),
        ("?permission=a:b&limit=201", "limit"),
        ("?permission=a:b&after=x", "after"),
    ] {
        let bad = get(&router, &format!("/v1/decisions/who-can{query}"), &mira).await;
        assert_eq!((bad.status.as_u16(), &bad.json()["fields"][0]["field"]), (400, &json!(field)), "{query}");
    }
    let twice = get(&router, "/v1/decisions/who-can?permission=a:b&permission=c:d", &mira).await;
    assert_eq!((twice.status.as_u16(), &twice.json()["code"]), (400, &json!("invalid_query")));
}

/// `*` would match what is misspelt too: of a permission that is not there nothing is decided, whoever asks.
#[tokio::test]
async fn of_a_permission_that_is_not_there_nothing_is_decided() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let tokens = [herald.sign_in(demo::MIRA).await.token, herald.sign_in(demo::ROOT).await.token];
    for token in tokens.iter().map(String::as_str).chain([demo::key(demo::GUS)]) {
        for named in ["nonsense:do", "users:wirte", "installation:do", "users:read-all"] {
            let asked = json!({"permission": named, "tenant": "northwind"});
            let path = format!("/v1/decisions/who-can?permission={named}&tenant=northwind");
            for answer in [ask(&router, token, &asked).await, get(&router, &path, token).await] {
                let problem = answer.json();
                assert_eq!((answer.status.as_u16(), &problem["code"]), (400, &json!("invalid_field")));
                let fault =
                    json!([{"field": "permission", "message": format!("{named} is no permission here")}]);
                assert_eq!(problem["fields"], fault);
            }
        }
        // Herald's own, the operators', and one that the world declares.
        for named in ["users:read", "installation:read", "devices:write"] {
            assert_eq!(ask(&router, token, &json!({"permission": named})).await.status, 200, "{named}");
        }
    }
}

/// The look-up still answers from before; what is felt inside the write is told like any other refusal.
#[tokio::test]
async fn a_refusal_inside_a_write_has_a_decision_too() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    herald.hear().await;
    let noor = herald.sign_in(demo::NOOR).await.token;
    assert_eq!(get(&router, "/v1/me", &noor).await.status, 200);
    herald.sql("DELETE FROM membership_roles; DELETE FROM audit").await;
    let refused = call(&router, "POST /v1/me/tokens", &noor, &json!({"name": "late"})).await;
    assert_eq!(refused.status, 403);
    let id = refused.json()["decision"].clone();
    assert!(is_v7(&id), "{}", refused.json());
    let told = herald.sql("SELECT target_id FROM audit WHERE action = 'access.refused'").await;
    assert_eq!(told, [[Some(id.as_str().unwrap().to_owned())]]);
}
