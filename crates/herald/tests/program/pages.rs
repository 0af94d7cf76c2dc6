//! The requests of the products' pages, as their pages show them: by curl itself, with no word changed but the host and
//! what stands for credentials.

use std::process::Command;

use serde_json::{Value, json};

use super::demo::MIRA;
use super::http::session;
use super::program::{Home, Server};

const KEY: &str = "Zk3p0QvT8mB1yLx7Hc5sWd2Rf9uJa4Ne6Gi0Ko1P";

/// The demo, with a secret for Akto's signatures.
struct Desk {
    home: Home,
    server: Server,
}

impl Desk {
    fn open() -> Self {
        let home = Home::new();
        home.write("herald.toml", "[dialects.akto]\nstigg_signing_secret = \"test-signing-secret\"\n");
        // What the test wants to see besides comes from here, so that the line itself stays as it is.
        home.write(".curlrc", "silent\nmax-time = 20\nwrite-out = \"\\n%{http_code}\"\n");
        let server = home.start(&["demo"]);
        Self { home, server }
    }

    /// Runs a line in a shell: status and body.
    fn paste(&self, line: &str, words: &[(&str, &str)]) -> (u16, Value) {
        let line = words.iter().fold(line.to_owned(), |line, (word, value)| line.replace(word, value));
        assert!(!line.contains("<YOUR") && !line.contains("<your"), "{line}");
        let home = self.home.path("");
        let output = Command::new("sh").args(["-c", &line]).env("CURL_HOME", home).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        let out = String::from_utf8(output.stdout).unwrap();
        let (body, status) = out.rsplit_once('\n').unwrap();
        (status.parse().unwrap(), serde_json::from_str(body).unwrap_or(Value::Null))
    }

    fn aegis(&self, line: &str, token: &str) -> (u16, Value) {
        let host = "https://<your-instance>.aegis.pegasys.cloud";
        self.paste(line, &[(host, &self.server.url), ("<your_token>", token)])
    }
}

/// The names of an object's fields, in the order in which they stand.
fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn passed() -> (u16, Value) {
    (200, json!({"status": "pass"}))
}

#[test]
fn aegis_who_am_i_and_out() {
    let desk = Desk::open();
    let token = session(&desk.server, MIRA.0, MIRA.1);
    let me = r#"curl -X GET "https://<your-instance>.aegis.pegasys.cloud/auth/me" \
-H "Authorization: Bearer <your_token>""#;
    assert_eq!(desk.aegis(me, &token), (200, json!({"email": MIRA.0, "role": "admin", "isActive": true})));
    let logout = r#"curl -X GET "https://<your-instance>.aegis.pegasys.cloud/auth/logout" \
-H "Authorization: Bearer <your_token>""#;
    assert_eq!(desk.aegis(logout, &token), passed());
    assert_eq!(desk.aegis(me, &token).0, 401);
}

#[test]
fn aegis_tokens() {
    let desk = Desk::open();
    let create = r#"curl -X POST "https://<your-instance>.aegis.pegasys.cloud/api/tokens/local" \
-H "Authorization: Bearer <your_token>" \
-H "Content-Type: application/json" \
-d '{
"role": "view",
"expiry": 3600
}'"#;
    let (status, made) = desk.aegis(create, KEY);
    assert_eq!((status, names(&made)), (200, vec!["token", "expiry", "id"]));
    let (token, expiry) = (made["token"].as_str().unwrap(), made["expiry"].as_str().unwrap());
    assert_eq!(token.split('.').count(), 3, "a JWT");
    assert!(expiry.len() == "2025-06-17T19:33:39Z".len() && expiry.ends_with('Z'), "{expiry}");
    let list = r#"curl -X GET "https://<your-instance>.aegis.pegasys.cloud/api/tokens/local" \
-H "Authorization: Bearer <your_token>""#;
    let (status, listed) = desk.aegis(list, KEY);
    let row = listed.as_array().unwrap().iter().find(|row| row["id"] == made["id"]).unwrap();
    assert_eq!((status, &row["role"], &row["expiry"]), (200, &json!("view"), &made["expiry"]));
    assert!(!listed.to_string().contains(token));
    let delete = r#"curl -X DELETE "https://<your-instance>.aegis.pegasys.cloud/api/tokens/some-token-id" \
-H "Authorization: Bearer <your_token>""#;
    let unknown = json!({"status": "fail", "message": "token not found"});
    assert_eq!(desk.aegis(delete, KEY), (404, unknown));
    let delete = delete.replace("some-token-id", made["id"].as_str().unwrap());
    assert_eq!(desk.aegis(&delete, KEY), passed());
    assert_eq!(desk.aegis(list, token).0, 401);
}

#[test]
fn aegis_users() {
    let desk = Desk::open();
    let list = r#"curl -X GET "https://<your-instance>.aegis.pegasys.cloud/api/users/ragu*" \
-H "Authorization: Bearer <your_token>""#;
    let ragu = json!([{"email": "ragu.iyer@northwind.example", "name": "Ragu Iyer", "provider": "local",
        "role": "payments-review", "isActive": true}]);
    assert_eq!(desk.aegis(list, KEY), (200, ragu));
    let change = |method: &str| {
        format!(
            r#"curl -X {method} "https://<your-instance>.aegis.pegasys.cloud/api/users/user@example.com" \
-H "Authorization: Bearer <your_token>" \
-H "Content-Type: application/json" \
-d '{{
"role": "admin",
"isActive": true
}}'"#
        )
    };
    let unknown = json!({"status": "fail", "message": "user not found"});
    let delete = r#"curl -X DELETE "https://<your-instance>.aegis.pegasys.cloud/api/users/user@example.com" \
-H "Authorization: Bearer <your_token>""#;
    for line in [change("PUT"), change("POST"), delete.to_owned()] {
        assert_eq!(desk.aegis(&line, KEY), (404, unknown.clone()), "the page's person is nobody here");
    }
    let tova = "tova.berg@northwind.example";
    let of_tova = |line: String| line.replace("user@example.com", tova);
    let done = (200, json!({"status": "pass", "email": tova}));
    assert_eq!(desk.aegis(&of_tova(change("PUT")), KEY), done);
    let state = json!({"role": "admin", "isActive": true});
    assert_eq!(desk.aegis(&of_tova(change("POST")), KEY), (200, state));
    assert_eq!(desk.aegis(&of_tova(delete.to_owned()), KEY), done);
    assert_eq!(desk.aegis(&of_tova(delete.to_owned()), KEY), (404, unknown));
}

#[test]
fn insights_token_and_detail() {
    let desk = Desk::open();
    let words =
        [("https://<NCE-IP>", &*desk.server.url), ("<USERNAME>@resolve.io", MIRA.0), ("<PASSWORD>", MIRA.1)];
    let token = "curl --location 'https://<NCE-IP>/oauth/token' \\
--header 'Content-Type: application/x-www-form-urlencoded' \\
--data-urlencode 'grant_type=password' \\
--data-urlencode 'password=<PASSWORD>' \\
--data-urlencode 'username=<USERNAME>@resolve.io' \\
--data-urlencode 'client_id=fixstreamapp' \\
--data-urlencode 'client_secret=fixstream' \\
--data-urlencode 'scope=read write trust'";
    let (status, body) = desk.paste(token, &words);
    let fields = ["access_token", "token_type", "refresh_token", "expires_in", "scope", "user", "jti"];
    assert_eq!((status, names(&body)), (200, fields.to_vec()));
    assert_eq!((&body["token_type"], &body["scope"]), (&json!("bearer"), &json!("read write trust")));
    assert!(body["expires_in"].is_u64() && body["user"].is_object() && body["jti"].is_string());

    let detail = "curl --location 'https://<NCE-IP>/api/v2/users/loggedIn/detail' \\
--header 'Authorization: Bearer <API-TOKEN>'";
    let access = body["access_token"].as_str().unwrap();
    let (status, body) = desk.paste(detail, &[words[0], ("<API-TOKEN>", access)]);
    assert_eq!(status, 200);
    let texts =
        ["name", "firstName", "lastName", "email", "emailAddress", "phone", "createdBy", "lastUpdatedBy"];
    let more =
        ["userType", "authenticationType", "defaultOrg", "lastUserUpdateTime", "lastLoginTime", "group"];
    for name in texts.into_iter().chain(more) {
        assert!(body[name].is_string(), "{name} of {body}");
    }
    assert!(body["middleName"].is_null() && body["password"].is_null(), "{body}");
    assert!(body["defaultSite"].is_array() && body["orgPrivilegeMap"].is_object(), "{body}");
}

#[test]
fn testiny_account() {
    let desk = Desk::open();
    for path in ["/account/me", "/api/v1/account/me"] {
        let line = format!("curl -X GET '<HOST>{path}' -H 'Accept: application/json' -H 'X-Api-Key: <KEY>'");
        let (status, body) = desk.paste(&line, &[("<HOST>", &desk.server.url), ("<KEY>", KEY)]);
        let fields =
            ["userId", "email", "firstName", "lastName", "authType", "tokenExpiresAt", "tenantFeatures"];
        assert_eq!((status, &names(&body)[..7]), (200, &fields[..]));
        assert!(body["userId"].is_u64() && body["sessions"].is_array(), "{body}");
        assert_eq!((&body["email"], &body["authType"]), (&json!(MIRA.0), &json!("LOCAL_PASSWORD")));
        let (status, body) = desk.paste(&line, &[("<HOST>", &desk.server.url), ("<KEY>", "another")]);
        assert_eq!((status, names(&body)), (401, vec!["code", "status", "message", "reqid"]));
        assert_eq!(body["status"], 401);
    }
}

/// The page has no lines of curl: its headers and its examples of bodies.
#[test]
fn akto_the_eight() {
    let desk = Desk::open();
    let ask = |path: &str, body: &str| {
        let data = if body.is_empty() { String::new() } else { format!(" -d '{body}'") };
        let line = format!(
            "curl -X POST '<HOST>{path}' -H 'content-type: application/json' -H 'X-API-KEY: <KEY>'{data}"
        );
        let (status, body) = desk.paste(&line, &[("<HOST>", &desk.server.url), ("<KEY>", KEY)]);
        assert_eq!(status, 200, "{path}: {body}");
        body
    };
    let user = &ask("/api/me", "")["user"];
    assert_eq!((&user["login"], &user["role"]), (&json!(MIRA.0), &json!("ADMIN")));
    assert!(user["name"].is_string() && user["accounts"].is_object());
    assert!(ask("/api/fetchUserLastLoginTs", "")["lastLoginTs"].is_u64());
    assert!(ask("/api/getCustomRoles", "")["roles"].is_array());
    let row = ["ADMIN", "MEMBER", "DEVELOPER", "GUEST", "THREAT_ENGINEER", "THREAT_VIEWER"];
    assert_eq!(ask("/api/getRoleHierarchy", ""), json!({"userRoleHierarchy": row}));
    let none = ask("/api/getAccessTypes", r#"{"urls":["/api/login","/api/admin/users"]}"#);
    assert_eq!(
        none,
        json!({"response": {"apiInfos": []}, "apiInfos": []}),
        "northwind has no such endpoints"
    );
    assert_eq!(ask("/api/fetchApiTokens", "")["apiTokenList"][0]["key"], KEY);
    let id = "550e8400-e29b-41d4-a716-446655440000";
    let signed = ask("/api/getCustomerStiggDetails", &format!(r#"{{"customerId":"{id}"}}"#));
    assert!(signed["customerToken"].as_str().unwrap().starts_with(&format!("HMAC-SHA256 {id}:")), "{signed}");
    let unknown = ask("/api/getUserAnalysis", r#"{"agentId":"agent-abc123","deviceId":"device-xyz789"}"#);
    assert_eq!(unknown, json!({"userAnalysis": null}));
}
