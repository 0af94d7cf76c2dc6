//! The last administrator of a tenant.

use testkit::{Engine, Setup, demo};

use super::{call, get, mira, otto, said};
use crate::kit::{Answer, Herald};

const LAST: &str = "the last administrator of a tenant cannot be demoted, deactivated or deleted";

async fn put(herald: &Herald, email: &str, by: &str, body: &str) -> Answer {
    call(herald, "PUT", &format!("/api/users/{email}"), by, body).await
}

/// Noor, an administrator now, signs in.
async fn promoted(herald: &Herald) -> String {
    assert_eq!(put(herald, demo::NOOR, mira(), r#"{"role":"admin"}"#).await.status, 200);
    herald.at.sign_in(demo::NOOR).await.token
}

#[tokio::test]
async fn case_21_the_last_stays() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let conflict = (409, LAST.to_owned());
        for body in [r#"{"role":"member"}"#, r#"{"isActive":false}"#, r#"{"role":"view","isActive":false}"#] {
            assert_eq!(said(&put(&herald, demo::MIRA, mira(), body).await), conflict, "{body}");
            let post = call(&herald, "POST", &format!("/api/users/{}", demo::MIRA), mira(), body).await;
            assert_eq!(said(&post), conflict, "{body}");
        }
        let delete = async |email: &str, by: &str| {
            call(&herald, "DELETE", &format!("/api/users/{email}"), by, "").await
        };
        assert_eq!(said(&delete(demo::MIRA, mira()).await), conflict);
        assert_eq!(said(&delete(demo::OTTO, otto()).await), conflict);
        assert_eq!(herald.send(get("/auth/me", mira())).await.json()["role"], "admin");
        assert_eq!(put(&herald, demo::MIRA, mira(), r#"{"role":"admin","isActive":true}"#).await.status, 200);
        let noor = promoted(&herald).await;
        assert_eq!(put(&herald, demo::MIRA, &noor, r#"{"role":"member"}"#).await.status, 200);
        assert_eq!(said(&put(&herald, demo::NOOR, &noor, r#"{"role":"member"}"#).await), conflict);
    }
}

#[tokio::test]
async fn case_21_two_who_demote_each_other() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        for body in [r#"{"role":"member"}"#, r#"{"isActive":false}"#] {
            let herald = Herald::with(Setup::on(engine)).await;
            let noor = promoted(&herald).await;
            let calls = [(demo::NOOR, mira()), (demo::MIRA, noor.as_str())];
            let both = testkit::join_all(calls.map(|(email, by)| put(&herald, email, by, body))).await;
            let mut all: Vec<_> = both.iter().map(|answer| answer.status.as_u16()).collect();
            all.sort_unstable();
            // Who was shut out first has no credential any more; who was demoted is told what he nearly did.
            let second = if body.contains("role") { 409 } else { 401 };
            assert_eq!(all, [200, second], "{engine:?} {body}");
            let live = "SELECT COUNT(*) FROM memberships m JOIN membership_roles mr ON mr.user_id = m.user_id \
                        AND mr.tenant_id = m.tenant_id JOIN roles r ON r.id = mr.role_id JOIN tenants t ON t.id = m.tenant_id \
                        WHERE m.active AND r.base = 'admin' AND t.key = 'northwind'";
            assert_eq!(herald.at.sql(live).await[0][0].as_deref(), Some("1"));
        }
    }
}

#[tokio::test]
async fn case_21_two_who_delete_each_other() {
    let herald = Herald::demo().await;
    let noor = promoted(&herald).await;
    let calls = [(demo::NOOR, mira()), (demo::MIRA, noor.as_str())];
    let path = |email: &str| format!("/api/users/{email}");
    let both = testkit::join_all(calls.map(|(email, by)| {
        let (herald, path) = (&herald, path(email));
        async move { call(herald, "DELETE", &path, by, "").await }
    }))
    .await;
    let passed = both.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(passed, 1);
    let left = [mira(), &noor].map(|token| herald.send(get("/auth/me", token)));
    let alive = testkit::join_all(left).await.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(alive, 1);
}
