//! Users and the members of tenants.

mod address;
mod crowd;
mod felt;
mod guest;
mod lists;
mod members;
mod oneself;
mod people;
mod unset;

use axum::Router;
use serde_json::{Value, json};
use testkit::{Installation, demo};

use super::call::{Answer, call, get, served};

struct Stage {
    herald: Installation,
    router: Router,
}

impl Stage {
    async fn set() -> Self {
        let herald = Installation::start().await;
        let router = served(&herald, |config| config.sign_in_per_ip = 0);
        Self { herald, router }
    }

    async fn token(&self, email: &str) -> String {
        self.herald.sign_in(email).await.token
    }

    async fn id(&self, email: &str) -> String {
        self.herald.user_id(email).await.to_string()
    }

    async fn ask(&self, line: &str, token: &str, body: &Value) -> Answer {
        call(&self.router, line, token, body).await
    }

    /// Status and code of the answer; no code where all went well.
    async fn says(&self, line: &str, token: &str, body: Value) -> (u16, String) {
        let answer = self.ask(line, token, &body).await;
        let code = if answer.status.is_success() { Value::Null } else { answer.json()["code"].clone() };
        (answer.status.as_u16(), code.as_str().unwrap_or_default().to_owned())
    }

    async fn see(&self, path: &str, token: &str) -> Answer {
        get(&self.router, path, token).await
    }

    /// Makes a member of northwind who can sign in; the id.
    async fn hire(&self, by: &str, name: &str, role: &str) -> String {
        let email = format!("{name}@northwind.example");
        let body = json!({"email": email, "password": PASSWORD, "tenant": "northwind", "roles": [role]});
        let made = self.ask("POST /v1/users", by, &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.json()["id"].as_str().unwrap().to_owned()
    }

    async fn hired(&self, name: &str) -> String {
        let email = format!("{name}@northwind.example");
        self.herald.try_sign_in(&email, PASSWORD).await.unwrap().token
    }
}

const PASSWORD: &str = "a password of a new hand";

fn ok(status: u16) -> (u16, String) {
    (status, String::new())
}

fn said(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// An API key of mira's, cut down by a role.
async fn capped(stage: &Stage, role: &str) -> String {
    let mira = stage.token(demo::MIRA).await;
    let made = stage.ask("POST /v1/me/tokens", &mira, &json!({"name": "capped", "role": role})).await;
    made.json()["token"].as_str().unwrap().to_owned()
}
