//! The last administrator of a tenant.

use std::time::Duration;

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

/// Both callers are let in before either changes anything: another program holds the tenant until both wait for it. Who
/// comes later than that is refused for what he is by then, as the last test says.
async fn at_once(
    herald: &Herald,
    calls: impl IntoIterator<Item = impl Future<Output = Answer>>,
) -> Vec<Answer> {
    let held =
        herald.at.place().hold("UPDATE tenants SET revision = revision + 1 WHERE key = 'northwind'").await;
    let release = async {
        // On SQLite whoever has been polled once waits already: what a look-up reads is read in place.
        while herald.at.engine() == Engine::Postgres && waiting(herald).await < 2 {
            tokio::task::yield_now().await;
        }
        held.commit().await;
    };
    let both = async { tokio::join!(testkit::join_all(calls), release).0 };
    tokio::time::timeout(Duration::from_secs(20), both).await.unwrap()
}

/// Connections of PostgreSQL that wait for somebody's lock.
async fn waiting(herald: &Herald) -> usize {
    let sql =
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    herald.at.sql(sql).await.len()
}

/// Who of northwind may administer it.
async fn administrators(herald: &Herald) -> usize {
    let live = "SELECT u.email FROM users u JOIN memberships m ON m.user_id = u.id JOIN membership_roles mr \
                ON mr.user_id = m.user_id AND mr.tenant_id = m.tenant_id JOIN roles r ON r.id = mr.role_id \
                JOIN tenants t ON t.id = m.tenant_id WHERE m.active AND r.base = 'admin' AND t.key = 'northwind'";
    herald.at.sql(live).await.len()
}

#[tokio::test]
async fn case_21_two_who_demote_each_other() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        for body in [r#"{"role":"member"}"#, r#"{"isActive":false}"#] {
            let herald = Herald::with(Setup::on(engine)).await;
            let noor = promoted(&herald).await;
            let calls = [(demo::NOOR, mira()), (demo::MIRA, noor.as_str())];
            let mut both = at_once(&herald, calls.map(|(email, by)| put(&herald, email, by, body))).await;
            both.sort_unstable_by_key(|answer| answer.status);
            assert_eq!(both[0].status, 200, "{engine:?} {body}");
            // Who was shut out first has no credential any more; who was demoted is told what he nearly did.
            let told =
                if body.contains("role") { (409, LAST.to_owned()) } else { (401, "unauthorized".to_owned()) };
            assert_eq!(said(&both[1]), told, "{engine:?} {body}");
            assert_eq!(administrators(&herald).await, 1);
        }
    }
}

#[tokio::test]
async fn case_21_two_who_delete_each_other() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let noor = promoted(&herald).await;
        let paths = [demo::NOOR, demo::MIRA].map(|email| format!("/api/users/{email}"));
        let calls = [(&paths[0], mira()), (&paths[1], noor.as_str())];
        let mut both = at_once(&herald, calls.map(|(path, by)| call(&herald, "DELETE", path, by, ""))).await;
        both.sort_unstable_by_key(|answer| answer.status);
        assert_eq!(both[0].status, 200, "{engine:?}");
        assert_eq!(said(&both[1]), (401, "unauthorized".to_owned()), "{engine:?}");
        assert_eq!(administrators(&herald).await, 1);
        let left = [mira(), &noor].map(|token| herald.send(get("/auth/me", token)));
        let alive = testkit::join_all(left).await.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(alive, 1);
    }
}

/// A permission that is lost is told before anything is looked up (aegis.md §1), the last administrator included.
#[tokio::test]
async fn case_21_one_after_the_other() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let noor = promoted(&herald).await;
        assert_eq!(put(&herald, demo::NOOR, mira(), r#"{"role":"member"}"#).await.status, 200);
        for body in [r#"{"role":"member"}"#, r#"{"isActive":false}"#] {
            let late = put(&herald, demo::MIRA, &noor, body).await;
            assert_eq!(said(&late), (403, "permission denied".to_owned()), "{engine:?} {body}");
        }
        assert_eq!(administrators(&herald).await, 1);
    }
}
