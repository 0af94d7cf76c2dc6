//! Case 8, 11, 12: the other ways to fail each line of the table of refusals.

use axum::body::Body;
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use testkit::demo;

use super::desk::{Desk, TOKEN, basic, client, encoded, post, says};

fn invalid(text: &str) -> (u16, String, String) {
    says(400, "invalid_request", text)
}

/// A good form, to which a test adds.
fn good() -> String {
    let fields =
        [("grant_type", "password"), ("username", demo::NOOR), ("password", demo::password(demo::NOOR))];
    encoded(&[&fields[..], &client()].concat())
}

#[tokio::test]
async fn line_1_every_other_method() {
    let desk = Desk::open().await;
    for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        let request = axum::http::Request::builder().method(&method).uri(TOKEN).body(Body::empty()).unwrap();
        let reply = desk.send(request).await;
        assert_eq!(reply.said(), says(405, "method_not_allowed", "Only POST is supported"), "{method}");
        assert_eq!(reply.header("allow"), Some("POST"));
    }
    let head = axum::http::Request::builder().method(Method::HEAD).uri(TOKEN).body(Body::empty()).unwrap();
    assert_eq!(desk.send(head).await.status, 405);
}

#[tokio::test]
async fn line_2_each_name_that_must_not_stand_in_the_url() {
    let desk = Desk::open().await;
    let names = [
        "username",
        "password",
        "client_id",
        "client_secret",
        "refresh_token",
        "access_token",
        "grant_type",
        "code",
    ];
    for name in names {
        let request = post(&format!("{TOKEN}?scope=read&{name}=x"));
        let request =
            request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(good().into()).unwrap();
        assert_eq!(
            desk.send(request).await.said(),
            invalid("Credentials must not be sent in the URL"),
            "{name}"
        );
    }
    let request = post(&format!("{TOKEN}?orgId=1&scope=admin"));
    let request =
        request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(good().into()).unwrap();
    let reply = desk.send(request).await;
    assert_eq!(reply.text("scope"), "read write trust", "the query is not looked at for anything else");
}

#[tokio::test]
async fn line_3_what_is_no_form() {
    let desk = Desk::open().await;
    let wrong = invalid("The body must be application/x-www-form-urlencoded");
    for media in
        ["application/json", "multipart/form-data; boundary=x", "text/plain", "application/x-www-form", ""]
    {
        let request = post(TOKEN).header(CONTENT_TYPE, media).body(good().into()).unwrap();
        assert_eq!(desk.send(request).await.said(), wrong, "{media:?}");
    }
    let untold = post(TOKEN).body(good().into()).unwrap();
    assert_eq!(desk.send(untold).await.said(), wrong, "none with a body");
    let nothing = post(TOKEN).body(Body::empty()).unwrap();
    assert_eq!(desk.send(nothing).await.said().1, "invalid_client", "none without a body is an empty form");
}

#[tokio::test]
async fn line_5_broken_and_repeated_forms() {
    let desk = Desk::open().await;
    for broken in ["x=%zz", "x=%4", "x=%", "x=%ff%fe", "%c3%28=1", "x=%00"] {
        let reply = desk.raw(format!("{}&{broken}", good())).await;
        assert_eq!(reply.said(), invalid("Malformed request body"), "{broken}");
    }
    let mut bytes = good().into_bytes();
    bytes.extend(b"&x=\xff\xfe");
    assert_eq!(desk.raw(bytes).await.said(), invalid("Malformed request body"));
}

#[tokio::test]
async fn case_12_a_parameter_twice_known_or_not() {
    let desk = Desk::open().await;
    for twice in ["scope=read&scope=write", "foo=1&foo=2", "password=x", "f%6Fo=1&foo=2", "scope=&scope=read"]
    {
        let reply = desk.raw(format!("{}&{twice}", good())).await;
        assert_eq!(reply.said(), invalid("Repeated parameter"), "{twice}");
    }
}

#[tokio::test]
async fn line_6_more_than_one_way_or_an_unknown_way_to_name_the_client() {
    let desk = Desk::open().await;
    let send = async |lines: &[&str], form: String| {
        let mut request = post(TOKEN).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        for line in lines {
            request = request.header(AUTHORIZATION, *line);
        }
        desk.send(request.body(form.into()).unwrap()).await.said()
    };
    let right = basic("fixstreamapp:fixstream");
    assert_eq!(send(&[&right], good()).await, invalid("More than one client authentication"));
    let unsupported = invalid("Unsupported client authentication");
    assert_eq!(send(&[&right, &right], "grant_type=password".to_owned()).await, unsupported);
    for other in ["Bearer abc", "Digest username=\"x\"", "fixstreamapp", ""] {
        assert_eq!(send(&[other], good()).await, unsupported, "{other:?}");
    }
}

#[tokio::test]
async fn line_7_one_answer_for_every_client_that_is_not_proven() {
    let desk = Desk::open().await;
    desk.add_client("open", None, "password", "read").await;
    let bad = says(401, "invalid_client", "Bad client credentials");
    let forms: [&[(&str, &str)]; 6] = [
        &[],
        &[("client_id", "nobody"), ("client_secret", "fixstream")],
        &[("client_id", demo::CLIENT)],
        &[("client_id", demo::CLIENT), ("client_secret", "")],
        &[("client_secret", "fixstream")],
        &[("client_id", "open"), ("client_secret", "superfluous")],
    ];
    let mut bodies = std::collections::HashSet::new();
    for form in forms {
        let reply = desk.form(form).await;
        assert_eq!(reply.said(), bad, "{form:?}");
        assert_eq!(reply.header("www-authenticate"), Some("Basic realm=\"herald\""));
        bodies.insert(reply.body);
    }
    assert_eq!(bodies.len(), 1);
    for broken in ["Basic", "Basic ***", "Basic bm9jb2xvbg==", "basic Zml4OgA="] {
        let request = post(TOKEN).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.header(AUTHORIZATION, broken).body(Body::empty()).unwrap();
        assert_eq!(desk.send(request).await.said(), bad, "{broken}");
    }
    let other = desk.with_basic("fixstreamapp:fixstream", &[("client_id", "open")]).await;
    assert_eq!(other.said(), bad, "the form names another client than Basic");
}

#[tokio::test]
async fn lines_8_and_9_grants_that_are_not_served() {
    let desk = Desk::open().await;
    let ask = async |grant: &str| desk.form(&[&client()[..], &[("grant_type", grant)]].concat()).await.said();
    assert_eq!(ask("").await, invalid("Missing grant type"));
    for unknown in ["implicit", "authorization_code", "PASSWORD", "password ", "urn:x"] {
        let unsupported = says(400, "unsupported_grant_type", "Unsupported grant type");
        assert_eq!(ask(unknown).await, unsupported, "{unknown:?}");
    }
}

#[tokio::test]
async fn line_11_scopes_that_the_client_does_not_have() {
    let desk = Desk::open().await;
    let many = "read,".repeat(100_000) + "admin";
    for scope in ["admin", "read%20admin", "READ", "%20", "read%09write", &many] {
        let reply = desk.raw(format!("{}&scope={scope}", good())).await;
        assert_eq!(reply.said(), says(400, "invalid_scope", "Invalid scope"), "{scope:.20}");
    }
}

#[tokio::test]
async fn line_12_each_parameter_by_its_name() {
    let desk = Desk::open().await;
    let ask = async |fields: &[(&str, &str)]| desk.form(&[&client()[..], fields].concat()).await.said();
    let password = [("grant_type", "password"), ("username", demo::NOOR), ("password", "")];
    assert_eq!(ask(&password).await, invalid("Missing parameter: password"));
    assert_eq!(ask(&password[..1]).await, invalid("Missing parameter: username"));
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "")];
    assert_eq!(ask(&refresh).await, invalid("Missing parameter: refresh_token"));
}

#[tokio::test]
async fn what_the_contract_does_not_name_is_ignored() {
    let desk = Desk::open().await;
    let reply = desk.raw(format!("{}&orgId=1&siteId=2&client_name=x&&=", good())).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[tokio::test]
async fn another_path_below_oauth_is_refused_in_its_form() {
    let desk = Desk::open().await;
    for path in ["/oauth/tokens", "/oauth", "/oauth/token/"] {
        let reply = desk.send(post(path).body(Body::empty()).unwrap()).await;
        assert_eq!(reply.said().0, 404, "{path}");
    }
}
