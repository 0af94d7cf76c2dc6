//! The sites and networks of a tenant.

use serde_json::{Value, json};
use testkit::Server;

use super::{ask, fault, refusal};

#[tokio::test]
async fn sites_come_change_and_go() {
    let server = Server::start().await;
    let (mira, noor) = (server.mira().await, server.noor().await);
    let sites = "/v1/tenants/northwind/sites";
    let new = json!({"key": "far", "name": "Faro"});
    let made = ask(&server, &mira, &format!("POST {sites}"), new.clone()).await.expect(201).json();
    let one = format!("{sites}/{}", made["id"].as_str().unwrap());
    assert_eq!(refusal(&ask(&server, &mira, &format!("POST {sites}"), new).await).0, 409);
    assert_eq!(
        refusal(&ask(&server, &noor, &format!("POST {sites}"), json!({"key": "x", "name": "x"})).await).0,
        403
    );
    let first = ask(&server, &noor, &format!("GET {sites}?limit=2"), Value::Null).await.expect(200).json();
    assert_eq!((&first["items"][0]["key"], &first["items"][1]["key"]), (&json!("far"), &json!("lis")));
    let after = first["next"].as_str().unwrap();
    let second = ask(&server, &noor, &format!("GET {sites}?after={after}"), Value::Null).await.json();
    assert_eq!((&second["items"][0]["key"], &second["next"]), (&json!("por"), &Value::Null));
    let named =
        ask(&server, &mira, &format!("PATCH {one}"), json!({"name": "Faro Sul"})).await.expect(200).json();
    assert_eq!(named, json!({"id": made["id"], "key": "far", "name": "Faro Sul"}));
    assert_eq!(
        fault(&ask(&server, &mira, &format!("PATCH {one}"), json!({"key": "x"})).await),
        (400, "key".to_owned())
    );
    assert_eq!(
        fault(&ask(&server, &mira, &format!("PATCH {one}"), json!({"name": " "})).await),
        (400, "name".to_owned())
    );
    // The same id through another tenant's path.
    let otto = server.otto().await;
    let elsewhere = one.replace("northwind", "contoso");
    for line in ["GET", "DELETE"] {
        assert_eq!(ask(&server, &otto, &format!("{line} {elsewhere}"), Value::Null).await.status, 404);
    }
    assert_eq!(ask(&server, &otto, &format!("PATCH {elsewhere}"), json!({"name": "Mine"})).await.status, 404);
    assert_eq!(ask(&server, &mira, &format!("DELETE {one}"), Value::Null).await.status, 204);
    assert_eq!(ask(&server, &mira, &format!("GET {one}"), Value::Null).await.status, 404);
    let told = server.sql("SELECT action FROM audit WHERE action LIKE 'site.%' ORDER BY at, id").await;
    assert_eq!(told.len(), 3);
}

#[tokio::test]
async fn networks_are_replaced_whole() {
    let server = Server::start().await;
    let (mira, gus) = (server.mira().await, server.gus().await);
    let path = "/v1/tenants/northwind/networks";
    let seen = ask(&server, &gus, &format!("GET {path}"), Value::Null).await.expect(200).json();
    assert_eq!(seen, json!({"private": ["10.0.0.0/8", "192.168.0.0/16"], "partner": ["203.0.113.0/24"]}));
    let body = json!({"private": ["10.1.2.3/8", "2001:db8::/32", "10.0.0.0/8"], "partner": []});
    let put = ask(&server, &mira, &format!("PUT {path}"), body.clone()).await.expect(200).json();
    assert_eq!(put, json!({"private": ["10.0.0.0/8", "2001:db8::/32"], "partner": []}));
    assert_eq!(ask(&server, &gus, &format!("GET {path}"), Value::Null).await.json(), put);
    assert_eq!(refusal(&ask(&server, &gus, &format!("PUT {path}"), body).await).0, 403);
    for (bad, field) in [
        (json!({"private": ["10.0.0.0"], "partner": []}), "private"),
        (json!({"private": [], "partner": ["x/8"]}), "partner"),
        (json!({"private": []}), "partner"),
        (json!({"private": [7], "partner": []}), "private"),
        (json!({"private": vec!["10.0.0.0/8"; 1001], "partner": []}), "private"),
    ] {
        assert_eq!(fault(&ask(&server, &mira, &format!("PUT {path}"), bad).await), (400, field.to_owned()));
    }
    let third = json!({"private": ["10.0.0.0/8", "::/0", "10.0.0.0/33", "x"], "partner": []});
    let told = ask(&server, &mira, &format!("PUT {path}"), third).await.json()["fields"].clone();
    let message = "entry 3 must be a network like 10.0.0.0/8 or 2001:db8::/32";
    assert_eq!(told, json!([{"field": "private", "message": message}]));
}
