//! Nobody makes a role that does more than he may.

use serde_json::{Value, json};
use testkit::{Actor, Answer, Server, demo};

use super::super::tenants::{ask, refusal};

/// A key of mira's that `cap` cuts down.
async fn capped(server: &Server, cap: &str) -> Actor {
    let mira = server.mira().await;
    let body = json!({"name": "capped", "role": cap});
    let key = ask(server, &mira, "POST /v1/me/tokens", body).await.expect(201).json();
    Actor { token: key["token"].as_str().unwrap().to_owned(), ..mira }
}

/// A role of northwind's that may make roles and little else, and mira's key that it cuts down.
async fn maker(server: &Server) -> Actor {
    let mira = server.mira().await;
    let body = json!({"key": "maker", "base": "guest", "assigns": ["guest", "developer"], "level": 4,
        "permissions": ["roles:*", "devices:read", "tokens:write"]});
    ask(server, &mira, "POST /v1/roles", body).await.expect(201);
    capped(server, "maker").await
}

fn is_refused(answer: &Answer, why: &Value) {
    assert_eq!(refusal(answer), (403, "forbidden".to_owned()), "{why}");
}

#[tokio::test]
async fn a_cut_down_credential_makes_no_stronger_role() {
    let server = Server::start().await;
    let maker = maker(&server).await;
    for more in [
        json!({"permissions": ["*"]}),
        json!({"permissions": ["devices:*"]}),
        json!({"permissions": ["devices:re*"]}),
        json!({"permissions": ["users:read"]}),
        json!({"base": "admin"}),
        json!({"base": "member"}),
        json!({"assigns": ["admin"]}),
        json!({"assigns": ["guest", "payments-review", "member"]}),
        json!({"assigns": ["maker", "technician"]}),
        json!({"level": 0}),
    ] {
        let mut body = json!({"key": "more"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        is_refused(&ask(&server, &maker, "POST /v1/roles", body).await, &more);
    }
    let within = json!({"key": "less", "base": "developer", "permissions": ["devices:read", "roles:write"],
        "assigns": ["guest", "less", "payments-review"]});
    let less = ask(&server, &maker, "POST /v1/roles", within).await.expect(201).json();
    let line = format!("PATCH /v1/roles/{}", less["id"].as_str().unwrap());
    for more in [
        json!({"permissions": ["*"]}),
        json!({"base": "admin"}),
        json!({"assigns": ["admin"]}),
        json!({"level": 3}),
    ] {
        is_refused(&ask(&server, &maker, &line, more.clone()).await, &more);
    }
    ask(&server, &maker, &line, json!({"name": "Less", "level": 5, "assigns": null})).await.expect(200);
    let after = ask(&server, &maker, &line.replace("PATCH", "GET"), Value::Null).await.json();
    assert_eq!((&after["permits"], &after["base"]), (&less["permits"], &less["base"]));
    assert_eq!(after["assigns"], json!(["developer", "guest"]));
}

#[tokio::test]
async fn a_stronger_role_is_not_a_weaker_ones_to_change() {
    let server = Server::start().await;
    let (mira, maker) = (server.mira().await, maker(&server).await);
    let body = json!({"key": "boss", "base": "admin"});
    let boss = ask(&server, &mira, "POST /v1/roles", body).await.expect(201).json();
    let one = format!("/v1/roles/{}", boss["id"].as_str().unwrap());
    let name = json!({"name": "Nobody"});
    is_refused(&ask(&server, &maker, &format!("PATCH {one}"), name).await, &boss);
    is_refused(&ask(&server, &maker, &format!("PATCH {one}"), json!({"base": null})).await, &boss);
    is_refused(&ask(&server, &maker, &format!("DELETE {one}"), Value::Null).await, &boss);
    // Without `roles:write` at all.
    let guest = capped(&server, "guest").await;
    is_refused(&ask(&server, &guest, &format!("DELETE {one}"), Value::Null).await, &boss);
}

#[tokio::test]
async fn what_is_everybodys_is_the_operators() {
    let server = Server::start().await;
    let (mira, root) = (server.mira().await, server.root().await);
    let everywhere = json!({"key": "everywhere", "tenant": null});
    is_refused(&ask(&server, &mira, "POST /v1/roles", everywhere.clone()).await, &everywhere);
    let list = ask(&server, &mira, "GET /v1/roles", Value::Null).await.json();
    let id = |key: &str| {
        let all = list["items"].as_array().unwrap();
        all.iter().find(|role| role["key"] == key).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let common = format!("/v1/roles/{}", id("technician"));
    is_refused(&ask(&server, &mira, &format!("PATCH {common}"), json!({"name": "x"})).await, &everywhere);
    is_refused(&ask(&server, &mira, &format!("DELETE {common}"), Value::Null).await, &everywhere);
    ask(&server, &root, &format!("PATCH {common}"), json!({"name": "Tech"})).await.expect(200);
    let held = ask(&server, &root, &format!("DELETE {common}"), Value::Null).await;
    assert_eq!(refusal(&held), (409, "in_use".to_owned()));
    let builtin = format!("/v1/roles/{}", id("admin"));
    for (line, body) in [("PATCH", json!({"permissions": []})), ("DELETE", Value::Null)] {
        let answer = ask(&server, &root, &format!("{line} {builtin}"), body).await;
        assert_eq!(refusal(&answer), (409, "builtin".to_owned()), "{line}");
    }
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let server = Server::start().await;
    let (mira, root) = (server.mira().await, server.root().await);
    let body = json!({"key": "chief", "base": "admin"});
    let chief = ask(&server, &mira, "POST /v1/roles", body).await.expect(201).json();
    let id = server.engine().uuid(chief["id"].as_str().unwrap().parse().unwrap());
    let user = server.engine().uuid(server.user_id(demo::MIRA).await.uuid());
    let tenant = server.engine().uuid(server.tenant_id(demo::NORTHWIND).await.uuid());
    let give =
        format!("UPDATE membership_roles SET role_id = {id} WHERE user_id = {user} AND tenant_id = {tenant}");
    server.change_user(demo::MIRA, &give).await;
    let line = format!("PATCH /v1/roles/{}", chief["id"].as_str().unwrap());
    for by in [&mira, &root] {
        for body in [json!({"base": "member"}), json!({"base": null, "permissions": ["*"]})] {
            let answer = ask(&server, by, &line, body).await;
            assert_eq!(refusal(&answer), (409, "last_administrator".to_owned()));
        }
    }
    ask(&server, &mira, &line, json!({"name": "Chief"})).await.expect(200);
}

/// The guest role is the default as long as no custom role of the installation is.
#[tokio::test]
async fn there_is_one_default() {
    let server = Server::start().await;
    let root = server.root().await;
    let defaults = async || {
        let list = ask(&server, &root, "GET /v1/roles", Value::Null).await.expect(200).json();
        let all = list["items"].as_array().unwrap().clone();
        let keys = all.iter().filter(|role| role["default"] == true).map(|role| role["key"].to_string());
        keys.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(defaults().await, "\"guest\"");
    let body = json!({"key": "newcomer", "default": true});
    let made = ask(&server, &root, "POST /v1/roles", body).await.expect(201).json();
    assert_eq!(defaults().await, "\"newcomer\"");
    let one = format!("/v1/roles/{}", made["id"].as_str().unwrap());
    ask(&server, &root, &format!("PATCH {one}"), json!({"default": false})).await.expect(200);
    assert_eq!(defaults().await, "\"guest\"");
    ask(&server, &root, &format!("PATCH {one}"), json!({"default": true})).await.expect(200);
    assert_eq!(ask(&server, &root, &format!("DELETE {one}"), Value::Null).await.status, 204);
    assert_eq!(defaults().await, "\"guest\"");
}
