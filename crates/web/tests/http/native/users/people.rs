//! The person as a whole.

use serde_json::json;
use testkit::demo;

use super::{PASSWORD, Stage, capped, ok, said};

#[tokio::test]
async fn a_user_is_made_seen_changed_and_deleted() {
    let stage = Stage::set().await;
    let mira = stage.token(demo::MIRA).await;
    let body = json!({"email": " Ada.L@Northwind.Example ", "name": "Ada", "phone": "1", "metadata": {"a": 1},
        "roles": ["technician", "guest"], "sites": ["por"]});
    let made = stage.ask("POST /v1/users", &mira, &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    assert_eq!(
        (&made["email"], &made["name"], &made["metadata"]),
        (&json!("ada.l@northwind.example"), &json!("Ada"), &json!({"a": 1}))
    );
    assert_eq!(
        (&made["active"], &made["locked"], &made["operator"], &made["verified"]),
        (&json!(true), &json!(false), &json!(false), &json!(false))
    );
    let user = format!("/v1/users/{}", made["id"].as_str().unwrap());
    let seen = stage.see(&user, &mira).await.json();
    let seat = &seen["memberships"][0];
    assert_eq!(
        (&seat["tenant"]["key"], &seat["roles"], &seat["sites"][0]["key"]),
        (&json!("northwind"), &json!(["technician", "guest"]), &json!("por"))
    );
    assert_eq!(seen["default_tenant"], seat["tenant"]["id"]);
    assert_eq!(
        stage.says("POST /v1/users", &mira, json!({"email": "ADA.L@northwind.example"})).await,
        said(409, "conflict")
    );
    let change = json!({"name": null, "email": "ada@northwind.example", "active": true});
    let changed = stage.ask(&format!("PATCH {user}"), &mira, &change).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["name"]), (200, &json!(null)));
    assert_eq!(changed.json()["email"], "ada@northwind.example");
    let taken = json!({"email": demo::OTTO});
    assert_eq!(stage.says(&format!("PATCH {user}"), &mira, taken).await, said(409, "conflict"));
    assert_eq!(
        stage.see("/v1/users?search=ADA%40", &mira).await.json()["items"][0]["email"],
        "ada@northwind.example"
    );
    assert_eq!(stage.says(&format!("DELETE {user}"), &mira, json!({})).await, ok(204));
    assert_eq!(stage.see(&user, &mira).await.status, 404);
    let told = stage.herald.sql("SELECT action, reason FROM audit WHERE action LIKE 'user.%'").await;
    let mut told: Vec<String> =
        told.into_iter().map(|row| row.into_iter().flatten().collect::<Vec<_>>().join(": ")).collect();
    told.sort();
    let why = "users:write: role admin (*)";
    let wanted = [
        format!("user.changed: {why}; email ada.l@northwind.example -> ada@northwind.example; profile"),
        format!("user.created: {why}; as technician, guest"),
        format!("user.deleted: {why}; ada@northwind.example"),
    ];
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn an_operator_makes_people_anywhere_and_another_operator() {
    let stage = Stage::set().await;
    let root = stage.token(demo::ROOT).await;
    let nowhere = json!({"email": "a@x.example"});
    assert_eq!(stage.says("POST /v1/users", &root, nowhere).await, ok(201));
    let there = json!({"email": "b@x.example", "tenant": "contoso", "roles": ["admin"]});
    assert_eq!(stage.says("POST /v1/users", &root, there).await, ok(201));
    let lost = json!({"email": "c@x.example", "tenant": "nothing"});
    assert_eq!(stage.says("POST /v1/users", &root, lost).await, said(404, "not_found"));
    let homeless = json!({"email": "c@x.example", "roles": ["guest"]});
    assert_eq!(stage.says("POST /v1/users", &root, homeless).await, said(400, "invalid_field"));
    let second = json!({"email": "second@x.example", "operator": true, "password": PASSWORD});
    let made = stage.ask("POST /v1/users", &root, &second).await;
    assert_eq!((made.status.as_u16(), &made.json()["operator"]), (201, &json!(true)));
    let id = stage.id("second@x.example").await;
    assert_eq!(
        stage.says(&format!("PATCH /v1/users/{id}"), &root, json!({"operator": false})).await,
        ok(200)
    );
    let own = stage.id(demo::ROOT).await;
    let change = format!("PATCH /v1/users/{own}");
    assert_eq!(stage.says(&change, &root, json!({"operator": false})).await, said(409, "last_operator"));
}

/// An operator who is a member of one tenant alone is not that tenant's administrator's.
#[tokio::test]
async fn who_runs_the_installation_is_nobody_elses() {
    let stage = Stage::set().await;
    let (root, mira) = (stage.token(demo::ROOT).await, stage.token(demo::MIRA).await);
    assert_eq!(
        stage.says("POST /v1/tenants/northwind/members", &root, json!({"email": demo::ROOT})).await,
        ok(201)
    );
    let id = stage.id(demo::ROOT).await;
    for (line, body) in [
        (format!("POST /v1/users/{id}/password"), json!({"password": "taken over by a member"})),
        (format!("PATCH /v1/users/{id}"), json!({"email": "x@northwind.example"})),
        (format!("POST /v1/users/{id}/lock"), json!({})),
        (format!("DELETE /v1/users/{id}"), json!({})),
    ] {
        assert_eq!(stage.says(&line, &mira, body).await, said(403, "forbidden"), "{line}");
    }
}

#[tokio::test]
async fn what_leads_to_all_of_a_person_asks_for_somebody_who_signed_in() {
    let stage = Stage::set().await;
    let (mira, key) = (stage.token(demo::MIRA).await, demo::key(demo::MIRA));
    let id = stage.hire(&mira, "ada", "guest").await;
    let (change, password) = (format!("PATCH /v1/users/{id}"), format!("POST /v1/users/{id}/password"));
    let new = json!({"password": "another long password"});
    assert_eq!(stage.says(&change, key, json!({"name": "By a script"})).await, ok(200));
    assert_eq!(
        stage.says(&change, key, json!({"email": "b@northwind.example"})).await,
        said(403, "forbidden")
    );
    assert_eq!(stage.says(&password, key, new.clone()).await, said(403, "forbidden"));
    assert_eq!(stage.says(&password, &mira, new).await, ok(204));
    assert!(stage.herald.try_sign_in("ada@northwind.example", "another long password").await.is_ok());
    // Oneself: always interactive, and the own password at its own place.
    let own = stage.id(demo::MIRA).await;
    assert_eq!(
        stage.says(&format!("PATCH /v1/users/{own}"), key, json!({"name": "M"})).await,
        said(403, "forbidden")
    );
    assert_eq!(stage.says(&format!("PATCH /v1/users/{own}"), &mira, json!({"name": "M"})).await, ok(200));
    let own_password = format!("POST /v1/users/{own}/password");
    assert_eq!(stage.says(&own_password, &mira, json!({"password": PASSWORD})).await, said(403, "forbidden"));
}

/// A token that a role cuts down does nothing to those whose roles it could not give.
#[tokio::test]
async fn a_lesser_credential_does_not_touch_the_stronger() {
    let stage = Stage::set().await;
    let mira = stage.token(demo::MIRA).await;
    stage
        .herald
        .apply(
            "[[role]]\nkey = \"desk\"\nname = \"Desk\"\npermissions = [\"users:*\"]\nassigns = [\"guest\"]\n",
        )
        .await;
    let key = capped(&stage, "desk").await;
    let (noor, gus) = (stage.id(demo::NOOR).await, stage.id(demo::GUS).await);
    for line in [
        format!("POST /v1/users/{noor}/lock"),
        format!("DELETE /v1/users/{noor}"),
        format!("DELETE /v1/tenants/northwind/members/{noor}"),
    ] {
        let refused = stage.ask(&line, &key, &json!({})).await;
        assert_eq!(refused.status, 403, "{line}");
        assert!(refused.json()["detail"].as_str().unwrap().contains("The role member"), "{}", refused.text);
    }
    let give = |role: &str| json!({"roles": [role]});
    let member = format!("PATCH /v1/tenants/northwind/members/{gus}");
    assert_eq!(stage.says(&member, &key, give("admin")).await, said(403, "forbidden"));
    assert_eq!(stage.says(&member, &key, give("member")).await, said(403, "forbidden"));
    assert_eq!(stage.says(&member, &key, json!({"sites": ["por"]})).await, ok(200));
    let made = json!({"email": "bo@northwind.example", "roles": ["admin"]});
    assert_eq!(stage.says("POST /v1/users", &key, made).await, said(403, "forbidden"));
    assert_eq!(stage.says(&member, &mira, give("admin")).await, ok(200));
}

#[tokio::test]
async fn a_lock_holds_until_it_is_lifted() {
    let stage = Stage::set().await;
    let mira = stage.token(demo::MIRA).await;
    let id = stage.hire(&mira, "ada", "guest").await;
    let ada = stage.hired("ada").await;
    let (lock, unlock) = (format!("POST /v1/users/{id}/lock"), format!("POST /v1/users/{id}/unlock"));
    for _ in 0..2 {
        assert_eq!(stage.says(&lock, &mira, json!({})).await, ok(204));
    }
    assert_eq!(stage.see("/v1/me", &ada).await.status, 401);
    let sign_in = json!({"email": "ada@northwind.example", "password": PASSWORD});
    assert_eq!(stage.says("POST /v1/sign-in", "", sign_in.clone()).await, said(401, "locked"));
    assert_eq!(stage.says(&unlock, &mira, json!({})).await, ok(204));
    assert_eq!(stage.says("POST /v1/sign-in", "", sign_in).await, ok(200));
    let own = stage.id(demo::MIRA).await;
    let own = format!("POST /v1/users/{own}/lock");
    assert_eq!(stage.says(&own, &mira, json!({})).await, said(409, "last_administrator"));
}
