//! Case 8: every line of the table of refusals alone, and every two together: the first one answers.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request};
use testkit::{Engine, Setup, demo};

use super::desk::{Desk, Reply, TOKEN, encoded, says};

const LIMIT: usize = 4096;
const LINES: std::ops::RangeInclusive<u8> = 1..=15;

/// What line `line` answers.
fn wanted(line: u8) -> (u16, String, String) {
    let invalid = |text| says(400, "invalid_request", text);
    match line {
        1 => says(405, "method_not_allowed", "Only POST is supported"),
        2 => invalid("Credentials must not be sent in the URL"),
        3 => invalid("The body must be application/x-www-form-urlencoded"),
        4 => says(413, "invalid_request", "Request body is too large"),
        5 => invalid("Repeated parameter"),
        6 => invalid("Unsupported client authentication"),
        7 => says(401, "invalid_client", "Bad client credentials"),
        8 => invalid("Missing grant type"),
        9 => says(400, "unsupported_grant_type", "Unsupported grant type"),
        10 => says(400, "unauthorized_client", "Unauthorized grant type"),
        11 => says(400, "invalid_scope", "Invalid scope"),
        12 => invalid("Missing parameter: username"),
        13 => says(429, "temporarily_unavailable", "Too many attempts"),
        14 => says(400, "invalid_grant", "Bad credentials"),
        15 => says(400, "invalid_grant", "User account is locked"),
        other => panic!("no line {other}"),
    }
}

/// Otherwise a good request; Gus is locked, so that he is good for line 15 and Noor for all others.
fn request(fails: &[u8]) -> Request<Body> {
    let on = |line: u8| fails.contains(&line);
    let email = if on(15) { demo::GUS } else { demo::NOOR };
    let mut fields = vec![
        ("client_id", if on(10) { "narrow" } else { demo::CLIENT }),
        ("client_secret", if on(7) { "wrong" } else { "fixstream" }),
        ("password", if on(14) { "not the password" } else { demo::password(email) }),
    ];
    if !on(8) {
        fields.push(("grant_type", if on(9) { "implicit" } else { "password" }));
    }
    if !on(12) {
        fields.push(("username", email));
    }
    if on(11) {
        fields.push(("scope", "admin"));
    }
    if on(5) {
        fields.extend([("foo", "1"), ("foo", "2")]);
    }
    let long = "x".repeat(LIMIT);
    if on(4) {
        fields.push(("pad", &long));
    }
    let media = if on(3) { "application/json" } else { "Application/X-WWW-Form-Urlencoded; charset=UTF-8" };
    let mut request = Request::builder()
        .method(if on(1) { Method::PUT } else { Method::POST })
        .uri(if on(2) { format!("{TOKEN}?password=x") } else { TOKEN.to_owned() })
        .header(CONTENT_TYPE, media);
    if on(6) {
        request = request.header(AUTHORIZATION, "Bearer abc");
    }
    request.body(encoded(&fields).into()).unwrap()
}

/// A desk at which `fails` may fail: where line 13 is among them, the address has used its share.
async fn desk(crowded: bool) -> Desk {
    let desk = Desk::with(Setup::on(Engine::Sqlite), |config| {
        config.body_bytes = LIMIT;
        config.sign_in_per_ip = u32::from(crowded);
    });
    let desk = desk.await;
    desk.add_client("narrow", Some("fixstream"), "client_credentials", "read write trust").await;
    desk.house.sql("UPDATE users SET locked = TRUE WHERE email = 'gus.lind@northwind.example'").await;
    if crowded {
        assert_eq!(desk.send(request(&[])).await.status, 200, "the one sign-in of this minute");
    }
    desk
}

fn check(reply: &Reply, fails: &[u8]) {
    let first = *fails.iter().min().unwrap();
    assert_eq!(reply.said(), wanted(first), "lines {fails:?}");
    assert_eq!(reply.header("pragma"), Some("no-cache"), "lines {fails:?}");
    let header = |name| reply.header(name).is_some();
    assert_eq!(header("allow"), first == 1, "lines {fails:?}");
    assert_eq!(header("www-authenticate"), first == 7, "lines {fails:?}");
    assert_eq!(header("retry-after"), first == 13, "lines {fails:?}");
}

#[tokio::test]
async fn case_8_each_line_alone() {
    let (calm, crowded) = (desk(false).await, desk(true).await);
    assert_eq!(calm.send(request(&[])).await.status, 200, "without a fault there is a token");
    for line in LINES {
        let desk = if line == 13 { &crowded } else { &calm };
        check(&desk.send(request(&[line])).await, &[line]);
    }
}

#[tokio::test]
async fn case_8_of_two_lines_the_first_one_answers() {
    let (calm, crowded) = (desk(false).await, desk(true).await);
    for first in LINES {
        for second in first + 1..=15 {
            // No grant type cannot be an unknown one, too.
            if (first, second) == (8, 9) {
                continue;
            }
            let fails = [first, second];
            let desk = if fails.contains(&13) { &crowded } else { &calm };
            check(&desk.send(request(&fails)).await, &fails);
        }
    }
}
