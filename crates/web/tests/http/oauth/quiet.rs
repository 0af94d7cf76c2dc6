//! Case 11: what is sent is nowhere written down.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use testkit::demo;

use super::desk::{Desk, TOKEN, client, encoded, get, post};
use crate::heard::Heard;

#[tokio::test]
async fn case_11_no_log_line_span_or_metric_holds_a_value() {
    let heard = Heard::listen();
    let desk = Desk::open().await;

    let secret = "q5Xv-in-the-url";
    let fields =
        [("grant_type", "password"), ("username", "w7Kz@example.org"), ("password", "m2Rt in the body")];
    let form = encoded(&[&fields[..], &client()].concat());
    for uri in [format!("{TOKEN}?password={secret}"), format!("{TOKEN}?{secret}=1"), TOKEN.to_owned()] {
        let request = post(&uri).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let reply = desk.send(request.body(form.clone().into()).unwrap()).await;
        assert_eq!(reply.status, 400);
        assert!(!reply.body.contains(secret));
    }
    let (access, refresh) = desk.sign_in(demo::NOOR).await;
    desk.detail(&access).await;
    desk.detail(&format!("{access}x")).await;
    desk.refresh(&refresh, &[]).await;
    let metrics = desk.send(get("/metrics").body(Body::empty()).unwrap()).await;
    assert_eq!(metrics.status, 200);

    let logged = heard.text();
    assert!(logged.contains(TOKEN), "something was logged: {logged}");
    let secrets = [secret, "w7Kz", "m2Rt", "fixstream\"", &access, &refresh, demo::password(demo::NOOR)];
    for told in [&logged, &metrics.body] {
        for secret in secrets {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
    }
}
