//! Another world than the demo's: other roles, tenants, networks, keys.

use serde_json::{Value, json};
use testkit::{Engine, Setup};

use super::call;
use crate::kit::{Herald, with_body};

const IDA: &str = "ida-leads-the-shift-0000000000000000000001";
const JAN: &str = "jan-sees-two-of-them-000000000000000000002";
const LOU: &str = "lou-of-the-harbour-00000000000000000000003";
const HOOK: &str = "https://hooks.quarry.example/ein/geheimer/pfad";

async fn quarry(engine: Engine) -> Herald {
    let secret = |config: &mut app::Config| config.stigg_signing_secret = Some("another secret, ü".into());
    let herald = Herald::with(Setup::on(engine).config(secret)).await;
    herald.apply(WORLD).await;
    herald
}

async fn ask(herald: &Herald, path: &str, key: &str, body: &Value) -> Value {
    herald.send(call(path, key, body.to_string())).await.json()
}

/// Observes each address on an endpoint of its own, and reads the access types again.
async fn judged(herald: &Herald, key: &str, seen: &[(&str, &str)]) -> Vec<Value> {
    let line = |(n, (side, address)): (usize, &(&str, &str))| {
        let direction = if *side == "source" { "incoming" } else { "outgoing" };
        json!({"collection": 7 + n % 2, "method": "GET", "url": format!("/{n}"), "direction": direction, *side: address})
            .to_string()
    };
    let lines: Vec<String> = seen.iter().enumerate().map(line).collect();
    let headers = [("x-api-key", key), ("content-type", "application/x-ndjson")];
    let sent = with_body("POST", "/v1/endpoints/observations", &headers, lines.join("\n"));
    assert_eq!(herald.send(sent).await.json()["kept"], seen.len());
    let urls: Vec<String> = (0..seen.len()).map(|n| format!("/{n}")).collect();
    let found = ask(herald, "/api/getAccessTypes", key, &json!({ "urls": urls })).await;
    found["apiInfos"].as_array().unwrap().iter().map(|info| info["accessType"].clone()).collect()
}

const SEEN: [(&str, &str); 6] = [
    ("source", "fd12::1"),
    ("source", "[2001:db8:1::5]:443"),
    ("source", "2001:db8:2::1"),
    ("source", "::ffff:172.31.255.255"),
    ("source", "172.32.0.1"),
    ("destination", "2001:db8:1::9"),
];

#[tokio::test]
async fn networks_and_collections_are_the_tenants_own() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = quarry(engine).await;
        let types = judged(&herald, IDA, &SEEN).await;
        assert_eq!(types, ["PRIVATE", "PARTNER", "PUBLIC", "PRIVATE", "PUBLIC", "PARTNER"].map(Value::from));
        // The harbour calls all of IPv4 its own.
        let types = judged(&herald, LOU, &SEEN).await;
        assert_eq!(
            types,
            ["PUBLIC", "PUBLIC", "PUBLIC", "PRIVATE", "PRIVATE", "THIRD_PARTY"].map(Value::from)
        );
        let urls = json!({"urls": ["/5", "/4", "/3", "/2", "/1", "/0"]});
        let his = ask(&herald, "/api/getAccessTypes", JAN, &urls).await;
        let his: Vec<_> =
            his["apiInfos"].as_array().unwrap().iter().map(|info| info["url"].clone()).collect();
        assert_eq!(his, ["/4", "/2", "/0"].map(Value::from), "of collection 7 alone");
    }
}

#[tokio::test]
async fn roles_and_what_they_give_are_data() {
    let herald = quarry(Engine::Sqlite).await;
    let custom = ask(&herald, "/api/getCustomRoles", IDA, &json!({})).await;
    let shown = |row: &Value| format!("{} {} {}", row["name"], row["baseRole"], row["apiCollectionIds"]);
    let custom: Vec<String> = custom["roles"].as_array().unwrap().iter().map(shown).collect();
    let quarrys = [r#""AUDITOR" "GUEST" [7,-9]"#, r#""Shift Lead" "THREAT_VIEWER" []"#];
    assert_eq!(custom, quarrys);
    let harbours = ask(&herald, "/api/getCustomRoles", LOU, &json!({})).await;
    assert_eq!((&harbours["roles"][0]["name"], &harbours["roles"][1]), (&json!("NIGHT"), &Value::Null));
    for (key, role, row) in [
        (IDA, "THREAT_VIEWER", &["THREAT_VIEWER", "DEVELOPER", "MEMBER", "GUEST"][..]),
        (JAN, "GUEST", &["GUEST"]),
        (LOU, "MEMBER", &["MEMBER", "DEVELOPER", "GUEST"]),
    ] {
        let hierarchy = ask(&herald, "/api/getRoleHierarchy", key, &json!({})).await;
        assert_eq!(hierarchy, json!({ "userRoleHierarchy": row }));
        assert_eq!(ask(&herald, "/api/me", key, &json!({})).await["user"]["role"], role);
    }
}

#[tokio::test]
async fn the_signature_is_made_with_the_secret_that_is_set() {
    let herald = quarry(Engine::Sqlite).await;
    let path = "/api/getCustomerStiggDetails";
    let token = ask(&herald, path, JAN, &json!({"customerId": "6F1D2C3B-4A59-4687-9A0B-C1D2E3F40516"})).await;
    // Computed by another program.
    let hex = "00c743fa1a24b9daf41e7c0862d967fdf9b5459f551b52b614ecc4c903a20675";
    let expected = format!("HMAC-SHA256 6f1d2c3b-4a59-4687-9a0b-c1d2e3f40516:{hex}");
    assert_eq!(token, json!({ "customerToken": expected }));
    let foreign =
        ask(&herald, path, LOU, &json!({"customerId": "6f1d2c3b-4a59-4687-9a0b-c1d2e3f40516"})).await;
    assert_eq!(foreign, json!({"actionErrors": ["No such organization found"]}));
}

/// Keys are shown to their owner, and stand nowhere in the files of the store.
#[tokio::test]
async fn what_is_shown_again_is_sealed_at_rest() {
    let herald = quarry(Engine::Sqlite).await;
    let listed = ask(&herald, "/api/fetchApiTokens", IDA, &json!({})).await;
    let keys: Vec<_> =
        listed["apiTokenList"].as_array().unwrap().iter().map(|row| row["key"].clone()).collect();
    assert_eq!(keys, [json!(IDA), json!(HOOK)]);
    let file = herald.at.place().file();
    let mut all = Vec::new();
    for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
        all.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let stands = |text: &str| all.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(stands("Shift Lead"), "else these are not the files");
    for secret in [IDA, JAN, LOU] {
        assert!(!stands(secret), "{secret}");
    }
}

const WORLD: &str = r#"
[[role]]
key = "lead"
name = "Shift Lead"
tenant = "quarry"
base = "threat_viewer"
[[role]]
key = "auditor"
tenant = "quarry"
base = "guest"
collections = [7, -9]
[[role]]
key = "night"
tenant = "harbour"
base = "member"

[[tenant]]
key = "quarry"
name = "Steinbruch Nord"
billing_id = "6f1d2c3b-4a59-4687-9a0b-c1d2e3f40516"
[[tenant]]
key = "harbour"
name = "Hafen"

[[user]]
email = "ida@quarry.example"
[[user.membership]]
tenant = "quarry"
roles = ["lead"]
[[user]]
email = "jan@quarry.example"
[[user.membership]]
tenant = "quarry"
roles = ["auditor"]
[[user]]
email = "lou@harbour.example"
[[user.membership]]
tenant = "harbour"
roles = ["night"]

[[token]]
owner = "ida@quarry.example"
tenant = "quarry"
name = "one"
utility = "EXTERNAL_API"
secret = "ida-leads-the-shift-0000000000000000000001"
[[token]]
owner = "jan@quarry.example"
tenant = "quarry"
name = "one"
utility = "EXTERNAL_API"
secret = "jan-sees-two-of-them-000000000000000000002"
[[token]]
owner = "lou@harbour.example"
tenant = "harbour"
name = "one"
utility = "EXTERNAL_API"
secret = "lou-of-the-harbour-00000000000000000000003"

[[webhook]]
owner = "ida@quarry.example"
tenant = "quarry"
name = "alerts"
url = "https://hooks.quarry.example/ein/geheimer/pfad"
kind = "SLACK"

[[network]]
tenant = "quarry"
private = ["fd00::/8", "172.16.0.0/12"]
partner = ["2001:db8:1::/48"]
[[network]]
tenant = "harbour"
private = ["0.0.0.0/0"]
"#;
