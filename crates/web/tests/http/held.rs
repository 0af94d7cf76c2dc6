//! People of a test's own, and every kind of credential that a person may hold.

use serde_json::{Value, json};
use testkit::{Answer, Server, demo};

/// Of everyone who is made here.
pub const PASSWORD: &str = "fourteen herons on a wire";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `hs_…`.
    Session,
    /// By the password grant, with the scopes `read` and `write`.
    Oauth,
    Key,
    /// Aegis'.
    Signed,
    /// A user token of Frontegg's.
    Frontegg,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Session, Self::Oauth, Self::Key, Self::Signed, Self::Frontegg];

    /// A new one of this kind; `lives` in seconds, for keys and signed tokens.
    pub async fn of(self, server: &Server, email: &str, lives: u64) -> String {
        let session = async || said(&sign_in(server, email).await, "access_token");
        match self {
            Self::Session => session().await,
            Self::Oauth => said(&grant(server, email).await, "access_token"),
            Self::Key => {
                let body = json!({"name": "script", "expires_in": lives});
                let asked = server.post("/v1/me/tokens").bearer(&session().await).json(&body);
                said(&asked.send().await.expect(201).json(), "token")
            }
            Self::Signed => {
                let body = json!({"role": "admin", "expiry": lives});
                let asked = server.post("/api/tokens/local").bearer(&session().await).json(&body);
                said(&asked.send().await.expect(200).json(), "token")
            }
            Self::Frontegg => {
                let body = json!({"email": email, "password": PASSWORD});
                let asked = server.post("/identity/resources/auth/v1/user").json(&body);
                said(&asked.send().await.expect(200).json(), "accessToken")
            }
        }
    }
}

/// One of every kind.
pub async fn all(server: &Server, email: &str, lives: u64) -> Vec<(Kind, String)> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        all.push((kind, kind.of(server, email, lives).await));
    }
    all
}

/// What `/v1/sign-in` answers.
pub async fn sign_in(server: &Server, email: &str) -> Value {
    let body = json!({"email": email, "password": PASSWORD});
    server.post("/v1/sign-in").json(&body).send().await.expect(200).json()
}

/// What the password grant answers.
pub async fn grant(server: &Server, email: &str) -> Value {
    let fields = [("grant_type", "password"), ("username", email), ("password", PASSWORD)];
    token(server, &[&fields[..], &[("scope", "read write")]].concat()).await.expect(200).json()
}

/// A form of the demo's client to the token endpoint.
pub async fn token(server: &Server, fields: &[(&str, &str)]) -> Answer {
    form(server, "/oauth/token", fields).await
}

/// A form of the demo's client.
pub async fn form(server: &Server, path: &str, fields: &[(&str, &str)]) -> Answer {
    let client = [("client_id", demo::CLIENT), ("client_secret", demo::client_secret(demo::CLIENT))];
    server.post(path).form(&[&client[..], fields].concat()).send().await
}

/// A text of an answer.
pub fn said(body: &Value, field: &str) -> String {
    body[field].as_str().unwrap_or_else(|| panic!("no {field} in {body}")).to_owned()
}

/// `name`'s address.
pub fn address(name: &str) -> String {
    format!("{name}@northwind.example")
}

/// Somebody new in a tenant, with one role there; the address.
pub async fn hire(server: &Server, name: &str, tenant: &str, role: &str) -> String {
    let email = address(name);
    let text = format!(
        "[[user]]\nemail = \"{email}\"\npassword = \"{PASSWORD}\"\ndefault_tenant = \"{tenant}\"\n\
         [[user.membership]]\ntenant = \"{tenant}\"\nroles = [\"{role}\"]\n"
    );
    server.apply(&text).await;
    email
}
