//! Users changed and deleted.

use serde_json::{Value, json};
use testkit::demo;

use super::{call, get, gus, mira, otto, said};
use crate::kit::{Answer, Herald, bare, with_body};

fn path(email: &str) -> String {
    format!("/api/users/{email}")
}

async fn put(herald: &Herald, email: &str, by: &str, body: &str) -> Answer {
    call(herald, "PUT", &path(email), by, body).await
}

async fn shown(herald: &Herald, email: &str, by: &str) -> Value {
    herald.send(get(&path(email), by)).await.json()[0].take()
}

/// Keys of the roles that somebody holds in northwind, sorted.
async fn roles(herald: &Herald, email: &str) -> Vec<String> {
    let user = herald.at.engine().uuid(herald.at.user_id(email).await.uuid());
    let sql = format!(
        "SELECT r.key FROM membership_roles mr JOIN roles r ON r.id = mr.role_id \
         WHERE mr.user_id = {user} ORDER BY r.key"
    );
    herald.at.sql(&sql).await.into_iter().map(|mut row| row.remove(0).unwrap()).collect()
}

#[tokio::test]
async fn case_17_a_new_role_and_an_old_token() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let tova = herald.at.sign_in(demo::TOVA).await.token;
    let made = call(&herald, "POST", "/api/tokens/local", &tova, r#"{"role":"developer"}"#).await.json();
    let capped = made["token"].as_str().unwrap();
    for token in [tova.as_str(), capped] {
        assert_eq!(herald.send(get("/auth/me", token)).await.json()["role"], "developer");
    }
    let answer = put(&herald, demo::TOVA, mira(), r#"{"role":"member"}"#).await;
    insta::assert_json_snapshot!("changed", answer.shown());
    for token in [tova.as_str(), capped] {
        assert_eq!(herald.send(get("/auth/me", token)).await.json()["role"], "member");
    }
    let listed = herald.send(get("/api/tokens/local", &tova)).await.json();
    assert_eq!(listed[0]["role"], "developer", "the cap stays");
    let again = async |role: &str| {
        let body = format!(r#"{{"role":"{role}"}}"#);
        call(&herald, "POST", "/api/tokens/local", capped, &body).await.status.as_u16()
    };
    assert_eq!((again("member").await, again("developer").await), (403, 200));
}

#[tokio::test]
async fn case_18_the_set_of_roles() {
    let herald = Herald::demo().await;
    assert_eq!(put(&herald, demo::NOOR, mira(), r#"{"role":"member"}"#).await.status, 200);
    assert_eq!(roles(&herald, demo::NOOR).await, ["member", "technician"], "what is shown changes nothing");
    let bad = |text: &str| (400, text.to_owned());
    for (body, text) in [
        ("{}", "role or isActive is required"),
        (r#"{"name":"x"}"#, "role or isActive is required"),
        (r#"{"isActive":"false"}"#, "isActive must be true or false"),
        (r#"{"isActive":0}"#, "isActive must be true or false"),
        (r#"{"isActive":null}"#, "isActive must be true or false"),
        (r#"{"role":"developer","isActive":"x"}"#, "isActive must be true or false"),
        (r#"{"role":"Admin"}"#, "role is unknown"),
        (r#"{"role":null}"#, "role is unknown"),
        (r#"{"role":7}"#, "role is unknown"),
        (r#"{"role":""}"#, "role is unknown"),
        (r#"{"role":"nobody","isActive":false}"#, "role is unknown"),
    ] {
        assert_eq!(said(&put(&herald, demo::NOOR, mira(), body).await), bad(text), "{body}");
        assert_eq!(said(&call(&herald, "POST", &path(demo::NOOR), mira(), body).await), bad(text), "{body}");
    }
    assert_eq!(roles(&herald, demo::NOOR).await, ["member", "technician"]);
    assert_eq!(put(&herald, demo::NOOR, mira(), r#"{"role":"developer"}"#).await.status, 200);
    assert_eq!(roles(&herald, demo::NOOR).await, ["developer"]);
    for (written, held) in [("view", "guest"), ("guest", "guest"), ("payments-review", "payments-review")] {
        assert_eq!(put(&herald, demo::NOOR, mira(), &format!(r#"{{"role":"{written}"}}"#)).await.status, 200);
        assert_eq!(roles(&herald, demo::NOOR).await, [held]);
    }
    let not_yours = (403, "role is not yours to assign".to_owned());
    assert_eq!(said(&put(&herald, demo::NOOR, mira(), r#"{"role":"no_access"}"#).await), not_yours);
}

const DESK: &str = r#"
[[role]]
key = "desk"
name = "Desk"
tenant = "northwind"
permissions = ["users:*"]
assigns = ["guest"]
level = 3
[[user]]
email = "desk@northwind.example"
password = "who sits at the desk"
[[user.membership]]
tenant = "northwind"
roles = ["desk"]
"#;

#[tokio::test]
async fn case_18_what_is_not_the_callers_to_give() {
    let herald = Herald::demo().await;
    herald.apply(DESK).await;
    let desk = herald.at.try_sign_in("desk@northwind.example", "who sits at the desk").await.unwrap().token;
    let not_yours = (403, "role is not yours to assign".to_owned());
    assert_eq!(said(&put(&herald, demo::GUS, &desk, r#"{"role":"admin"}"#).await), not_yours);
    assert_eq!(said(&put(&herald, demo::GUS, &desk, r#"{"role":"member"}"#).await), not_yours);
    assert_eq!(said(&put(&herald, "desk@northwind.example", &desk, r#"{"role":"admin"}"#).await), not_yours);
    let denied = (403, "permission denied".to_owned());
    assert_eq!(said(&put(&herald, demo::MIRA, &desk, r#"{"isActive":false}"#).await), denied);
    assert_eq!(said(&call(&herald, "DELETE", &path(demo::MIRA), &desk, "").await), denied);
    assert_eq!(put(&herald, demo::GUS, &desk, r#"{"role":"view"}"#).await.status, 200);
    assert_eq!(put(&herald, demo::GUS, &desk, r#"{"isActive":false}"#).await.status, 200);
    let capped = call(&herald, "POST", "/api/tokens/local", mira(), r#"{"role":"desk"}"#).await.json();
    let capped = capped["token"].as_str().unwrap();
    assert_eq!(
        said(&put(&herald, demo::TOVA, capped, r#"{"role":"member"}"#).await),
        not_yours,
        "by the cap"
    );
}

#[tokio::test]
async fn case_18_an_operator_is_not_a_tenants_to_change() {
    let herald = Herald::demo().await;
    herald.apply("[[user]]\nemail = \"root@herald.example\"\n[[user.membership]]\ntenant = \"northwind\"\nroles = [\"guest\"]\n").await;
    let denied = (403, "permission denied".to_owned());
    for body in [r#"{"isActive":false}"#, r#"{"role":"member"}"#] {
        assert_eq!(said(&put(&herald, demo::ROOT, mira(), body).await), denied);
    }
    assert_eq!(said(&call(&herald, "DELETE", &path(demo::ROOT), mira(), "").await), denied);
    assert_eq!(shown(&herald, demo::ROOT, mira()).await["isActive"], true);
}

#[tokio::test]
async fn case_19_nobody_there() {
    let herald = Herald::demo().await;
    let missing = (404, "user not found".to_owned());
    let users = async || herald.at.sql("SELECT COUNT(*) FROM users").await;
    let before = users().await;
    for (email, by) in [
        ("stranger@northwind.example", mira()),
        (demo::OTTO, mira()),
        (demo::RAGU, otto()),
        ("ragu*", mira()),
        ("ragu", mira()),
        ("%20ragu.iyer@northwind.example", mira()),
        ("ragu.iyer@northwind.example%00", mira()),
        ("%ff", mira()),
        ("r%D0%B0gu.iyer@northwind.example", mira()),
        ("%27%20OR%201=1%20--@x", mira()),
    ] {
        for body in [r#"{"role":"guest"}"#, r#"{"isActive":true}"#] {
            assert_eq!(said(&put(&herald, email, by, body).await), missing, "{email}");
            assert_eq!(said(&call(&herald, "POST", &path(email), by, body).await), missing, "{email}");
        }
        assert_eq!(said(&call(&herald, "DELETE", &path(email), by, "").await), missing, "{email}");
        let unknown = (400, "role is unknown".to_owned());
        assert_eq!(said(&put(&herald, email, by, r#"{"role":"x"}"#).await), unknown, "fields come first");
    }
    assert_eq!(users().await, before);
    let noor = herald.at.sign_in(demo::NOOR).await.token;
    let mut refused = Vec::new();
    for email in [demo::GUS, demo::NOOR, "stranger@northwind.example", demo::OTTO, "%ff"] {
        for body in [r#"{"role":"guest"}"#, "{", "{}"] {
            refused.push(put(&herald, email, &noor, body).await.shown());
        }
    }
    assert!(refused.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(refused[0]["body"]["message"], "permission denied");
}

#[tokio::test]
async fn case_23_the_deprecated_update() {
    let herald = Herald::demo().await;
    let post = async |email: &str, by: &str, body: &str| call(&herald, "POST", &path(email), by, body).await;
    let told = |answer: &Answer, path: &str| {
        assert_eq!(answer.headers["deprecation"], "@1767225600");
        assert_eq!(answer.headers["link"], format!("<{path}>; rel=\"successor-version\""));
    };
    let answer = post(demo::TOVA, mira(), r#"{"role":"member"}"#).await;
    insta::assert_json_snapshot!("deprecated", answer.shown());
    told(&answer, "/api/users/tova.berg@northwind.example");
    let answer = post("tova.berg%40northwind.example", mira(), r#"{"isActive":false}"#).await;
    assert_eq!(answer.json(), json!({"role": "member", "isActive": false}));
    told(&answer, "/api/users/tova.berg%40northwind.example");
    let answer = post(demo::TOVA, mira(), r#"{"role":"view","isActive":true}"#).await;
    assert_eq!(answer.json(), json!({"role": "view", "isActive": true}));
    let large = format!(r#"{{"x":"{}"}}"#, "x".repeat(2 * 1024 * 1024));
    for (by, body, status) in [
        (mira(), r#"{"role":"view"}"#, 404),
        (mira(), "{", 400),
        (gus(), r#"{"role":"view"}"#, 403),
        ("nobody", "{}", 401),
        (mira(), &large, 413),
    ] {
        let answer = post("stranger@x.example", by, body).await;
        assert_eq!(answer.status, status);
        told(&answer, "/api/users/stranger@x.example");
    }
    let put = put(&herald, demo::TOVA, mira(), r#"{"role":"view"}"#).await;
    assert_eq!((put.headers.get("deprecation"), put.headers.get("link")), (None, None));
}

#[tokio::test]
async fn case_24_deleted() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let session = herald.at.sign_in(demo::GUS).await.token;
    let delete = async |email: &str, by: &str| call(&herald, "DELETE", &path(email), by, "").await;
    insta::assert_json_snapshot!("deleted", delete(demo::GUS, mira()).await.shown());
    let left = herald.send(get(&path("*"), mira())).await.json();
    assert_eq!(left.as_array().unwrap().len(), 4);
    for token in [gus(), &session] {
        assert_eq!(herald.send(get("/auth/me", token)).await.status, 401);
        assert_eq!(herald.send(bare("GET", "/account/me", &[("x-api-key", token)])).await.status, 401);
        assert_eq!(herald.send(bare("POST", "/api/me", &[("x-api-key", token)])).await.status, 403);
    }
    assert!(herald.at.try_sign_in(demo::GUS, demo::password(demo::GUS)).await.is_err());
    assert_eq!(said(&delete(demo::GUS, mira()).await), (404, "user not found".into()));
    let row = herald.at.sql("SELECT COUNT(*) FROM users WHERE email LIKE 'gus%'").await;
    assert_eq!(row[0][0].as_deref(), Some("0"), "the address is free again");
    assert_eq!(delete(demo::MIRA, otto()).await.status, 200);
    assert_eq!(herald.send(get("/auth/me", mira())).await.status, 200, "northwind is untouched");
    assert_eq!(shown(&herald, demo::MIRA, mira()).await["role"], "admin");
    assert_eq!(herald.send(get(&path(demo::MIRA), otto())).await.json(), json!([]));
}

#[tokio::test]
async fn case_25_a_wildcard_is_text() {
    let herald = Herald::demo().await;
    let missing = (404, "user not found".to_owned());
    for email in ["*", "%2A", "ragu*", "*@northwind.example"] {
        assert_eq!(said(&call(&herald, "DELETE", &path(email), mira(), "").await), missing);
        assert_eq!(said(&put(&herald, email, mira(), r#"{"isActive":false}"#).await), missing);
    }
    let all = herald.send(get(&path("*"), mira())).await.json();
    assert!(all.as_array().unwrap().iter().all(|row| row["isActive"] == true));
    assert_eq!(all.as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn case_26_methods_and_bodies() {
    let herald = Herald::demo().await;
    for method in ["PATCH", "OPTIONS"] {
        let answer = call(&herald, method, &path(demo::NOOR), mira(), "").await;
        assert_eq!(said(&answer), (405, "method not allowed".into()));
        assert_eq!(answer.header("allow"), Some("GET, PUT, POST, DELETE"));
    }
    for body in ["{", "[]", "", r#"{"role":"view","role":"admin"}"#] {
        let malformed = (400, "request body is not a valid JSON object".to_owned());
        assert_eq!(said(&put(&herald, demo::NOOR, mira(), body).await), malformed, "{body}");
    }
    let large = format!(r#"{{"x":"{}"}}"#, "x".repeat(2 * 1024 * 1024));
    assert_eq!(said(&put(&herald, demo::NOOR, mira(), &large).await).0, 413);
}

#[tokio::test]
async fn case_27_two_identities_change_nothing() {
    let herald = Herald::demo().await;
    let line = format!("Bearer {}", mira());
    let headers = [("authorization", &*line), ("x-api-key", gus())];
    for method in ["PUT", "POST", "DELETE"] {
        let request = with_body(method, &path(demo::NOOR), &headers, r#"{"role":"view"}"#);
        assert_eq!(herald.send(request).await.status, 400);
    }
    assert_eq!(roles(&herald, demo::NOOR).await, ["member", "technician"]);
}

#[tokio::test]
async fn case_28_what_the_trail_says() {
    let herald = Herald::demo().await;
    put(&herald, demo::NOOR, mira(), r#"{"role":"developer"}"#).await;
    put(&herald, demo::NOOR, mira(), r#"{"role":"developer"}"#).await;
    call(&herald, "POST", &path(demo::TOVA), mira(), r#"{"isActive":false}"#).await;
    call(&herald, "DELETE", &path(demo::RAGU), mira(), "").await;
    call(&herald, "DELETE", &path(demo::MIRA), otto(), "").await;
    put(&herald, demo::NOOR, gus(), r#"{"role":"admin"}"#).await;
    let rows = herald.at.sql("SELECT action, reason, outcome FROM audit ORDER BY action, reason").await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| [0, 1].map(|at| row[at].clone().unwrap()))
        .map(
            |[action, reason]| {
                if action == "access.refused" { (action, String::new()) } else { (action, reason) }
            },
        )
        .collect();
    let expected = [
        ("access.refused", String::new()),
        ("member.changed", "roles member, technician -> developer".to_owned()),
        ("member.changed", "state active -> inactive".to_owned()),
        ("member.removed", demo::MIRA.to_owned()),
        ("user.deleted", demo::RAGU.to_owned()),
    ];
    let expected = expected.map(|(action, what)| {
        let why = if what.is_empty() { what } else { format!("users:write: role admin (*); {what}") };
        (action.to_owned(), why)
    });
    assert_eq!(told, expected);
}
