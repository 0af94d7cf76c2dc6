//! First passwords over HTTP: from an invitation in the mail to a member who signs in; a reset that ends every door.

mod first;
mod pages;
mod quiet;
mod resets;

use serde_json::json;
use testkit::mail::MailServer;
use testkit::{Engine, Server, Setup, demo};

pub const NEU: &str = "neu.kraft@northwind.example";
pub const PASSWORD: &str = "a password of neu's own";

pub async fn mailing() -> (Server, MailServer) {
    let mail = MailServer::start().await;
    let config = mail.config();
    let setup = Setup::on(Engine::Sqlite).config(|c| c.mail = Some(config));
    (Server::with(setup, |_| ()).await, mail)
}

#[tokio::test]
async fn from_the_letter_to_the_sign_in() {
    let (server, mail) = mailing().await;
    let mira = server.mira().await;
    let body = json!({"email": NEU, "roles": ["member"], "sites": ["lis"], "name": "Neu Kraft",
        "expires_at": "2027-01-01T00:00:00Z"});
    let made =
        server.post("/v1/tenants/northwind/invitations").by(&mira).json(&body).send().await.expect(201);
    let made = made.json();
    assert_eq!((&made["delivery"], made.get("link")), (&json!("mail"), None), "{made}");
    assert_eq!((&made["roles"], &made["sites"]), (&json!(["member"]), &json!(["lis"])));
    assert_eq!(made["expires_at"], "2027-01-01T00:00:00.000Z");
    assert_eq!(made["link_expires_at"], "2026-12-01T08:00:00.000Z");
    let listed = server.get("/v1/tenants/northwind/invitations").by(&mira).send().await.expect(200).json();
    assert_eq!((&listed["items"][0]["id"], &listed["next"]), (&made["id"], &json!(null)));
    let token = mail.wait(1).await.token();
    assert!(!listed.to_string().contains(&token) && !made.to_string().contains(&token));
    let body = json!({"token": token, "password": PASSWORD});
    let accepted = server.post("/v1/invitations/accept").json(&body).send().await.expect(200).json();
    assert_eq!((&accepted["new_user"], &accepted["tenant"]["key"]), (&json!(true), &json!("northwind")));
    let again = server.post("/v1/invitations/accept").json(&body).send().await.expect(400).json();
    assert_eq!(again["code"], "invalid_token");
    let body = json!({"email": NEU, "password": PASSWORD});
    let signed = server.post("/v1/sign-in").json(&body).send().await.expect(200).json();
    let me =
        server.get("/v1/me").bearer(signed["access_token"].as_str().unwrap()).send().await.expect(200).json();
    assert_eq!((&me["roles"], &me["operator"]), (&json!(["member"]), &json!(false)));
    assert_eq!((&me["user"]["name"], &me["user"]["verified"]), (&json!("Neu Kraft"), &json!(true)));
    let listed = server.get("/v1/tenants/northwind/invitations").by(&mira).send().await.expect(200).json();
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test]
async fn without_a_mail_server_the_link_is_handed_over_and_can_be_withdrawn() {
    let server = Server::start().await;
    let mira = server.mira().await;
    let invite = async |email: &str| {
        let body = json!({ "email": email, "roles": ["guest"] });
        server.post("/v1/tenants/northwind/invitations").by(&mira).json(&body).send().await.expect(201).json()
    };
    let (unknown, known) = (invite(NEU).await, invite(demo::OTTO).await);
    let keys = |answer: &serde_json::Value| answer.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&unknown), keys(&known), "the same answer, known or not");
    assert_eq!((&unknown["delivery"], &unknown["name"]), (&known["delivery"], &known["name"]));
    let token = testkit::mail::token(unknown["link"].as_str().unwrap());
    assert!(token.starts_with("hi_") && token.len() >= 40);
    let one = format!("/v1/tenants/northwind/invitations/{}", unknown["id"].as_str().unwrap());
    let otto = server.otto().await;
    server.delete(&one).by(&otto).send().await.expect(404);
    server.delete(&one).by(&mira).send().await.expect(204);
    server.delete(&one).by(&mira).send().await.expect(404);
    let body = json!({"token": token, "password": PASSWORD});
    let refused = server.post("/v1/invitations/accept").json(&body).send().await.expect(400);
    assert_eq!(refused.json()["code"], "invalid_token");
    let token = testkit::mail::token(known["link"].as_str().unwrap());
    let joined = server.post("/v1/invitations/accept").by(&otto).json(&json!({"token": token})).send().await;
    assert_eq!(joined.expect(200).json()["new_user"], false);
    let dead =
        server.post("/v1/invitations/accept").bearer("hs_dead").json(&json!({"token": token})).send().await;
    dead.expect(401);
}

#[tokio::test]
async fn every_field_at_fault_is_named() {
    let server = Server::start().await;
    let mira = server.mira().await;
    let faults = async |body: serde_json::Value| {
        let answer = server.post("/v1/tenants/northwind/invitations").by(&mira).json(&body).send().await;
        let answer = answer.expect(400).json();
        let fields = answer["fields"].as_array().unwrap().iter();
        fields.map(|fault| fault["field"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(faults(json!({})).await, ["email"]);
    assert_eq!(
        faults(json!({"email": "no address", "roles": "guest", "lives": 0})).await,
        ["email", "roles", "lives"]
    );
    let late =
        json!({"email": NEU, "expires_at": "2020-01-01T00:00:00Z", "name": "a\u{1}", "lives": 2_592_001});
    assert_eq!(faults(late).await, ["expires_at", "name", "lives"]);
    assert_eq!(faults(json!({"email": NEU, "roles": ["nothing"]})).await, ["roles"]);
    assert_eq!(faults(json!({"email": NEU, "sites": ["hq"]})).await, ["sites"], "another tenant's");
    assert_eq!(faults(json!({"email": NEU, "roles": vec!["guest"; 101]})).await, ["roles"]);
}
