//! The catalogue.

use serde_json::{Value, json};
use testkit::Server;

use super::super::tenants::{ask, fault, refusal};

#[tokio::test]
async fn the_catalogue_is_walked_and_grows_by_operators() {
    let server = Server::start().await;
    let (gus, mira, root) = (server.gus().await, server.mira().await, server.root().await);
    let list = ask(&server, &gus, "GET /v1/permissions?limit=200", Value::Null).await.expect(200).json();
    let items = list["items"].as_array().unwrap();
    let own = domain::permission::CATALOGUE.len();
    assert_eq!(items.len(), own + 2);
    let devices = items.iter().find(|one| one["key"] == "devices:read").unwrap();
    assert_eq!((&devices["builtin"], &devices["description"]), (&json!(false), &json!("See devices")));
    let new = json!({"key": "rooms:read", "description": "See rooms"});
    assert_eq!(refusal(&ask(&server, &mira, "POST /v1/permissions", new.clone()).await).0, 403);
    ask(&server, &root, "POST /v1/permissions", new.clone()).await.expect(201);
    assert_eq!(
        refusal(&ask(&server, &root, "POST /v1/permissions", new).await),
        (409, "conflict".to_owned())
    );
    for key in ["rooms", "installation:read", "Rooms:read", "rooms:*"] {
        assert_eq!(
            fault(&ask(&server, &root, "POST /v1/permissions", json!({"key": key})).await),
            (400, "key".to_owned())
        );
    }
    let role =
        ask(&server, &mira, "POST /v1/roles", json!({"key": "host", "permissions": ["rooms:read"]})).await;
    let one = format!("/v1/roles/{}", role.expect(201).json()["id"].as_str().unwrap());
    let withdraw = "DELETE /v1/permissions/rooms:read";
    assert_eq!(refusal(&ask(&server, &root, withdraw, Value::Null).await), (409, "in_use".to_owned()));
    assert_eq!(refusal(&ask(&server, &mira, withdraw, Value::Null).await).0, 403);
    ask(&server, &mira, &format!("PATCH {one}"), json!({"permissions": ["rooms:*"]})).await.expect(200);
    assert_eq!(ask(&server, &root, withdraw, Value::Null).await.status, 204);
    assert_eq!(ask(&server, &root, withdraw, Value::Null).await.status, 404);
    let own = ask(&server, &root, "DELETE /v1/permissions/users:read", Value::Null).await;
    assert_eq!(refusal(&own), (409, "builtin".to_owned()));
    assert_eq!(ask(&server, &root, "DELETE /v1/permissions/x", Value::Null).await.status, 404);
}
