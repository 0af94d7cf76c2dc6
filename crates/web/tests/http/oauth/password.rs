//! The password grant as it succeeds.

use testkit::demo;

use super::desk::{Desk, claims, encoded, jose_header};

#[tokio::test]
async fn case_1_the_pages_curl() {
    let desk = Desk::open().await;
    // curl --data-urlencode: blanks as %20.
    let body = format!(
        "grant_type=password&password={}&username=mira.holt%40northwind.example&client_id=fixstreamapp\
         &client_secret=fixstream&scope=read%20write%20trust",
        demo::password(demo::MIRA).replace(' ', "%20")
    );
    let reply = desk.raw(body).await;
    assert_eq!(reply.header("content-type"), Some("application/json;charset=UTF-8"));
    assert_eq!((reply.header("cache-control"), reply.header("pragma")), (Some("no-store"), Some("no-cache")));
    let json = reply.json();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["access_token", "token_type", "refresh_token", "expires_in", "scope", "user", "jti"]);
    assert_eq!((&json["token_type"], &json["scope"]), (&"bearer".into(), &"read write trust".into()));
    assert_eq!(json["expires_in"], 3600);
    assert!(json["refresh_token"].as_str().unwrap().starts_with("hr_"));
    let user = serde_json::json!({"name": "Mira Holt", "userName": demo::MIRA, "emailAddress": demo::MIRA,
        "group": "ADMIN_GROUP"});
    assert_eq!(json["user"], user);

    let token = reply.text("access_token");
    let claims = claims(&token);
    assert_eq!(claims["jti"], json["jti"]);
    assert_eq!(jose_header(&token)["typ"], "at+jwt");
    assert!(jose_header(&token)["kid"].is_string());
    assert_eq!((&claims["iss"], &claims["aud"]), (&claims["iss"], &claims["iss"]));
    assert_eq!(claims["iss"], desk.house.ctx.config.public_url);
    assert_eq!(claims["sub"], desk.house.user_id(demo::MIRA).await.to_string());
    assert_eq!(claims["client_id"], demo::CLIENT);
    assert_eq!(claims["tenant_id"], desk.house.tenant_id(demo::NORTHWIND).await.to_string());
    assert_eq!(claims["scope"], "read write trust");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    let names: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names.len(), 9, "no name, no mail, no group inside: {names:?}");

    assert_eq!(desk.detail(&token).await.text("email"), demo::MIRA);
}

#[tokio::test]
async fn case_1_groups_of_the_others_and_a_new_jti_each_time() {
    let desk = Desk::open().await;
    let mut seen = std::collections::HashSet::new();
    for (email, group) in [(demo::NOOR, Some("DEFAULT_GROUP")), (demo::GUS, None), (demo::OTTO, None)] {
        let reply = desk.password(email, demo::password(email), &[]).await;
        assert_eq!(reply.json()["user"]["group"].as_str(), group, "{email}");
        assert!(reply.json()["user"].as_object().unwrap().contains_key("group"));
        assert!(seen.insert(reply.text("jti")));
    }
    let again = desk.password(demo::GUS, demo::password(demo::GUS), &[]).await;
    assert!(seen.insert(again.text("jti")));
}

#[tokio::test]
async fn case_1_a_sign_in_leaves_a_session_a_last_login_and_an_audit_event() {
    let desk = Desk::open().await;
    let (token, _) = desk.sign_in(demo::NOOR).await;
    assert_eq!(desk.detail(&token).await.text("lastLoginTime"), desk.house.now().rfc3339_millis());
    let opened = desk.house.sql("SELECT opening, user_agent FROM sessions WHERE ended_at IS NULL").await;
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0][0].as_deref(), Some("oauth"));
    let audited = desk.house.sql("SELECT action FROM audit WHERE action = 'session.opened'").await;
    assert_eq!(audited.len(), 1);
    desk.password(demo::NOOR, "not her password", &[]).await;
    let audited = desk.house.sql("SELECT * FROM audit WHERE action = 'session.refused'").await;
    assert_eq!(audited.len(), 1);
    assert!(!format!("{audited:?}").contains("not her password"));
}

#[tokio::test]
async fn the_lowest_live_tenant_where_the_default_is_none_of_the_users() {
    let desk = Desk::open().await;
    let contoso = desk.house.tenant_id(demo::CONTOSO).await;
    let northwind = desk.house.tenant_id(demo::NORTHWIND).await;
    let tenant = async |desk: &Desk| claims(&desk.sign_in(demo::MIRA).await.0)["tenant_id"].clone();
    desk.house.sql("UPDATE users SET default_tenant_id = NULL").await;
    assert_eq!(tenant(&desk).await, northwind.to_string());
    let engine = desk.house.engine();
    let (mira, id) = (desk.house.user_id(demo::MIRA).await, engine.uuid(northwind.uuid()));
    let off = format!("UPDATE memberships SET active = FALSE WHERE tenant_id = {id}");
    desk.house.sql(&format!("{off} AND user_id = {}", engine.uuid(mira.uuid()))).await;
    assert_eq!(tenant(&desk).await, contoso.to_string());
}

#[tokio::test]
async fn case_3_basic_instead_of_the_body() {
    let desk = Desk::open().await;
    let fields =
        [("grant_type", "password"), ("username", demo::NOOR), ("password", demo::password(demo::NOOR))];
    assert_eq!(desk.with_basic("fixstreamapp:fixstream", &fields).await.status, 200);
    let same = [&fields[..], &[("client_id", "fixstreamapp")]].concat();
    assert_eq!(desk.with_basic("fixstreamapp:fixstream", &same).await.status, 200);

    desk.add_client("odd", Some("a%b+c:d"), "password", "read").await;
    assert_eq!(desk.with_basic("odd:a%b+c:d", &fields).await.status, 200, "as it is");
    assert_eq!(desk.with_basic("odd:a%25b%2Bc%3Ad", &fields).await.status, 200, "form-encoded first");
    assert_eq!(desk.with_basic("odd:a%25b%2Bc%3A", &fields).await.status, 401);

    desk.add_client("open", None, "password", "read").await;
    assert_eq!(desk.with_basic("open:", &fields).await.status, 200, "a public client with an empty secret");
    let named = [&fields[..], &[("client_id", "open")]].concat();
    assert_eq!(desk.form(&named).await.status, 200);
    let superfluous = [&named[..], &[("client_secret", "x")]].concat();
    assert_eq!(desk.form(&superfluous).await.status, 401);
}

#[tokio::test]
async fn case_4_scopes_as_asked_and_in_that_order() {
    let desk = Desk::open().await;
    let asked = [
        ("scope=read%2Cwrite", "read write"),
        ("scope=read+write", "read write"),
        ("scope=write+read+read", "write read"),
        ("scope=trust%20,%20read", "trust read"),
        ("scope=", "read write trust"),
        ("x=y", "read write trust"),
    ];
    let fields =
        [("grant_type", "password"), ("username", demo::NOOR), ("password", demo::password(demo::NOOR))];
    let form = encoded(&[&fields[..], &super::desk::client()].concat());
    for (scope, granted) in asked {
        let reply = desk.raw(format!("{form}&{scope}")).await;
        assert_eq!(reply.text("scope"), granted, "{scope}");
        assert_eq!(claims(&reply.text("access_token"))["scope"], granted);
    }
    let refused = desk.raw(format!("{form}&scope=admin")).await;
    assert_eq!(refused.said(), super::desk::says(400, "invalid_scope", "Invalid scope"));
}

#[tokio::test]
async fn case_5_a_password_is_taken_byte_for_byte_and_an_address_in_its_one_form() {
    let desk = Desk::open().await;
    let odd = "+%41&=ü \u{1f3ed} blank at the end ";
    let hash = desk.house.ctx.hasher.hash(odd.into(), [7; 16]).await.unwrap();
    let (noor, hash) = (desk.house.user_id(demo::NOOR).await, desk.house.engine().text(&hash));
    let id = desk.house.engine().uuid(noor.uuid());
    desk.house.sql(&format!("UPDATE users SET password_hash = {hash} WHERE id = {id}")).await;
    assert_eq!(desk.password(demo::NOOR, odd, &[]).await.status, 200);
    assert_eq!(desk.password(demo::NOOR, odd.trim_end(), &[]).await.status, 400);
    for spelled in ["  NOOR.Aziz@NORTHWIND.example ", "noor.aziz@northwind.EXAMPLE"] {
        assert_eq!(desk.password(spelled, odd, &[]).await.text("token_type"), "bearer", "{spelled}");
    }
}

#[tokio::test]
async fn case_25_scope_holds_no_comma_and_expires_in_is_an_integer() {
    let desk = Desk::open().await;
    let reply = desk.password(demo::NOOR, demo::password(demo::NOOR), &[("scope", "read,write,trust")]).await;
    assert!(!reply.text("scope").contains(','));
    let seconds = reply.json()["expires_in"].as_u64().unwrap();
    assert!((1..=3600).contains(&seconds));
    assert!(reply.body.contains("\"expires_in\":3600,"), "{}", reply.body);
}
