//! The detail as it is shown.

use axum::body::Body;
use axum::http::header::AUTHORIZATION;
use axum::http::{Method, Request};
use serde_json::json;
use testkit::{demo, minutes, seconds};

use crate::oauth::desk::{DETAIL, Desk, get};

async fn id(desk: &Desk, tenant: &str) -> String {
    desk.house.tenant_id(tenant).await.to_string()
}

#[tokio::test]
async fn case_1_mira_as_the_contract_shows_her() {
    let desk = Desk::open().await;
    let made_at = desk.house.now().rfc3339_millis();
    desk.house.advance(minutes(15));
    let (token, _) = desk.sign_in(demo::MIRA).await;
    let reply = desk.detail(&token).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    let northwind = "3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01:Northwind Traders";
    let lisbon = "91aa3c0e-1d7a-4c55-8f0b-5b1c9a6b0c01:Lisbon";
    let porto = desk.house.sql("SELECT id FROM sites WHERE name = 'Porto'").await[0][0].clone().unwrap();
    let contoso = format!("{}:Contoso Logistics", id(&desk, demo::CONTOSO).await);
    let guest = ["agents:read", "billing:read", "endpoints:read", "roles:read", "tokens:read"];
    let mut wanted = json!({"name": "Mira Holt", "firstName": "Mira", "lastName": "Holt", "middleName": null,
        "email": demo::MIRA, "emailAddress": demo::MIRA, "phone": "+351 555 0100", "password": null,
        "createdBy": "superadmin", "lastUpdatedBy": "superadmin", "userType": "USER", "authenticationType": "LOCAL",
        "defaultOrg": northwind, "defaultSite": [{northwind: lisbon}], "lastUserUpdateTime": made_at,
        "lastLoginTime": desk.house.now().rfc3339_millis(), "group": "ADMIN_GROUP",
        "orgPrivilegeMap": {northwind: [{"siteList": [lisbon, format!("{porto}:Porto")], "roles": ["admin"],
            "privileges": ["*"]}]}});
    wanted["orgPrivilegeMap"][&contoso] = json!([{"siteList": [], "roles": ["guest"], "privileges": guest}]);
    // As text, so that the order of the keys counts.
    assert_eq!(reply.json().to_string(), wanted.to_string());
}

#[tokio::test]
async fn noor_has_no_default_site_and_two_roles() {
    let desk = Desk::open().await;
    let (token, _) = desk.sign_in(demo::NOOR).await;
    let shown = desk.detail(&token).await.json();
    assert!(shown["createdBy"].is_null() && shown["phone"].is_null());
    assert_eq!(shown["defaultSite"], json!([]));
    let northwind = &shown["orgPrivilegeMap"]["3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01:Northwind Traders"][0];
    assert_eq!(northwind["roles"], json!(["member", "technician"]));
    assert_eq!(northwind["siteList"], json!(["91aa3c0e-1d7a-4c55-8f0b-5b1c9a6b0c01:Lisbon"]));
    let privileges: Vec<&str> =
        northwind["privileges"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
    assert!(privileges.contains(&"devices:*") && privileges.contains(&"users:read"));
    assert!(privileges.is_sorted());
    assert_eq!(privileges.iter().filter(|p| **p == "users:read").count(), 1);
}

#[tokio::test]
async fn case_20_however_the_scheme_is_written_and_nowhere_else() {
    let desk = Desk::open().await;
    let (token, _) = desk.sign_in(demo::NOOR).await;
    for scheme in ["bearer ", "BEARER ", "Bearer  ", "  Bearer \t"] {
        let request = get(DETAIL).header(AUTHORIZATION, format!("{scheme}{token} ")).header("orgId", "17");
        assert_eq!(desk.send(request.body(Body::empty()).unwrap()).await.status, 200, "{scheme:?}");
    }
    let elsewhere = [
        get(&format!("{DETAIL}?access_token={token}")),
        get(DETAIL).header("cookie", format!("access_token={token}; __Host-herald={token}")),
        get(DETAIL).header("X-API-Key", &token),
        get(DETAIL).header(AUTHORIZATION, format!("Basic {token}")),
        get(DETAIL).header(AUTHORIZATION, "Bearer "),
    ];
    for request in elsewhere {
        let reply = desk.send(request.body(Body::empty()).unwrap()).await;
        let text = "Full authentication is required to access this resource";
        assert_eq!(reply.said(), crate::oauth::desk::says(401, "unauthorized", text));
        assert_eq!(reply.header("www-authenticate"), Some("Bearer realm=\"herald\""));
    }
}

#[tokio::test]
async fn case_21_any_live_credential_of_a_user() {
    let desk = Desk::open().await;
    let session = desk.house.sign_in(demo::MIRA).await.token;
    let (access, _) = desk.sign_in(demo::MIRA).await;
    for credential in [demo::key(demo::MIRA), &session, &access] {
        assert_eq!(desk.detail(credential).await.text("email"), demo::MIRA);
    }
}

#[tokio::test]
async fn head_is_answered_like_get_without_its_body() {
    let desk = Desk::open().await;
    let (token, _) = desk.sign_in(demo::NOOR).await;
    let head = |bearer: String| {
        Request::builder()
            .method(Method::HEAD)
            .uri(DETAIL)
            .header(AUTHORIZATION, bearer)
            .body(Body::empty())
            .unwrap()
    };
    let (shown, get) = (desk.send(head(format!("Bearer {token}"))).await, desk.detail(&token).await);
    assert_eq!((shown.status, shown.body.as_str()), (200, ""));
    assert_eq!(shown.header("content-type"), get.header("content-type"));
    assert_eq!(desk.send(head("Bearer x".to_owned())).await.status, 401);
}

#[tokio::test]
async fn case_22_no_password_and_no_hash_for_anybody() {
    let desk = Desk::open().await;
    for email in [demo::MIRA, demo::NOOR, demo::RAGU, demo::GUS, demo::OTTO] {
        let (token, refresh) = desk.sign_in(email).await;
        let shown = desk.detail(&token).await;
        assert!(shown.json()["password"].is_null() && shown.body.contains("\"password\":null"), "{email}");
        let renewed = desk.refresh(&refresh, &[]).await;
        for body in [shown.body, renewed.body] {
            assert!(!body.contains("$argon2") && !body.contains(demo::password(email)), "{email}");
        }
    }
}

#[tokio::test]
async fn case_23_a_tenants_name_may_hold_anything() {
    let desk = Desk::open().await;
    let name = "North: \"wind\" \\ \u{1f3ed}";
    desk.house.sql(&format!("UPDATE tenants SET name = '{name}' WHERE key = 'northwind'")).await;
    let (token, _) = desk.sign_in(demo::MIRA).await;
    let shown = desk.detail(&token).await.json();
    let (org, rest) = shown["defaultOrg"].as_str().unwrap().split_once(':').unwrap();
    assert_eq!((org, rest), ("3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01", name));
    assert!(shown["orgPrivilegeMap"].get(format!("{org}:{name}")).is_some());
    assert!(shown["defaultSite"][0].get(format!("{org}:{name}")).is_some());
}

#[tokio::test]
async fn case_24_a_membership_that_ends_leaves_the_map() {
    let desk = Desk::open().await;
    desk.house.hear().await;
    let (token, _) = desk.sign_in(demo::MIRA).await;
    let orgs = async || {
        let shown = desk.detail(&token).await.json();
        shown["orgPrivilegeMap"].as_object().unwrap().len()
    };
    assert_eq!(orgs().await, 2);
    let soon = (desk.house.now().as_secs() + 60) * 1_000_000;
    let mira = "(SELECT id FROM users WHERE email = 'mira.holt@northwind.example')";
    let contoso = "(SELECT id FROM tenants WHERE key = 'contoso')";
    let of_mira = format!("WHERE user_id = {mira} AND tenant_id = {contoso}");
    let change = format!("UPDATE memberships SET expires_at = {soon} {of_mira}");
    desk.house.change_user(demo::MIRA, &change).await;
    assert_eq!(orgs().await, 2, "not yet");
    desk.house.advance(seconds(59));
    desk.house.hear().await;
    assert_eq!(orgs().await, 2);
    desk.house.advance(seconds(1));
    desk.house.hear().await;
    assert_eq!(orgs().await, 1, "a kept answer does not outlive the membership");
    let (otto, _) = desk.sign_in(demo::OTTO).await;
    assert!(!desk.detail(&otto).await.body.contains("Northwind"));
}

#[tokio::test]
async fn a_change_is_shown_on_the_next_request() {
    let desk = Desk::open().await;
    desk.house.hear().await;
    let (token, _) = desk.sign_in(demo::NOOR).await;
    assert_eq!(desk.detail(&token).await.text("name"), "Noor Aziz");
    let caller = desk.house.caller(&token).await;
    desk.house.advance(seconds(1));
    let command =
        app::users::change_profile::Command { name: Some(Some("N. Aziz".into())), ..Default::default() };
    app::users::change_profile::run(&desk.house.ctx, &caller, command).await.unwrap();
    let shown = desk.detail(&token).await;
    assert_eq!((shown.text("name"), shown.text("lastUpdatedBy")), ("N. Aziz".into(), demo::NOOR.into()));
    assert!(shown.json()["createdBy"].is_null());
    assert_eq!(shown.text("lastUserUpdateTime"), desk.house.now().rfc3339_millis());
    let email = domain::EmailAddress::parse(demo::NOOR).unwrap();
    app::users::lock::run(&desk.house.ctx, email.clone(), true).await.unwrap();
    assert_eq!(desk.detail(&token).await.status, 401);
    app::users::lock::run(&desk.house.ctx, email, false).await.unwrap();
    let (token, _) = desk.sign_in(demo::NOOR).await;
    assert_eq!(desk.detail(&token).await.text("lastUpdatedBy"), "system");
}

#[tokio::test]
async fn a_default_site_of_another_tenant_is_not_shown() {
    let desk = Desk::open().await;
    let moved =
        "UPDATE users SET default_site_id = (SELECT id FROM sites WHERE name = 'Head Office') WHERE email = ";
    desk.house.change_user(demo::MIRA, &format!("{moved}'{}'", demo::MIRA)).await;
    let (token, _) = desk.sign_in(demo::MIRA).await;
    let shown = desk.detail(&token).await;
    assert_eq!(shown.json()["defaultSite"], json!([]));
    assert!(!shown.body.contains("Head Office"));
}
