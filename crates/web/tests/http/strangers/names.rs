//! Names of things, for the parameters of paths: those that are there, and such of the same form that are nowhere.

use axum::http::Method;
use serde_json::json;
use testkit::{Server, demo};

use crate::held::said;

/// A name for each parameter, by the segment before it.
#[derive(Clone)]
pub struct Names {
    names: Vec<(&'static str, String)>,
    /// The tenant of the path, where it is another than that of bodies and queries.
    home: Option<String>,
}

/// A UUID of nothing.
pub const NOT_AN_ID: &str = "01a20244-e800-7c11-9a3e-5d0f6b7a8c21";

impl Names {
    /// What northwind has; its tenant by key or by id.
    pub async fn theirs(server: &Server, by_id: bool) -> Self {
        let mira = server.sign_in(demo::MIRA).await.token;
        let body = json!({"email": "invited@northwind.example", "roles": ["guest"]});
        // Another time it is there already.
        let invitations = "/v1/tenants/northwind/invitations";
        drop(server.post(invitations).bearer(&mira).json(&body).send().await);
        let id = async |sql: &str| server.sql(sql).await[0][0].clone().unwrap();
        let gus = server.user_id(demo::GUS).await.uuid();
        let of_gus = |table: &str, column: &str| {
            format!("SELECT id FROM {table} WHERE {column} = {} ORDER BY id", server.engine().uuid(gus))
        };
        drop(server.sign_in(demo::GUS).await);
        let tenant = server.tenant_id(demo::NORTHWIND).await.to_string();
        let names = vec![
            ("tenants", if by_id { tenant } else { demo::NORTHWIND.into() }),
            ("sites", id("SELECT id FROM sites WHERE key = 'lis'").await),
            ("users", gus.to_string()),
            ("members", gus.to_string()),
            ("sessions", id(&of_gus("sessions", "user_id")).await),
            ("tokens", id(&of_gus("tokens", "owner_id")).await),
            ("webhooks", id("SELECT id FROM webhooks").await),
            ("invitations", id("SELECT id FROM links WHERE used_at IS NULL").await),
            ("roles", id("SELECT id FROM roles WHERE key = 'payments-review'").await),
            ("clients", id("SELECT id FROM clients WHERE client_id = 'fixstreamapp'").await),
            ("permissions", "devices:read".into()),
            ("agents", "claude-desktop".into()),
            ("devices", "lt-4471".into()),
            ("e-mail", demo::GUS.into()),
            ("role", "payments-review".into()),
            ("site", "lis".into()),
            ("url", "/v1/admin/users".into()),
        ];
        Self { names, home: None }
    }

    /// What nobody has.
    pub fn nobodys(by_id: bool) -> Self {
        let mut names: Vec<(&'static str, String)> = [
            "sites",
            "users",
            "members",
            "sessions",
            "tokens",
            "webhooks",
            "invitations",
            "roles",
            "clients",
        ]
        .into_iter()
        .map(|kind| (kind, NOT_AN_ID.to_owned()))
        .collect();
        names.extend(
            [
                ("tenants", if by_id { NOT_AN_ID } else { "nowhere" }),
                ("permissions", "doors:open"),
                ("agents", "no-agent"),
                ("devices", "no-device"),
                ("e-mail", "nobody.there@northwind.example"),
                ("role", "no-such-role"),
                ("site", "no-site"),
                ("url", "/v1/nothing"),
            ]
            .map(|(kind, name)| (kind, name.to_owned())),
        );
        Self { names, home: None }
    }

    /// The same with another name for each of these kinds.
    pub fn but(self, kinds: &[&str], name: &str) -> Self {
        let mut names = self.names;
        for (kind, named) in &mut names {
            if kinds.contains(kind) {
                name.clone_into(named);
            }
        }
        Self { names, ..self }
    }

    /// The same, where paths name this tenant.
    pub fn in_tenant(self, key: &str) -> Self {
        Self { home: Some(key.to_owned()), ..self }
    }

    fn of(&self, kind: &str) -> &str {
        let found = self.names.iter().find(|(named, _)| *named == kind);
        &found.unwrap_or_else(|| panic!("no name for {kind}")).1
    }

    /// The path with its parameters filled in.
    pub fn path(&self, method: &Method, path: &str) -> String {
        let mut before = "";
        let mut parts = Vec::new();
        for part in path.split('/') {
            parts.push(match (part, path) {
                ("{x}", "/api/users/{x}") => self.of("e-mail").to_owned(),
                ("{x}", "/api/tokens/{x}") if method != Method::DELETE => "local".to_owned(),
                ("{tenant}", _) => self.home.as_deref().unwrap_or_else(|| self.of("tenants")).to_owned(),
                (part, _) if part.starts_with('{') => self.of(before).to_owned(),
                (part, _) => part.to_owned(),
            });
            before = part;
        }
        parts.join("/")
    }

    /// A body or a query in which `<kind>` stands for a name.
    pub fn text(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, (kind, name)| text.replace(&format!("<{kind}>"), name))
    }
}

/// Texts that are northwind's alone, and that nobody else may read.
pub async fn secrets(server: &Server) -> Vec<String> {
    let mut secrets: Vec<String> = [
        "1712000111",
        "Northwind",
        "noor.aziz",
        "ragu.iyer",
        "gus.lind",
        "tova.berg",
        "invited@",
        "payments-review",
        "PAYMENTS-REVIEW",
        "Lisbon",
        "/v1/admin/users",
        "alerts-prod",
        "hooks.slack.example",
        "code review",
        "192.168.0.0",
        "550e8400",
    ]
    .map(str::to_owned)
    .to_vec();
    secrets.push(server.tenant_id(demo::NORTHWIND).await.to_string());
    for email in [demo::NOOR, demo::RAGU, demo::GUS, demo::TOVA] {
        secrets.push(server.user_id(email).await.to_string());
    }
    secrets
}

/// A tenant's own token, which holds `admin`.
pub async fn own_token(server: &Server, tenant: &str, session: &str) -> String {
    let body = json!({"name": "the tenant's own", "roles": ["admin"], "expires_in": 31_000_000});
    let path = format!("/v1/tenants/{tenant}/tokens");
    said(&server.post(&path).bearer(session).json(&body).send().await.expect(201).json(), "token")
}
