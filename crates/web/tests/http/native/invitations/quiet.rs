//! Nothing of a token in a log line, in the audit trail, or in a refusal.

use serde_json::json;

use super::{NEU, PASSWORD, mailing};
use crate::heard::Heard;

/// On one thread, so that the lines of every task are caught.
#[tokio::test(flavor = "current_thread")]
async fn a_token_is_told_to_nobody() {
    let heard = Heard::listen();
    let (server, mail) = mailing().await;
    let mira = server.mira().await;
    // A server that repeats what it was sent, as some do.
    mail.refuse(&["451 4.7.1 suspicious: http://127.0.0.1:8080/invitation#token=hi_ and more"]);
    let body = json!({"email": NEU, "roles": ["guest"]});
    server.post("/v1/tenants/northwind/invitations").by(&mira).json(&body).send().await.expect(201);
    let token = mail.wait(1).await.token();
    let wrong = format!("{token}x");
    let refused = server.post("/v1/invitations/accept").json(&json!({"token": wrong, "password": PASSWORD}));
    let refused = refused.send().await.expect(400).text();
    let body = json!({"token": token, "password": PASSWORD});
    server.post("/v1/invitations/accept").json(&body).send().await.expect(200);
    let told = format!("{:?}", server.sql("SELECT * FROM audit").await);
    // The mail server has the letter a moment before the log says so.
    for _ in 0..200 {
        if heard.text().contains("a letter was handed to the mail server") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let logged = heard.text();
    assert!(
        logged.contains("a letter was not sent; tried again") && logged.contains("refused (451)"),
        "{logged}"
    );
    assert!(logged.contains("a letter was handed to the mail server"), "{logged}");
    for secret in [&token[3..], &token[3..12], "token=", PASSWORD] {
        for (place, text) in [("log", &logged), ("audit", &told), ("refusal", &refused)] {
            assert!(!text.contains(secret), "{secret} in the {place}");
        }
    }
}
