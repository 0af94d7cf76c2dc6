//! What is done through one dialect is felt by the next request in all others, with every credential of whom it befalls:
//! on the node that did it at once, on another as soon as it hears of it, and on one that hears nothing once the
//! revocation bound is over.

use std::time::Duration;

use axum::http::Method;
use testkit::{Engine, Server, demo};

use crate::held::{Kind, all, form, grant, hire, said, sign_in};

testkit::on_both_engines!(in_every_dialect);

/// Every dialect's "who am I", and what it shows of somebody who has become a guest.
const DOORS: [Door; 6] = [
    (Method::GET, "/v1/me", r#""roles":["guest"]"#),
    (Method::POST, "/api/me", r#""role":"GUEST""#),
    (Method::GET, "/account/me", r#""authType""#),
    (Method::GET, "/api/v2/users/loggedIn/detail", r#""roles":["guest"]"#),
    (Method::GET, "/identity/resources/users/v3/me", r#""key":"guest""#),
    (Method::GET, "/auth/me", r#""role":"view""#),
];

/// What an administrator may read and a guest may not.
const GUARDED: [&str; 2] = ["/v1/users", "/api/users/*"];

/// What becomes of all that somebody holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    /// It opens nothing any more.
    AllDead,
    /// What a session stands behind is dead; keys and signed tokens live.
    SessionsDead,
    OneDead(Kind),
    /// It lives, and shows and permits what a guest is and may.
    Guest,
}

impl Fate {
    fn kills(self, kind: Kind) -> bool {
        match self {
            Self::AllDead => true,
            Self::SessionsDead => matches!(kind, Kind::Session | Kind::Oauth | Kind::Frontegg),
            Self::OneDead(one) => one == kind,
            Self::Guest => false,
        }
    }
}

/// Whose credential does it.
#[derive(Clone, Copy)]
enum By {
    Mira,
    Root,
    /// What is presented is what it befalls.
    Own(Kind),
    /// Another session of the same person.
    Elsewhere,
    /// The client, in a form with this token.
    Client(&'static str),
}

/// Method, path, and a text of the answer.
type Door = (Method, &'static str, &'static str);

type Deed = (&'static str, By, &'static str, Fate);

/// Method, path and body: `USER`, `EMAIL`, `SESSION`, `KEY` and `SIGNED` are what the victim is and has.
const DEEDS: &[Deed] = &[
    // Locked and deactivated.
    ("POST /v1/users/USER/lock", By::Mira, "", Fate::AllDead),
    ("PATCH /v1/users/USER", By::Mira, r#"{"active":false}"#, Fate::AllDead),
    ("PUT /api/users/EMAIL", By::Mira, r#"{"isActive":false}"#, Fate::AllDead),
    ("POST /api/users/EMAIL", By::Mira, r#"{"isActive":false}"#, Fate::AllDead),
    // Another password.
    (
        "POST /v1/users/USER/password",
        By::Mira,
        r#"{"password":"twelve swans on the ice"}"#,
        Fate::SessionsDead,
    ),
    (
        "POST /v1/me/password",
        By::Elsewhere,
        r#"{"current_password":"fourteen herons on a wire","new_password":"twelve swans on the ice"}"#,
        Fate::SessionsDead,
    ),
    // The end of a session.
    ("POST /v1/sign-out", By::Own(Kind::Session), "", Fate::OneDead(Kind::Session)),
    ("POST /v1/sign-out", By::Own(Kind::Oauth), "", Fate::OneDead(Kind::Oauth)),
    ("POST /v1/sign-out", By::Own(Kind::Frontegg), "", Fate::OneDead(Kind::Frontegg)),
    ("GET /auth/logout", By::Own(Kind::Session), "", Fate::OneDead(Kind::Session)),
    ("GET /auth/logout", By::Own(Kind::Oauth), "", Fate::OneDead(Kind::Oauth)),
    ("GET /auth/logout", By::Own(Kind::Frontegg), "", Fate::OneDead(Kind::Frontegg)),
    ("POST /identity/resources/auth/v1/logout", By::Own(Kind::Frontegg), "", Fate::OneDead(Kind::Frontegg)),
    ("POST /identity/resources/auth/v1/logout", By::Own(Kind::Session), "", Fate::OneDead(Kind::Session)),
    ("POST /oauth/revoke", By::Client("access_token"), "", Fate::OneDead(Kind::Oauth)),
    ("POST /oauth/revoke", By::Client("refresh_token"), "", Fate::OneDead(Kind::Oauth)),
    ("DELETE /v1/me/sessions/SESSION", By::Elsewhere, "", Fate::OneDead(Kind::Session)),
    ("DELETE /v1/me/sessions", By::Elsewhere, "", Fate::SessionsDead),
    ("DELETE /v1/users/USER/sessions/SESSION", By::Mira, "", Fate::OneDead(Kind::Session)),
    ("POST /v1/users/USER/sessions/end", By::Mira, "", Fate::SessionsDead),
    // The end of a token.
    ("DELETE /v1/me/tokens/KEY", By::Elsewhere, "", Fate::OneDead(Kind::Key)),
    ("DELETE /v1/me/tokens/SIGNED", By::Elsewhere, "", Fate::OneDead(Kind::Signed)),
    ("DELETE /v1/tenants/northwind/tokens/KEY", By::Mira, "", Fate::OneDead(Kind::Key)),
    ("DELETE /api/tokens/KEY", By::Mira, "", Fate::OneDead(Kind::Key)),
    ("DELETE /api/tokens/SIGNED", By::Elsewhere, "", Fate::OneDead(Kind::Signed)),
    ("GET /auth/logout", By::Own(Kind::Key), "", Fate::OneDead(Kind::Key)),
    ("GET /auth/logout", By::Own(Kind::Signed), "", Fate::OneDead(Kind::Signed)),
    // Another role.
    ("PATCH /v1/tenants/northwind/members/USER", By::Mira, r#"{"roles":["guest"]}"#, Fate::Guest),
    ("PUT /api/users/EMAIL", By::Mira, r#"{"role":"view"}"#, Fate::Guest),
    ("POST /api/users/EMAIL", By::Mira, r#"{"role":"view"}"#, Fate::Guest),
    // The end of a membership, and of the person.
    ("PATCH /v1/tenants/northwind/members/USER", By::Mira, r#"{"active":false}"#, Fate::AllDead),
    (
        "PATCH /v1/tenants/northwind/members/USER",
        By::Mira,
        r#"{"expires_at":"2020-01-01T00:00:00Z"}"#,
        Fate::AllDead,
    ),
    ("DELETE /v1/tenants/northwind/members/USER", By::Mira, "", Fate::AllDead),
    ("DELETE /api/users/EMAIL", By::Mira, "", Fate::AllDead),
    ("DELETE /v1/users/USER", By::Mira, "", Fate::AllDead),
    // The end of a tenant.
    ("DELETE /v1/tenants/brook", By::Root, "", Fate::AllDead),
];

/// Three nodes on one store.
struct Nodes([Server; 3]);

/// Somebody to whom a deed is done.
struct Victim {
    email: String,
    held: Vec<(Kind, String)>,
    /// The grant behind the OAuth token.
    granted: serde_json::Value,
}

async fn in_every_dialect(engine: Engine) {
    let first = Server::on(engine).await;
    let nodes = Nodes([first.another().await, first.another().await, first]);
    for (index, deed) in DEEDS.iter().enumerate() {
        let tenant = if deed.0.ends_with("/brook") { "brook" } else { demo::NORTHWIND };
        let victim = nodes.victim(index, tenant).await;
        nodes.warm(&victim).await;
        nodes.do_it(deed, &victim).await;
        let [here, there, deaf] = &nodes.0;
        judge(here, &victim, (deed, &DOORS), "at once").await;
        there.hear().await;
        judge(there, &victim, (deed, &DOORS), "having heard").await;
        deaf.advance(deaf.ctx.config.revocation_bound + Duration::from_millis(1));
        judge(deaf, &victim, (deed, &DOORS[..1]), "having heard nothing").await;
    }
}

impl Nodes {
    /// An administrator of the tenant, of whose kind there is another.
    async fn victim(&self, index: usize, tenant: &str) -> Victim {
        let server = &self.0[0];
        if tenant == "brook" {
            server.apply("[[tenant]]\nkey = \"brook\"\nname = \"Brook\"\n").await;
        }
        let email = hire(server, &format!("victim{index}"), tenant, "admin").await;
        let mut held = all(server, &email, 31_000_000).await;
        let granted = grant(server, &email).await;
        for (kind, credential) in &mut held {
            if *kind == Kind::Oauth {
                *credential = said(&granted, "access_token");
            }
        }
        Victim { email, held, granted }
    }

    /// Every node may answer from its read model now: what follows is felt through the feed, not because nothing was
    /// kept. What one door has had looked up stands for all.
    async fn warm(&self, victim: &Victim) {
        for (index, node) in self.0.iter().enumerate() {
            node.hear().await;
            for (kind, credential) in &victim.held {
                for door in if index == 0 { &DOORS[..] } else { &DOORS[..1] } {
                    let (status, text) = knock(node, door, credential).await;
                    assert_eq!(status, open(*kind, door.1), "{kind:?} at {}: {text}", door.1);
                }
            }
        }
    }

    /// On the first node.
    async fn do_it(&self, (line, by, body, _): &Deed, victim: &Victim) {
        let server = &self.0[0];
        let held = |wanted: Kind| {
            victim.held.iter().find(|(kind, _)| *kind == wanted).map(|(_, credential)| credential.clone())
        };
        let credential = match by {
            By::Mira => server.sign_in(demo::MIRA).await.token,
            By::Root => server.sign_in(demo::ROOT).await.token,
            By::Own(kind) => held(*kind).unwrap(),
            By::Elsewhere => said(&sign_in(server, &victim.email).await, "access_token"),
            By::Client(which) => {
                form(server, "/oauth/revoke", &[("token", &said(&victim.granted, which))]).await.expect(200);
                return;
            }
        };
        let (method, path) = line.split_once(' ').unwrap();
        let path = filled(server, path, victim).await;
        let request = server.request(method.parse().unwrap(), &path).bearer(&credential);
        let request = if body.is_empty() { request } else { request.raw("application/json", *body) };
        let answer = request.send().await;
        assert!(answer.status.is_success(), "{line}: {} {}", answer.status, answer.text());
    }
}

/// The path with what the victim is and has.
async fn filled(server: &Server, path: &str, victim: &Victim) -> String {
    let user = server.user_id(&victim.email).await;
    let owner = server.engine().uuid(user.uuid());
    let token = |kind: &str| format!("SELECT id FROM tokens WHERE owner_id = {owner} AND kind = '{kind}'");
    let session = victim.held.iter().find(|(kind, _)| *kind == Kind::Session).unwrap();
    let digest = server.engine().bytes(&app::principal::digest(&session.1));
    let mut path = path.replace("USER", &user.to_string()).replace("EMAIL", &victim.email);
    for (name, sql) in [
        ("SESSION", format!("SELECT id FROM sessions WHERE digest = {digest}")),
        ("KEY", token("api_key")),
        ("SIGNED", token("signed")),
    ] {
        let id = server.sql(&sql).await[0][0].clone().unwrap();
        path = path.replace(name, &id);
    }
    path
}

/// Every kind of credential at every door.
async fn judge(node: &Server, victim: &Victim, (deed, doors): (&Deed, &[Door]), when: &str) {
    let (line, _, body, fate) = deed;
    for (kind, credential) in &victim.held {
        let place = format!("{line} {body}: {kind:?}, {when}");
        for door in doors {
            let (status, text) = knock(node, door, credential).await;
            let shut = if door.1 == "/api/me" { 403 } else { 401 };
            let wanted = if fate.kills(*kind) { shut } else { open(*kind, door.1) };
            assert_eq!(status, wanted, "{place}, at {}: {text}", door.1);
            if *fate == Fate::Guest && status == 200 {
                assert!(
                    text.contains(door.2) && !text.contains(r#""key":"admin""#),
                    "{place}, at {}: {text}",
                    door.1
                );
            }
        }
        for path in GUARDED {
            let status = node.get(path).bearer(credential).send().await.status.as_u16();
            let lives = if *fate == Fate::Guest { 403 } else { 200 };
            assert_eq!(status, if fate.kills(*kind) { 401 } else { lives }, "{place}, at {path}");
        }
    }
}

async fn knock(node: &Server, (method, path, _): &Door, credential: &str) -> (u16, String) {
    let request = node.request(method.clone(), path);
    let request = if *path == "/api/me" { request.api_key(credential) } else { request.bearer(credential) };
    let answer = request.send().await;
    (answer.status.as_u16(), answer.text())
}

/// Akto takes no OAuth token, and Frontegg's `/me` is for people.
fn open(kind: Kind, path: &str) -> u16 {
    match (kind, path) {
        (Kind::Oauth, "/api/me") | (Kind::Key | Kind::Signed, "/identity/resources/users/v3/me") => 403,
        _ => 200,
    }
}
