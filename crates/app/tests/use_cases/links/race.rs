//! Many at once.

use std::sync::Arc;

use testkit::{Engine, Installation, demo, join_all, on_both_engines};

use super::{NEU, PASSWORD, accepted, invite};
use crate::support::value;
use crate::sweep::count;

on_both_engines! {
    of_many_who_accept_at_once_one_wins,
    of_many_who_want_the_last_seat_one_gets_it,
    of_many_invitations_at_once_one_stays_open,
}

async fn of_many_who_accept_at_once_one_wins(engine: Engine) {
    let it = Arc::new(Installation::on(engine).await);
    let mira = it.sign_in(demo::MIRA).await.token;
    let token: Arc<str> = invite(&it, &mira, "northwind", (NEU, "guest")).await.into();
    let tries = (0..32).map(|_| {
        let (it, token) = (Arc::clone(&it), Arc::clone(&token));
        tokio::spawn(async move { accepted(&it, &token, PASSWORD).await })
    });
    let outcomes: Vec<&str> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "in").count(), 1, "{outcomes:?}");
    let lost = outcomes.iter().filter(|o| ["invalid_token", "invalid_credentials"].contains(o)).count();
    assert_eq!(lost, 31, "{outcomes:?}");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM users WHERE email LIKE 'neu%'").await, "1");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM audit WHERE action = 'invitation.accepted'").await, "1");
}

async fn of_many_who_want_the_last_seat_one_gets_it(engine: Engine) {
    let it = Arc::new(Installation::on(engine).await);
    let otto = it.sign_in(demo::OTTO).await.token;
    let mut tokens = Vec::new();
    for n in 0..8 {
        tokens.push(invite(&it, &otto, "contoso", (&format!("neu{n}@contoso.example"), "guest")).await);
    }
    let used =
        count(&it, "memberships WHERE tenant_id = (SELECT id FROM tenants WHERE key = 'contoso')").await;
    let tries = tokens.into_iter().map(|token| {
        let it = Arc::clone(&it);
        tokio::spawn(async move { accepted(&it, &token, PASSWORD).await })
    });
    let outcomes: Vec<&str> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    let got = outcomes.iter().filter(|outcome| **outcome == "in").count();
    assert_eq!(u64::try_from(got).unwrap(), 5 - used, "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| ["in", "quota_exceeded"].contains(outcome)), "{outcomes:?}");
}

async fn of_many_invitations_at_once_one_stays_open(engine: Engine) {
    let it = Arc::new(Installation::on(engine).await);
    let mira: Arc<str> = it.sign_in(demo::MIRA).await.token.into();
    let made = (0..16).map(|_| {
        let (it, mira) = (Arc::clone(&it), Arc::clone(&mira));
        tokio::spawn(async move { invite(&it, &mira, "northwind", (NEU, "guest")).await })
    });
    let tokens: Vec<String> = join_all(made).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(count(&it, "links").await, 1);
    let mut won = 0;
    for token in tokens {
        won += usize::from(accepted(&it, &token, PASSWORD).await == "in");
    }
    assert_eq!(won, 1);
}
