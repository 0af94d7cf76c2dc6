//! `GET /users/v3/me`.

use axum::body::Body;
use serde_json::{Value, json};
use testkit::{demo, hours, minutes};

use super::{FORBIDDEN, ME, NORTHWIND, UNAUTHORIZED, me, said};
use crate::kit::{Herald, bare, with_body};

#[tokio::test]
async fn case_1_mira_as_in_the_contract() {
    let herald = Herald::demo().await;
    herald.at.advance(hours(1));
    let mira = herald.signed_in(demo::MIRA).await;
    let answer = herald.send(me(&mira.access)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("frontegg-trace-id"), answer.header("x-request-id"));
    let contoso = herald.at.tenant_id(demo::CONTOSO).await.to_string();
    let vendor = herald.at.ctx.vendor_id.to_string();
    let catalogue = app::catalogue::permissions(&herald.at.ctx).await.unwrap();
    let ids = |gives: fn(&str) -> bool| -> Vec<String> {
        let given = catalogue.iter().filter(|declared| gives(declared.permission.as_str()));
        given.map(|declared| declared.id.to_string()).collect()
    };
    let of_guest = |key: &str| {
        ["agents:read", "billing:read", "endpoints:read", "roles:read", "tokens:read"].contains(&key)
    };
    let (applied, now) = ("2026-11-24T08:00:00.000Z", "2026-11-24T09:00:00.000Z");
    let wanted = json!({"id":"0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01","email":"mira.holt@northwind.example","name":"Mira Holt",
     "profilePictureUrl":"","sub":"0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01","verified":true,"mfaEnrolled":false,"mfaBypass":false,
     "phoneNumber":"+351 555 0100","provider":"local","tenantId":NORTHWIND,"tenantIds":[NORTHWIND,contoso],
     "activatedForTenant":true,"isLocked":false,
     "tenants":[
      {"tenantId":NORTHWIND,"roles":[{"id":"835c4ecd-a600-5d31-befa-e60a67f961d0","vendorId":vendor,
        "tenantId":NORTHWIND,"key":"admin","name":"Admin","description":"","isDefault":false,"firstUserRole":false,"level":0,
        "createdAt":applied,"updatedAt":applied,"permissions":ids(|_| true)}]},
      {"tenantId":contoso,"roles":[{"id":"8d11ea39-18ae-58b9-8ba2-02f5123ee23e","vendorId":vendor,
        "tenantId":contoso,"key":"guest","name":"Guest","description":"","isDefault":true,"firstUserRole":false,"level":5,
        "createdAt":applied,"updatedAt":applied,"permissions":ids(of_guest)}]}],
     "invisible":false,"superUser":false,"metadata":"{\"theme\":\"dark\"}","vendorMetadata":"{}","createdAt":applied,
     "lastLogin":now,"subAccountAccessAllowed":false,"managedBy":"frontegg"});
    assert_eq!(answer.json(), wanted);
    let admin = &wanted["tenants"][0]["roles"][0]["permissions"];
    assert_eq!(admin.as_array().unwrap().len(), catalogue.len());
    for id in ["4a2a1306-f398-56ff-a08d-6b440a78737a", "8a006c05-91e0-5e0b-94b8-402e162cee60"] {
        assert!(admin.as_array().unwrap().contains(&id.into()), "{id}");
    }
    // In the order of the contract, too.
    let text = std::str::from_utf8(&answer.body).unwrap();
    assert_eq!(text, wanted.to_string());
}

#[tokio::test]
async fn case_2_below_frontegg_and_with_a_slash() {
    let herald = Herald::demo().await;
    let mira = herald.signed_in(demo::MIRA).await;
    let usual = herald.send(me(&mira.access)).await;
    for path in [format!("/frontegg{ME}"), format!("{ME}/"), format!("/frontegg{ME}/")] {
        let token = format!("Bearer {}", mira.access);
        let answer = herald.send(bare("GET", &path, &[("authorization", &token)])).await;
        assert_eq!((answer.status, &answer.body), (usual.status, &usual.body), "{path}");
    }
}

#[tokio::test]
async fn case_3_nobody() {
    let herald = Herald::demo().await;
    let expired = herald.signed_in(demo::MIRA).await.access;
    herald.at.advance(minutes(61));
    let refresh = herald.signed_in(demo::MIRA).await.refresh;
    let headers = ["", "Bearer", "Bearer ", "Basic x", "Bearer garbage", "Bearer eyJ.eyJ.x", &expired];
    let with = headers.iter().map(|value| vec![("authorization", (*value).to_owned())]);
    let expired = vec![("authorization", format!("Bearer {expired}"))];
    let refresh = vec![("authorization", format!("Bearer {refresh}"))];
    for headers in with.chain([vec![], expired, refresh]) {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = herald.send(bare("GET", ME, &headers)).await;
        assert_eq!(said(&answer), (401, UNAUTHORIZED), "{headers:?}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}

#[tokio::test]
async fn case_3_a_credential_in_the_query_or_in_the_vendors_header_is_not_read() {
    let herald = Herald::demo().await;
    let mira = herald.signed_in(demo::MIRA).await;
    let path = format!("{ME}?access_token={0}&token={0}&Authorization=Bearer%20{0}", mira.access);
    assert_eq!(said(&herald.send(bare("GET", &path, &[])).await), (401, UNAUTHORIZED));
    let header = [("x-access-token", mira.access.as_str())];
    assert_eq!(said(&herald.send(bare("GET", ME, &header)).await), (401, UNAUTHORIZED));
    let cookie = format!("{}={}", super::COOKIE, mira.refresh);
    assert_eq!(said(&herald.send(bare("GET", ME, &[("cookie", &cookie)])).await), (401, UNAUTHORIZED));
}

#[tokio::test]
async fn case_4_other_live_kinds() {
    let herald = Herald::demo().await;
    let issue = |owner: Option<&str>| app::tokens::issue::Command {
        tenant: demo::NORTHWIND.into(),
        owner: owner.map(|email| domain::EmailAddress::parse(email).unwrap()),
        name: "of a test".into(),
        role: None,
        lives: None,
    };
    let mut tokens = vec![demo::key(demo::MIRA).to_owned()];
    for owner in [None, Some(demo::NOOR)] {
        let issued = app::tokens::issue::run(&herald.at.ctx, issue(owner)).await.unwrap();
        tokens.push(secrecy::ExposeSecret::expose_secret(&issued.key).to_owned());
    }
    let scope = domain::client::Scopes::parse("write");
    let client = herald.at.client(demo::CLIENT).await;
    let through = app::sessions::sign_in::Through::Oauth { client, scope };
    let command = testkit::command(demo::MIRA, demo::password(demo::MIRA), through);
    tokens.push(herald.at.try_command(command).await.ok().unwrap().token);
    for token in &tokens {
        let answer = herald.send(me(token)).await;
        assert_eq!(said(&answer), (403, FORBIDDEN), "{token}");
    }
}

#[tokio::test]
async fn sign_ins_of_other_doors_are_users_too() {
    let herald = Herald::demo().await;
    let here = herald.signed_in(demo::MIRA).await;
    let mut tokens = vec![herald.at.sign_in(demo::MIRA).await.token, herald.at.grant(demo::MIRA).await.token];
    tokens.push(here.access);
    let mut answers = Vec::new();
    for token in &tokens {
        answers.push(herald.send(me(token)).await.json());
    }
    assert_eq!(answers[0]["email"], demo::MIRA);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[1], answers[2]);
    // Above all tenants is nobody inside a product.
    let root = herald.at.sign_in(demo::ROOT).await.token;
    assert_eq!(said(&herald.send(me(&root)).await), (401, UNAUTHORIZED));
}

#[tokio::test]
async fn case_5_and_6_headers_beside_the_token() {
    let herald = Herald::demo().await;
    let mira = herald.signed_in(demo::MIRA).await;
    let otto = herald.signed_in(demo::OTTO).await;
    let usual = herald.send(me(&mira.access)).await.body;
    let noor = herald.at.user_id(demo::NOOR).await.to_string();
    let contoso = herald.at.tenant_id(demo::CONTOSO).await.to_string();
    let bearer = format!("Bearer {}", mira.access);
    let mine = ("authorization", bearer.as_str());
    for beside in [
        ("frontegg-user-id", noor.as_str()),
        ("frontegg-tenant-id", &contoso),
        ("frontegg-vendor-host", "evil.example"),
        ("frontegg-application-id", "x"),
        ("frontegg-scoped-tenant", &contoso),
        ("x-frontegg-anything", "x"),
        ("timeout", "1"),
        ("cookie", "fe_refresh_x=y"),
        ("x-access-token", &mira.access),
        ("x-access-token", " "),
    ] {
        let answer = herald.send(bare("GET", ME, &[mine, beside])).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &usual), "{beside:?}");
    }
    for scheme in ["bearer ", "BEARER   ", "Bearer\t"] {
        let value = format!("{scheme}{}", mira.access);
        assert_eq!(
            herald.send(bare("GET", ME, &[("authorization", &value)])).await.body,
            usual,
            "{scheme:?}"
        );
    }
    let conflict = (400, r#"{"errors":["Conflicting credentials"]}"#);
    let answer = herald.send(bare("GET", ME, &[mine, ("x-access-token", &otto.access)])).await;
    assert_eq!(said(&answer), conflict);
    let other = format!("Bearer {}", otto.access);
    let answer = herald.send(bare("GET", ME, &[mine, ("authorization", &other)])).await;
    assert_eq!(said(&answer), conflict);
    let answer = herald.send(bare("GET", ME, &[mine, ("x-access-token", "garbage")])).await;
    assert_eq!(said(&answer), (401, UNAUTHORIZED));
}

#[tokio::test]
async fn case_7_and_8_shapes_for_everybody() {
    let herald = Herald::demo().await;
    for email in [demo::MIRA, demo::NOOR, demo::RAGU, demo::GUS, demo::OTTO] {
        let token = herald.signed_in(email).await.access;
        let answer = herald.send(me(&token)).await;
        let body = answer.json();
        assert!(body["name"].is_string() && body["profilePictureUrl"].is_string(), "{email}");
        assert!(body["metadata"].as_str().is_some_and(|text| text.starts_with('{')), "{email}");
        let end = body["tenants"][0].get("temporaryExpirationDate").and_then(Value::as_str);
        assert_eq!(end, (email == demo::GUS).then_some("2031-01-01T00:00:00.000Z"), "{email}");
        for role in body["tenants"].as_array().unwrap().iter().flat_map(|t| t["roles"].as_array().unwrap()) {
            assert!(role["level"].is_u64(), "{role}");
            let ids = ["id", "vendorId", "tenantId"].map(|name| role[name].as_str().unwrap());
            let all = ids
                .into_iter()
                .chain(role["permissions"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()));
            for id in all {
                assert_eq!(uuid::Uuid::try_parse(id).unwrap().to_string(), id);
            }
        }
        assert!(!std::str::from_utf8(&answer.body).unwrap().contains("null"), "{email}");
    }
}

#[tokio::test]
async fn a_body_is_no_matter() {
    let herald = Herald::demo().await;
    let token = format!("Bearer {}", herald.signed_in(demo::MIRA).await.access);
    for body in ["", "{", "null"] {
        let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
        let answer = herald.send(with_body("GET", ME, &headers, Body::from(body))).await;
        assert_eq!(answer.status, 200, "{body}");
    }
}

#[tokio::test]
async fn what_changes_shows_at_once() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let mira = herald.signed_in(demo::MIRA).await;
    let before = herald.send(me(&mira.access)).await.json();
    assert_eq!(before, herald.send(me(&mira.access)).await.json());
    herald.at.advance(minutes(5));
    herald.at.hear().await;
    herald.signed_in(demo::MIRA).await;
    let after = herald.send(me(&mira.access)).await.json();
    assert_eq!(after["lastLogin"], "2026-11-24T08:05:00.000Z");
    herald.at.change_user(demo::MIRA, "UPDATE users SET name = 'Mira H.' WHERE number = 4102").await;
    assert_eq!(herald.send(me(&mira.access)).await.json()["name"], "Mira H.");
}

/// A custom role of the whole installation beside a built-in one.
#[tokio::test]
async fn noor_with_two_roles() {
    let herald = Herald::demo().await;
    let token = herald.signed_in(demo::NOOR).await.access;
    let mut shown = herald.send(me(&token)).await.json();
    for name in ["id", "sub"] {
        assert_eq!(shown[name], herald.at.user_id(demo::NOOR).await.to_string());
        shown[name] = "[noor]".into();
    }
    for role in shown["tenants"][0]["roles"].as_array_mut().unwrap() {
        role["vendorId"] = "[vendor]".into();
    }
    shown["tenants"][0]["roles"][1]["id"] = "[made here]".into();
    insta::assert_json_snapshot!("noor", shown);
}
