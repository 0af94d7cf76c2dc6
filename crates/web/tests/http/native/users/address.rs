//! Another address for oneself, over HTTP: `current_password` beside `email`.

use serde_json::{Value, json};
use testkit::demo;

use super::Stage;

const NEW: &str = "noor@elsewhere.example";

#[tokio::test]
async fn ones_own_address_asks_for_the_current_password() {
    let stage = Stage::set().await;
    let (noor, id) = (stage.token(demo::NOOR).await, stage.id(demo::NOOR).await);
    let line = format!("PATCH /v1/users/{id}");
    let missing = stage.ask(&line, &noor, &json!({"email": NEW})).await;
    assert_eq!((missing.status.as_u16(), &missing.json()["code"]), (400, &json!("invalid_field")));
    assert_eq!(missing.json()["fields"][0]["field"], "current_password");
    for (password, said) in [
        (json!("a guess of a thief"), (403, "wrong_password")),
        (json!(7), (400, "invalid_field")),
        (json!(""), (403, "wrong_password")),
        (Value::Null, (400, "invalid_field")),
    ] {
        let (status, code) =
            stage.says(&line, &noor, json!({"email": NEW, "current_password": password})).await;
        assert_eq!((status, code.as_str()), said, "{password}");
    }
    let body = json!({"email": NEW, "current_password": demo::password(demo::NOOR)});
    let key = stage.ask("POST /v1/me/tokens", &noor, &json!({"name": "k"})).await.json()["token"].clone();
    let key = stage.ask(&line, key.as_str().unwrap(), &body).await;
    assert_eq!(
        (key.status.as_u16(), &key.json()["code"]),
        (403, &json!("forbidden")),
        "a key is not its owner"
    );
    let changed = stage.ask(&line, &noor, &body).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!((&changed.json()["email"], &changed.json()["verified"]), (&json!(NEW), &json!(false)));
    assert!(!changed.text.contains("password"), "{}", changed.text);
    assert_eq!(stage.see("/v1/me", &noor).await.json()["user"]["email"], NEW, "the session goes on");
}

#[tokio::test]
async fn what_is_not_the_address_and_whose_it_is_not_ask_for_none() {
    let stage = Stage::set().await;
    let (noor, mira) = (stage.token(demo::NOOR).await, stage.token(demo::MIRA).await);
    let line = format!("PATCH /v1/users/{}", stage.id(demo::NOOR).await);
    for body in [json!({"name": "N."}), json!({"email": demo::NOOR})] {
        assert_eq!(stage.says(&line, &noor, body).await.0, 200);
    }
    // Noor is in northwind alone, so its administrator may.
    assert_eq!(stage.says(&line, &mira, json!({"email": NEW})).await.0, 200);
}
