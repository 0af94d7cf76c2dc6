//! A whole server without sockets, and the people of the demo who call it.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::http::Method;
use serde_json::json;
use web::WebConfig;

use crate::{Engine, Installation, Request, Setup, demo};

/// An [`Installation`] with its router; everything that the installation can do, it can.
pub struct Server {
    at: Installation,
    web: WebConfig,
    router: Router,
}

/// Somebody who signed in at `/v1/sign-in`.
#[derive(Clone, Debug)]
pub struct Actor {
    pub email: String,
    /// `hs_…`.
    pub token: String,
    pub session_id: String,
}

impl Server {
    /// The demo world on SQLite.
    pub async fn start() -> Self {
        Self::on(Engine::Sqlite).await
    }

    /// The demo world.
    pub async fn on(engine: Engine) -> Self {
        Self::with(Setup::on(engine), |_| ()).await
    }

    /// With other settings of the use cases, and of HTTP. Unless changed, addresses have no limits.
    pub async fn with(setup: Setup, change: impl FnOnce(&mut WebConfig)) -> Self {
        let mut web = web_config();
        web.public_url.clone_from(&setup.config.public_url);
        change(&mut web);
        Self::over(Installation::with(setup).await, web)
    }

    fn over(at: Installation, web: WebConfig) -> Self {
        let router = web::router(Arc::clone(&at.ctx), web.clone());
        Self { at, web, router }
    }

    /// Another node, or this one after a restart.
    pub async fn another(&self) -> Self {
        Self::over(self.at.another().await, self.web.clone())
    }

    pub fn router(&self) -> Router {
        self.router.clone()
    }

    pub fn request(&self, method: Method, path: &str) -> Request<'_> {
        Request::new(self, method, path)
    }

    pub fn get(&self, path: &str) -> Request<'_> {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Request<'_> {
        self.request(Method::POST, path)
    }

    pub fn put(&self, path: &str) -> Request<'_> {
        self.request(Method::PUT, path)
    }

    pub fn patch(&self, path: &str) -> Request<'_> {
        self.request(Method::PATCH, path)
    }

    pub fn delete(&self, path: &str) -> Request<'_> {
        self.request(Method::DELETE, path)
    }

    /// Signs a person of the demo in at `/v1/sign-in`, with the code where one is wanted.
    pub async fn sign_in(&self, email: &str) -> Actor {
        self.sign_in_to(email, None).await
    }

    /// The same into a tenant, by its key.
    ///
    /// # Panics
    /// Where the sign-in is refused: the message shows the answer.
    pub async fn sign_in_to(&self, email: &str, tenant: Option<&str>) -> Actor {
        let mut body = json!({ "email": email, "password": demo::password(email) });
        let optional = [
            ("tenant", tenant.map(str::to_owned)),
            ("code", (email == demo::TOVA).then(|| demo::code(email, self.at.now()))),
        ];
        for (name, value) in optional {
            if let (Some(fields), Some(value)) = (body.as_object_mut(), value) {
                fields.insert(name.to_owned(), value.into());
            }
        }
        let answer = self.post("/v1/sign-in").json(&body).send().await.expect(200).json();
        let text = |name: &str| {
            let value = answer.get(name).and_then(serde_json::Value::as_str);
            value.unwrap_or_else(|| panic!("no {name} in {answer}")).to_owned()
        };
        Actor { email: email.to_owned(), token: text("access_token"), session_id: text("session_id") }
    }

    pub async fn mira(&self) -> Actor {
        self.sign_in(demo::MIRA).await
    }

    pub async fn noor(&self) -> Actor {
        self.sign_in(demo::NOOR).await
    }

    pub async fn ragu(&self) -> Actor {
        self.sign_in(demo::RAGU).await
    }

    pub async fn gus(&self) -> Actor {
        self.sign_in(demo::GUS).await
    }

    pub async fn tova(&self) -> Actor {
        self.sign_in(demo::TOVA).await
    }

    pub async fn otto(&self) -> Actor {
        self.sign_in(demo::OTTO).await
    }

    pub async fn root(&self) -> Actor {
        self.sign_in(demo::ROOT).await
    }
}

impl Deref for Server {
    type Target = Installation;

    fn deref(&self) -> &Installation {
        &self.at
    }
}

/// Made once a process, since it holds the countries of all addresses.
fn web_config() -> WebConfig {
    static MADE: OnceLock<WebConfig> = OnceLock::new();
    let made =
        MADE.get_or_init(|| WebConfig { sign_in_per_ip: 0, ..WebConfig::at(crate::setup::PUBLIC_URL) });
    made.clone()
}
