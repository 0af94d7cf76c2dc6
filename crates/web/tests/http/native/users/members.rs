//! Members of a tenant.

use serde_json::json;
use testkit::demo;

use super::{Stage, ok, said};

#[tokio::test]
async fn a_membership_is_changed_by_its_administrator() {
    let stage = Stage::set().await;
    let mira = stage.token(demo::MIRA).await;
    let id = stage.id(demo::GUS).await;
    let member = format!("/v1/tenants/northwind/members/{id}");
    let seen = stage.see(&member, &mira).await.json();
    assert_eq!((&seen["user"]["email"], &seen["roles"]), (&json!(demo::GUS), &json!(["guest"])));
    assert_eq!((&seen["active"], &seen["expires_at"]), (&json!(true), &json!("2031-01-01T00:00:00.000Z")));
    let change = json!({"roles": ["developer", "technician"], "sites": ["lis", "por"], "expires_at": null});
    let changed = stage.ask(&format!("PATCH {member}"), &mira, &change).await.json();
    assert_eq!(
        (&changed["roles"], &changed["expires_at"]),
        (&json!(["technician", "developer"]), &json!(null))
    );
    assert_eq!(changed["sites"].as_array().unwrap().len(), 2);
    let again = stage.ask(&format!("PATCH {member}"), &mira, &change).await.json();
    assert_eq!(again, changed);
    let told = "SELECT id FROM audit WHERE action = 'member.changed'";
    assert_eq!(stage.herald.sql(told).await.len(), 1, "what changes nothing is not told");
    let gus = stage.token(demo::GUS).await;
    assert_eq!(
        stage.says(&format!("PATCH {member}"), &gus, json!({"roles": ["admin"]})).await,
        said(403, "forbidden")
    );
    assert_eq!(stage.says(&format!("DELETE {member}"), &mira, json!({})).await, ok(204));
    assert_eq!(stage.says(&format!("DELETE {member}"), &mira, json!({})).await, said(404, "not_found"));
}

#[tokio::test]
async fn who_is_elsewhere_is_added_by_operators_alone() {
    let stage = Stage::set().await;
    let (root, mira) = (stage.token(demo::ROOT).await, stage.token(demo::MIRA).await);
    let members = "POST /v1/tenants/northwind/members";
    let otto = json!({"email": demo::OTTO, "roles": ["guest"], "sites": ["lis"], "expires_at": "2030-01-01T00:00:00Z"});
    assert_eq!(stage.says(members, &mira, otto.clone()).await, said(403, "forbidden"));
    let nobody = json!({"email": "nobody@nowhere.example"});
    assert_eq!(
        stage.says(members, &mira, nobody.clone()).await,
        said(403, "forbidden"),
        "nor does he learn who is there"
    );
    assert_eq!(stage.says(members, &root, nobody).await, said(404, "not_found"));
    let added = stage.ask(members, &root, &otto).await;
    assert_eq!((added.status.as_u16(), &added.json()["sites"][0]["key"]), (201, &json!("lis")));
    assert_eq!(stage.says(members, &root, otto).await, said(409, "conflict"));
    let past = json!({"email": demo::ROOT, "expires_at": "2020-01-01T00:00:00Z"});
    assert_eq!(stage.says(members, &root, past).await, said(400, "invalid_field"));
    let both = json!({"email": demo::ROOT, "user": stage.id(demo::ROOT).await});
    assert_eq!(stage.says(members, &root, both).await, said(400, "invalid_field"));
}

#[tokio::test]
async fn the_last_administrator_stays_and_may_hand_over() {
    let stage = Stage::set().await;
    let mira = stage.token(demo::MIRA).await;
    let (own, noor) = (stage.id(demo::MIRA).await, stage.id(demo::NOOR).await);
    let member = |id: &str| format!("/v1/tenants/northwind/members/{id}");
    for (line, body) in [
        (format!("PATCH {}", member(&own)), json!({"roles": ["member"]})),
        (format!("PATCH {}", member(&own)), json!({"active": false})),
        (format!("PATCH {}", member(&own)), json!({"expires_at": "2030-01-01T00:00:00Z"})),
        (format!("DELETE {}", member(&own)), json!({})),
    ] {
        assert_eq!(stage.says(&line, &mira, body).await, said(409, "last_administrator"), "{line}");
    }
    assert_eq!(
        stage.says(&format!("PATCH {}", member(&noor)), &mira, json!({"roles": ["admin"]})).await,
        ok(200)
    );
    assert_eq!(
        stage.says(&format!("PATCH {}", member(&own)), &mira, json!({"roles": ["member"]})).await,
        ok(200)
    );
    assert_eq!(
        stage.says(&format!("PATCH {}", member(&noor)), &mira, json!({"roles": []})).await,
        said(403, "forbidden")
    );
}
