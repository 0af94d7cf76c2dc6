//! Case 11: what is sent is nowhere written down.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use testkit::demo;

use super::desk::{Desk, TOKEN, client, encoded, get, post};

/// Everything that was logged.
#[derive(Clone, Default)]
struct Pages(Arc<Mutex<Vec<u8>>>);

impl Write for Pages {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn case_11_no_log_line_span_or_metric_holds_a_value() {
    let pages = Pages::default();
    let writer = pages.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // The test's runtime has one thread, so that this subscriber hears all of it.
    let guard = tracing::subscriber::set_default(subscriber);
    // With one subscriber alone, a log line that another test reaches first would be off for this one as well.
    let second = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(std::io::sink);
    let second = tracing::Dispatch::new(second.finish());
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
    drop((guard, second));

    let logged = String::from_utf8(pages.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains(TOKEN), "something was logged: {logged}");
    let secrets = [secret, "w7Kz", "m2Rt", "fixstream\"", &access, &refresh, demo::password(demo::NOOR)];
    for told in [&logged, &metrics.body] {
        for secret in secrets {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
    }
}
