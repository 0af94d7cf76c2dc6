//! Lists of users, members and sessions.

use serde_json::{Value, json};
use testkit::demo;

use super::{Stage, ok, said};

fn emails(list: &Value, of: &str) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    let email = |item: &Value| item.pointer(of).and_then(Value::as_str).unwrap().to_owned();
    items.iter().map(email).collect()
}

#[tokio::test]
async fn lists_show_what_is_the_callers_to_see() {
    let stage = Stage::set().await;
    let (root, mira, gus) =
        (stage.token(demo::ROOT).await, stage.token(demo::MIRA).await, stage.token(demo::GUS).await);
    let all = stage.see("/v1/users", &root).await.json();
    assert_eq!((emails(&all, "/email").len(), &all["next"]), (7, &json!(null)));
    let northwind = [demo::GUS, demo::MIRA, demo::NOOR, demo::RAGU, demo::TOVA];
    assert_eq!(emails(&stage.see("/v1/users", &mira).await.json(), "/email"), northwind);
    let members = stage.see("/v1/tenants/northwind/members", &mira).await;
    assert_eq!(emails(&members.json(), "/user/email"), northwind);
    assert!(!members.text.contains("argon2") && !members.text.contains("contoso"), "{}", members.text);
    assert_eq!(
        emails(&stage.see("/v1/users?tenant=contoso", &root).await.json(), "/email"),
        [demo::MIRA, demo::OTTO]
    );
    for foreign in ["/v1/users?tenant=contoso", "/v1/users?tenant=nothing", "/v1/tenants/contoso/members"] {
        assert_eq!(stage.says(&format!("GET {foreign}"), &mira, json!({})).await, said(404, "not_found"));
    }
    assert_eq!(stage.says("GET /v1/users", &gus, json!({})).await, said(403, "forbidden"));
    let id = stage.id(demo::GUS).await;
    assert_eq!(stage.see(&format!("/v1/users/{id}"), &gus).await.status, 200, "oneself");
    let id = stage.id(demo::OTTO).await;
    assert_eq!(stage.says(&format!("GET /v1/users/{id}"), &mira, json!({})).await, said(404, "not_found"));
}

#[tokio::test]
async fn lists_come_in_parts_and_are_searched() {
    let stage = Stage::set().await;
    let mira = stage.token(demo::MIRA).await;
    for (path, of) in [("/v1/users", "/email"), ("/v1/tenants/northwind/members", "/user/email")] {
        let first = stage.see(&format!("{path}?limit=3"), &mira).await.json();
        assert_eq!(emails(&first, of), [demo::GUS, demo::MIRA, demo::NOOR]);
        let next = first["next"].as_str().unwrap();
        let second = stage.see(&format!("{path}?limit=3&after={next}"), &mira).await.json();
        assert_eq!(
            (emails(&second, of), &second["next"]),
            (vec![demo::RAGU.to_owned(), demo::TOVA.to_owned()], &json!(null))
        );
        let found = stage.see(&format!("{path}?search=NO&limit=1"), &mira).await.json();
        assert_eq!((emails(&found, of), &found["next"]), (vec![demo::NOOR.to_owned()], &json!(null)));
        for hostile in ["%25", "_", "*", "%5C", "%27", "n%25", &"n".repeat(300)] {
            let none = stage.see(&format!("{path}?search={hostile}"), &mira).await;
            assert_eq!((none.status.as_u16(), none.json()["items"].clone()), (200, json!([])), "{hostile}");
        }
        for bad in ["limit=0", "limit=201", "after=x", "search=%00"] {
            assert_eq!(stage.see(&format!("{path}?{bad}"), &mira).await.status, 400, "{bad}");
        }
    }
}

#[tokio::test]
async fn an_administrator_sees_and_ends_sessions_of_his_tenant() {
    let stage = Stage::set().await;
    let (mira, otto, root) =
        (stage.token(demo::MIRA).await, stage.token(demo::OTTO).await, stage.token(demo::ROOT).await);
    let mut there =
        testkit::command(demo::MIRA, demo::password(demo::MIRA), app::sessions::sign_in::Through::Native);
    there.tenant = Some(demo::CONTOSO.to_owned());
    let guest = stage.herald.try_command(there).await.unwrap();
    let user = format!("/v1/users/{}", stage.id(demo::MIRA).await);
    let shown = stage.see(&format!("{user}/sessions"), &otto).await.json();
    let session = guest.opened.session.id.to_string();
    assert_eq!((shown["items"].as_array().unwrap().len(), &shown["items"][0]["id"]), (1, &json!(session)));
    assert_eq!(
        stage.see(&format!("{user}/sessions"), &root).await.json()["items"].as_array().unwrap().len(),
        2
    );
    assert_eq!(stage.says(&format!("DELETE {user}/sessions/{session}"), &otto, json!({})).await, ok(204));
    assert_eq!(
        stage.says(&format!("DELETE {user}/sessions/{session}"), &otto, json!({})).await,
        said(404, "not_found")
    );
    assert_eq!(stage.see("/v1/me", &guest.token).await.status, 401);
    assert_eq!(stage.see("/v1/me", &mira).await.status, 200);
    assert_eq!(stage.says(&format!("POST {user}/sessions/end"), &root, json!({})).await, ok(204));
    assert_eq!(stage.see("/v1/me", &mira).await.status, 401);
    let noor = stage.token(demo::NOOR).await;
    assert_eq!(stage.says(&format!("GET {user}/sessions"), &noor, json!({})).await, said(403, "forbidden"));
}
