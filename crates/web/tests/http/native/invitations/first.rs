//! Whoever has an account and no password is not turned away at every door.

use serde_json::{Value, json};
use testkit::{Server, mail};

use super::PASSWORD;

const PIA: &str = "pia@northwind.example";

async fn accept(server: &Server, link: &Value, password: &str) -> (u16, Value) {
    let token = mail::token(link["link"].as_str().unwrap());
    let body = json!({"token": token, "password": password});
    let answer = server.post("/v1/invitations/accept").json(&body).send().await;
    (answer.status.as_u16(), answer.json())
}

#[tokio::test]
async fn the_way_out_that_the_refusal_names_leads_in() {
    let server = Server::start().await;
    let (mira, otto, root) = (server.mira().await, server.otto().await, server.root().await);
    let body = json!({"email": PIA, "roles": ["guest"]});
    let pia = server.post("/v1/users").by(&mira).json(&body).send().await.expect(201).json();
    let reset = format!("/v1/users/{}/password-reset", pia["id"].as_str().unwrap());
    server.post("/v1/users").by(&otto).json(&body).send().await.expect(409);
    server.post(&reset).by(&otto).send().await.expect(404);
    let link = server.post("/v1/tenants/contoso/invitations").by(&otto).json(&body).send().await.expect(201);
    let link = link.json();
    let (status, refused) = accept(&server, &link, PASSWORD).await;
    assert_eq!((status, &refused["code"]), (409, &json!("no_password")), "{refused}");
    let made = server.post(&reset).by(&mira).send().await.expect(201).json();
    let token = mail::token(made["link"].as_str().unwrap());
    let body = json!({"token": token, "password": "her own first password"});
    server.post("/v1/password-resets/complete").json(&body).send().await.expect(204);
    let (status, joined) = accept(&server, &link, "her own first password").await;
    assert_eq!((status, &joined["tenant"]["key"]), (200, &json!("contoso")), "{joined}");
    // Nobody's yet: the link that was handed over is enough, once the operator vouches for the address no more.
    let body = json!({"email": "solo@contoso.example"});
    let solo = server.post("/v1/users").by(&root).json(&body).send().await.expect(201).json();
    let link = server.post("/v1/tenants/contoso/invitations").by(&otto).json(&body).send().await.expect(201);
    let link = link.json();
    assert_eq!(accept(&server, &link, PASSWORD).await.0, 409);
    let solo = format!("/v1/users/{}", solo["id"].as_str().unwrap());
    server.patch(&solo).by(&root).json(&json!({"verified": false})).send().await.expect(200);
    let (status, joined) = accept(&server, &link, PASSWORD).await;
    assert_eq!((status, &joined["new_user"]), (200, &json!(false)), "{joined}");
    let body = json!({"email": "solo@contoso.example", "password": PASSWORD});
    server.post("/v1/sign-in").json(&body).send().await.expect(200);
}

/// The refusal has an id, under which the administrator of the tenant that is full finds it.
#[tokio::test]
async fn a_full_tenant_is_told_of_who_was_refused() {
    let server = Server::start().await;
    let (mira, otto) = (server.mira().await, server.otto().await);
    let invite = async |n: usize| {
        let body = json!({"email": format!("neu{n}@contoso.example"), "roles": ["guest"]});
        server.post("/v1/tenants/contoso/invitations").by(&otto).json(&body).send().await.expect(201).json()
    };
    let links = [invite(0).await, invite(1).await, invite(2).await, invite(3).await];
    for link in &links[..3] {
        assert_eq!(accept(&server, link, PASSWORD).await.0, 200);
    }
    let (status, refused) = accept(&server, &links[3], PASSWORD).await;
    assert_eq!((status, &refused["code"]), (403, &json!("quota_exceeded")), "{refused}");
    let id = refused["decision"].as_str().unwrap();
    for (by, rows) in [(&otto, 1), (&mira, 0)] {
        let path = format!("/v1/audit?target={id}");
        let told = server.get(&path).by(by).send().await.expect(200).json();
        let told = told["items"].as_array().unwrap();
        assert_eq!(told.len(), rows, "{told:?}");
        assert!(told.iter().all(|row| row["action"] == "access.refused"), "{told:?}");
    }
}
