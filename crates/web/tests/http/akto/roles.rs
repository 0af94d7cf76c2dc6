//! `POST /api/getCustomRoles` and `POST /api/getRoleHierarchy`.

use serde_json::json;
use testkit::demo;

use super::{call, gus, mira, otto};
use crate::kit::{Herald, with_body};
use crate::other;

const CUSTOM: &str = "/api/getCustomRoles";
const HIERARCHY: &str = "/api/getRoleHierarchy";

#[tokio::test]
async fn case_01_custom_roles_of_northwind() {
    let herald = Herald::demo().await;
    insta::assert_json_snapshot!("custom_roles", herald.send(call(CUSTOM, mira(), "")).await.shown());
    assert_eq!(
        herald.send(call(CUSTOM, gus(), "")).await.body,
        herald.send(call(CUSTOM, mira(), "{}")).await.body
    );
}

#[tokio::test]
async fn case_13_contoso_has_none() {
    let herald = Herald::demo().await;
    assert_eq!(herald.send(call(CUSTOM, otto(), "")).await.body, r#"{"roles":[]}"#);
    // The body names no account.
    let body = r#"{"accountId":1712000111,"account":"northwind"}"#;
    assert_eq!(herald.send(call(CUSTOM, otto(), body)).await.body, r#"{"roles":[]}"#);
}

#[tokio::test]
async fn another_worlds_custom_roles() {
    let herald = Herald::of(WORLD).await;
    insta::assert_json_snapshot!("other_custom_roles", herald.send(call(CUSTOM, IDA, "")).await.json());
    // Later ones come later, whatever they are called.
    herald.at.advance(testkit::minutes(1));
    herald.apply(LATER).await;
    let names: Vec<_> = herald.send(call(CUSTOM, IDA, "")).await.json()["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["PLAIN", "Zeta Ünï", "a role alone", "aardvark first"]);
}

#[tokio::test]
async fn case_11_each_row_of_the_table() {
    for (role, row) in [
        ("admin", &["ADMIN", "MEMBER", "DEVELOPER", "GUEST", "THREAT_ENGINEER", "THREAT_VIEWER"][..]),
        ("member", &["MEMBER", "DEVELOPER", "GUEST"]),
        ("developer", &["DEVELOPER", "GUEST"]),
        ("guest", &["GUEST"]),
        ("threat_engineer", &["THREAT_ENGINEER", "THREAT_VIEWER", "DEVELOPER", "MEMBER", "GUEST"]),
        ("threat_viewer", &["THREAT_VIEWER", "DEVELOPER", "MEMBER", "GUEST"]),
    ] {
        let world = one(&format!("roles = [\"{role}\"]"), "");
        let herald = Herald::of(&world).await;
        let answer = herald.send(call(HIERARCHY, ONE, "")).await;
        assert_eq!(answer.json(), json!({"userRoleHierarchy": row}), "{role}");
    }
    let herald = Herald::of(&one("roles = [\"no_access\"]", "")).await;
    assert_eq!(herald.send(call(HIERARCHY, ONE, "")).await.status, 403);
}

#[tokio::test]
async fn case_11_the_people_of_the_demo() {
    let herald = Herald::demo().await;
    insta::assert_json_snapshot!("hierarchy_of_mira", herald.send(call(HIERARCHY, mira(), "")).await.shown());
    for (email, row) in [
        (demo::GUS, json!(["GUEST"])),
        (demo::RAGU, json!(["DEVELOPER", "GUEST"])),
        (demo::NOOR, json!(["MEMBER", "DEVELOPER", "GUEST"])),
        (demo::TOVA, json!(["DEVELOPER", "GUEST"])),
    ] {
        let token = herald.at.sign_in(email).await.token;
        let answer = herald.send(call(HIERARCHY, &token, "")).await;
        assert_eq!(answer.json(), json!({"userRoleHierarchy": row}), "{email}");
    }
}

#[tokio::test]
async fn case_11_several_roles_the_highest_first() {
    let herald = Herald::of(&one("roles = [\"guest\", \"member\", \"threat_viewer\"]", "")).await;
    let row = ["THREAT_VIEWER", "DEVELOPER", "MEMBER", "GUEST"];
    assert_eq!(herald.send(call(HIERARCHY, ONE, "")).await.json(), json!({"userRoleHierarchy": row}));
    let roles = "[[role]]\nkey = \"desk\"\ntenant = \"oak\"\nlevel = 1\npermissions = [\"roles:read\"]\n\
        assigns = [\"desk\", \"guest\", \"threat_viewer\"]\n";
    let herald = Herald::of(&one("roles = [\"developer\", \"desk\"]", roles)).await;
    let row = ["GUEST", "THREAT_VIEWER", "DEVELOPER"];
    assert_eq!(herald.send(call(HIERARCHY, ONE, "")).await.json(), json!({"userRoleHierarchy": row}));
}

#[tokio::test]
async fn case_11_a_cap_cuts_the_row() {
    let herald = Herald::demo().await;
    let bearer = format!("Bearer {}", herald.at.sign_in(demo::MIRA).await.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let minted = with_body("POST", "/v1/me/tokens", &headers, r#"{"name":"ci","role":"developer"}"#);
    let key = herald.send(minted).await.json()["token"].as_str().unwrap().to_owned();
    let answer = herald.send(call(HIERARCHY, &key, "")).await;
    assert_eq!(answer.json(), json!({"userRoleHierarchy": ["DEVELOPER", "GUEST"]}));
    // The cap says nothing about who she is.
    assert_eq!(herald.send(call("/api/me", &key, "")).await.json()["user"]["role"], "ADMIN");
}

#[tokio::test]
async fn a_custom_role_taken_away_is_felt_at_once() {
    let herald = Herald::of(other::WORLD).await;
    herald.at.hear().await;
    let before = herald.send(call(HIERARCHY, other::BO, "")).await.json();
    assert_eq!(before["userRoleHierarchy"][0], "THREAT_VIEWER");
    herald
        .apply(
            "[[tenant]]\nkey = \"alder\"\nname = \"A\"\n[[user]]\nemail = \"bo@alder.example\"\n\
             [[user.membership]]\ntenant = \"alder\"\nroles = [\"guest\"]\n",
        )
        .await;
    herald.at.hear().await;
    assert_eq!(
        herald.send(call(HIERARCHY, other::BO, "")).await.json(),
        json!({"userRoleHierarchy": ["GUEST"]})
    );
}

const ONE: &str = "one-of-oak-00000000000000000000000000001";

/// One person with these roles, and more tables.
fn one(roles: &str, more: &str) -> String {
    format!(
        "[[tenant]]\nkey = \"oak\"\nname = \"Oak\"\n{more}\n[[user]]\nemail = \"one@oak.example\"\n\
         [[user.membership]]\ntenant = \"oak\"\n{roles}\n\
         [[token]]\nowner = \"one@oak.example\"\ntenant = \"oak\"\nname = \"k\"\nsecret = \"{ONE}\"\n"
    )
}

const IDA: &str = "ida-of-ivy-00000000000000000000000000001";

const WORLD: &str = r#"
[[tenant]]
key = "ivy"
name = "Ivy"
[[tenant]]
key = "fir"
name = "Fir"
[[role]]
key = "plain"
tenant = "ivy"
base = "threat_engineer"
[[role]]
key = "zeta"
name = "Zeta Ünï"
tenant = "ivy"
base = "no_access"
features = ["B", "a"]
collections = [-5, 9007199254740991]
[[role]]
key = "alone"
name = "a role alone"
tenant = "ivy"
permissions = ["tokens:read"]
[[role]]
key = "everywhere"
base = "guest"
[[role]]
key = "firs"
tenant = "fir"
base = "guest"
[[user]]
email = "ida@ivy.example"
[[user.membership]]
tenant = "ivy"
roles = ["guest"]
[[token]]
owner = "ida@ivy.example"
tenant = "ivy"
name = "k"
secret = "ida-of-ivy-00000000000000000000000000001"
"#;

const LATER: &str = r#"
[[tenant]]
key = "ivy"
name = "Ivy"
[[role]]
key = "aardvark"
name = "aardvark first"
tenant = "ivy"
base = "guest"
"#;
