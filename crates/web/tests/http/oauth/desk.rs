//! Where these tests stand and knock: one server, and the requests of the contract.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use herald_web::WebConfig;
use http_body_util::BodyExt;
use serde_json::Value;
use testkit::{Engine, Server, Setup, World, demo};
use tower::ServiceExt;

pub const TOKEN: &str = "/oauth/token";
pub const DETAIL: &str = "/api/v2/users/loggedIn/detail";
pub const FORM: &str = "application/x-www-form-urlencoded";

pub struct Desk {
    pub house: Server,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Status, `error` and `error_description` of a refusal, which every refusal has in JSON that is not to be kept.
    pub fn said(&self) -> (u16, String, String) {
        assert_eq!(self.header("cache-control"), Some("no-store"), "{self:?}");
        assert!(self.header("content-type").unwrap().starts_with("application/json"), "{self:?}");
        let json = self.json();
        let text = |key: &str| json[key].as_str().unwrap_or_else(|| panic!("{key}: {json}")).to_owned();
        (self.status, text("error"), text("error_description"))
    }

    /// The text of one key of a 200.
    pub fn text(&self, key: &str) -> String {
        assert_eq!(self.status, 200, "{}", self.body);
        self.json()[key].as_str().unwrap_or_else(|| panic!("{key}: {}", self.body)).to_owned()
    }
}

/// A refusal as a test writes it.
pub fn says(status: u16, error: &str, text: &str) -> (u16, String, String) {
    (status, error.to_owned(), text.to_owned())
}

impl Desk {
    pub async fn open() -> Self {
        Self { house: Server::start().await }
    }

    pub async fn with(setup: Setup, change: impl FnOnce(&mut WebConfig)) -> Self {
        Self { house: Server::with(setup, change).await }
    }

    /// The world of a text, and nothing else.
    pub async fn of_world(text: &str) -> Self {
        Self::with(Setup::on(Engine::Sqlite).world(World::Text(text.to_owned())), |_| ()).await
    }

    /// Another node, or this one after a restart.
    pub async fn another(&self) -> Self {
        Self { house: self.house.another().await }
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let (parts, body) = self.house.router().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8(bytes.to_vec()).unwrap();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// A form as it stands, to the token endpoint.
    pub async fn raw(&self, body: impl Into<Body>) -> Reply {
        self.send(post(TOKEN).header(CONTENT_TYPE, FORM).body(body.into()).unwrap()).await
    }

    pub async fn form(&self, fields: &[(&str, &str)]) -> Reply {
        self.raw(encoded(fields)).await
    }

    /// A form, with the client in an `Authorization` header.
    pub async fn with_basic(&self, credentials: &str, fields: &[(&str, &str)]) -> Reply {
        let request = post(TOKEN).header(CONTENT_TYPE, FORM).header(AUTHORIZATION, basic(credentials));
        self.send(request.body(encoded(fields).into()).unwrap()).await
    }

    /// The password grant of the published client.
    pub async fn password(&self, username: &str, password: &str, more: &[(&str, &str)]) -> Reply {
        let fields = [("grant_type", "password"), ("username", username), ("password", password)];
        self.form(&[&fields[..], &client(), more].concat()).await
    }

    /// A person of the demo signs in: the access token and the refresh token.
    pub async fn sign_in(&self, email: &str) -> (String, String) {
        let reply = self.password(email, demo::password(email), &[]).await;
        (reply.text("access_token"), reply.text("refresh_token"))
    }

    pub async fn refresh(&self, token: &str, more: &[(&str, &str)]) -> Reply {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.form(&[&fields[..], &client(), more].concat()).await
    }

    pub async fn detail(&self, token: &str) -> Reply {
        self.send(get(DETAIL).header(AUTHORIZATION, format!("Bearer {token}")).body(Body::empty()).unwrap())
            .await
    }

    /// Another client than the demo's.
    pub async fn add_client(&self, id: &str, secret: Option<&str>, grants: &str, scopes: &str) {
        let engine = self.house.engine();
        let list = |names: &str| {
            let names: Vec<&str> = names.split_whitespace().collect();
            engine.text(&serde_json::to_string(&names).unwrap())
        };
        let digest = secret.map_or("NULL".to_owned(), |s| engine.bytes(&app::principal::digest(s)));
        let (row, id) = (engine.uuid(self.house.ctx.new_id()), engine.text(id));
        let (grants, scopes) = (list(grants), list(scopes));
        self.house
            .sql(&format!(
                "INSERT INTO clients (id, client_id, secret_digest, grants, scopes, redirect_uris, environment, \
                 origin, created_at, updated_at) VALUES ({row}, {id}, {digest}, {grants}, {scopes}, '[]', FALSE, \
                 '', 0, 0)"
            ))
            .await;
    }
}

/// The client that the product publishes.
pub fn client() -> [(&'static str, &'static str); 2] {
    [("client_id", demo::CLIENT), ("client_secret", demo::client_secret(demo::CLIENT))]
}

pub fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

pub fn post(uri: &str) -> axum::http::request::Builder {
    Request::builder().method(Method::POST).uri(uri)
}

pub fn get(uri: &str) -> axum::http::request::Builder {
    Request::builder().method(Method::GET).uri(uri)
}

/// Every byte but letters and digits escaped.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        let byte =
            |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
        text.bytes().map(byte).collect::<String>()
    };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}

/// The claims inside a JWT, unverified.
pub fn claims(token: &str) -> Value {
    part(token, 1)
}

/// The header of a JWT.
pub fn jose_header(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, at: usize) -> Value {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}
