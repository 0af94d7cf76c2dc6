//! What the token endpoint answers, whole: status, the headers that matter, body.

use testkit::demo;

use super::desk::{Desk, Reply};

const HEADERS: [&str; 6] =
    ["allow", "cache-control", "content-type", "pragma", "retry-after", "www-authenticate"];

/// The reply as text; what is new every time is named only.
pub fn shown(reply: &Reply, new: &[&str]) -> String {
    let mut body = reply.json();
    for key in new {
        body[key] = format!("({key})").into();
    }
    let headers = HEADERS.into_iter().filter_map(|name| Some(format!("{name}: {}", reply.header(name)?)));
    let head: Vec<String> = std::iter::once(reply.status.to_string()).chain(headers).collect();
    format!("{}\n\n{}\n", head.join("\n"), serde_json::to_string_pretty(&body).unwrap())
}

const NEW: [&str; 3] = ["access_token", "refresh_token", "jti"];

#[tokio::test]
async fn a_token_of_the_demo_world() {
    let desk = Desk::open().await;
    let reply = desk.password(demo::MIRA, demo::password(demo::MIRA), &[("scope", "read write trust")]).await;
    insta::assert_snapshot!(shown(&reply, &NEW));
}

#[tokio::test]
async fn a_token_for_somebody_of_whom_little_is_known() {
    let desk = Desk::open().await;
    let change = "UPDATE users SET name = NULL, user_group = 'Löwen \"A\"' WHERE email = 'noor.aziz@northwind.example'";
    desk.house.sql(change).await;
    let reply = desk.password(demo::NOOR, demo::password(demo::NOOR), &[("scope", "trust,read")]).await;
    insta::assert_snapshot!(shown(&reply, &NEW));
}

#[tokio::test]
async fn refusals() {
    let desk = Desk::open().await;
    let replies = [
        desk.password(demo::MIRA, "wrong", &[]).await,
        desk.password(demo::TOVA, demo::password(demo::TOVA), &[]).await,
        desk.refresh("hr_unknown", &[]).await,
        desk.form(&[("client_id", demo::CLIENT), ("client_secret", "wrong")]).await,
        desk.send(super::desk::get(super::desk::TOKEN).body(axum::body::Body::empty()).unwrap()).await,
    ];
    let all: Vec<String> = replies.iter().map(|reply| shown(reply, &[])).collect();
    insta::assert_snapshot!(all.join("\n"));
}
