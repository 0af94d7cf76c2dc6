//! What Aegis calls a role names one role: `guest` is `view`, and no other can be.

use std::collections::BTreeMap;

use domain::Builtin;
use serde_json::{Value, json};
use testkit::{Actor, Engine, Setup, demo};

use super::{call, get, mira};
use crate::kit::Herald;

/// Keys of the roles that members of northwind may hold.
async fn keys(herald: &Herald, by: &Actor) -> Vec<String> {
    let list = herald.at.get("/v1/roles?limit=200").by(by).send().await.expect(200).json();
    list["items"].as_array().unwrap().iter().map(|role| role["key"].as_str().unwrap().to_owned()).collect()
}

async fn make(herald: &Herald, by: &Actor, body: Value) -> (u16, Value) {
    let answer = herald.at.post("/v1/roles").by(by).json(&body).send().await;
    (answer.status.as_u16(), answer.json()["detail"].clone())
}

#[tokio::test]
async fn no_custom_role_takes_a_name_that_is_taken() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let (mira, root) = (herald.at.mira().await, herald.at.root().await);
        let taken = (409, json!("The key is taken."));
        for key in Builtin::ALL.map(Builtin::key).into_iter().chain(["view"]) {
            assert_eq!(make(&herald, &mira, json!({"key": key, "base": "guest"})).await, taken, "{key}");
            assert_eq!(make(&herald, &root, json!({"key": key})).await, taken, "{key} for all");
            let named = json!({"key": key, "tenant": "northwind"});
            assert_eq!(make(&herald, &root, named).await, taken, "{key} by an operator");
        }
        // What only looks alike is another key.
        for key in ["views", "view-", "0view"] {
            assert_eq!(make(&herald, &mira, json!({"key": key, "base": "guest"})).await.0, 201, "{key}");
        }
        for no_key in ["View", "VIEW", " view", "vi\u{435}w"] {
            assert_eq!(make(&herald, &mira, json!({"key": no_key})).await.0, 400, "{no_key}");
        }
    }
}

#[tokio::test]
async fn no_two_roles_of_a_tenant_have_one_name() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let by = herald.at.mira().await;
        for key in ["visitor", "views"] {
            assert_eq!(make(&herald, &by, json!({"key": key, "base": "guest"})).await.0, 201);
        }
        let gus = format!("/api/users/{}", demo::GUS);
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        // Nobody gives `no_access`; it is written as its key.
        for key in keys(&herald, &by).await.into_iter().filter(|key| key != "no_access") {
            let put = async |role: &str| {
                let body = json!({"role": role}).to_string();
                assert_eq!(call(&herald, "PUT", &gus, mira(), &body).await.status, 200, "{role}");
                herald.send(get(&gus, mira())).await.json()[0]["role"].as_str().unwrap().to_owned()
            };
            let name = put(&key).await;
            // Written back behind another role, the name leads to the role that it was read from.
            put(if key == "member" { "developer" } else { "member" }).await;
            assert_eq!(put(&name).await, name);
            let held = herald.at.sql(
                "SELECT r.key FROM membership_roles mr JOIN roles r ON r.id = mr.role_id \
                 JOIN users u ON u.id = mr.user_id WHERE u.email LIKE 'gus%'",
            );
            assert_eq!(held.await, [[Some(key.clone())]], "{name}");
            assert_eq!(names.insert(name, key), None);
        }
        assert_eq!(names.get("view").map(String::as_str), Some("guest"));
        assert!(names.len() >= 10 && !names.contains_key("guest") && !names.contains_key("no_access"));
    }
}
