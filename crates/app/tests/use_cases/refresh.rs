//! design.md §5: rotation, lost replies, parallel calls, scopes.

use std::collections::BTreeSet;

use domain::client::Scopes;
use domain::session::Opening;
use herald_app::sessions::refresh::Error;
use testkit::{Engine, Installation, demo, on_both_engines, seconds};

use crate::support::{asking, dead, is_refused, lives, refresh, refresh_as, value};

on_both_engines! {
    a_token_rotates_into_its_successor,
    parallel_calls_agree_on_one_successor,
    two_nodes_agree_on_one_successor,
    a_lost_reply_gets_the_same_successor,
    a_lost_reply_survives_a_restart,
    a_token_is_good_at_its_own_door_for_its_own_client,
    scopes_narrow_and_come_back_but_never_widen,
    a_scope_taken_from_the_client_is_handed_out_no_more,
    only_the_token_itself_is_taken,
}

async fn a_token_rotates_into_its_successor(engine: Engine) {
    let it = Installation::on(engine).await;
    let grant = it.grant(demo::MIRA).await;
    let first = grant.refresh.clone().unwrap();
    let mut presented = first.clone();
    let mut seen = BTreeSet::from([first]);
    for _ in 0..3 {
        it.advance(seconds(600));
        let next = refresh(&it, &presented).await.unwrap();
        assert!(next.refresh.starts_with("hr_") && seen.insert(next.refresh.clone()));
        assert!(lives(&it, &next.access).await);
        assert_eq!(next.whole.grant.expires_in(it.now()), 3600);
        assert_eq!(next.whole.grant.session, grant.opened.session.id, "one session all along");
        assert_eq!(next.whole.grant.signed_in_at, grant.opened.session.created_at);
        presented = next.refresh;
    }
    assert!(lives(&it, &grant.token).await, "an earlier access token lives out its time");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM sessions").await, "1");
}

async fn parallel_calls_agree_on_one_successor(engine: Engine) {
    let it = Installation::on(engine).await;
    let presented = it.grant(demo::MIRA).await.refresh.unwrap();
    let all = testkit::join_all((0..32).map(|_| refresh(&it, &presented))).await;
    let all: Vec<_> = all.into_iter().map(|one| one.unwrap_or_else(|why| panic!("{why:?}"))).collect();
    let successors: BTreeSet<_> = all.iter().map(|one| one.refresh.clone()).collect();
    assert_eq!(successors.len(), 1);
    for one in &all {
        assert!(lives(&it, &one.access).await);
    }
    assert_eq!(value(&it, "SELECT COUNT(*) FROM refresh_tokens").await, "2");
    assert!(refresh(&it, successors.first().unwrap()).await.is_ok());
}

async fn two_nodes_agree_on_one_successor(engine: Engine) {
    let one = Installation::on(engine).await;
    let presented = one.grant(demo::MIRA).await.refresh.unwrap();
    let other = one.another().await;
    let nodes = [&one, &other];
    let all = testkit::join_all((0..32).map(|call| refresh(nodes[call % 2], &presented))).await;
    let all: Vec<_> = all.into_iter().map(|one| one.unwrap_or_else(|why| panic!("{why:?}"))).collect();
    let successors: BTreeSet<_> = all.iter().map(|one| one.refresh.clone()).collect();
    assert_eq!(successors.len(), 1);
    for (call, renewed) in all.iter().enumerate() {
        assert!(lives(nodes[(call + 1) % 2], &renewed.access).await, "what one node signed the other takes");
    }
    assert_eq!(value(&one, "SELECT COUNT(*) FROM refresh_tokens").await, "2");
    // Used on one node, the first is spent on the other.
    assert!(refresh(&one, successors.first().unwrap()).await.is_ok());
    assert!(is_refused(&other, &presented).await);
    assert!(!lives(&other, &all[0].access).await);
}

async fn a_lost_reply_gets_the_same_successor(engine: Engine) {
    let it = Installation::on(engine).await;
    let presented = it.grant(demo::MIRA).await.refresh.unwrap();
    let first = refresh(&it, &presented).await.unwrap();
    it.advance(seconds(10));
    let again = refresh(&it, &presented).await.unwrap();
    assert_eq!(again.refresh, first.refresh, "at the end of the grace");
    assert_eq!(
        again.whole.grant.refresh_expires_at, first.whole.grant.refresh_expires_at,
        "it gains no time"
    );
    assert!(lives(&it, &first.access).await && lives(&it, &again.access).await);
    assert!(refresh(&it, &again.refresh).await.is_ok());
}

async fn a_lost_reply_survives_a_restart(engine: Engine) {
    let it = Installation::on(engine).await;
    let presented = it.grant(demo::MIRA).await.refresh.unwrap();
    let first = refresh(&it, &presented).await.unwrap();
    let restarted = it.another().await;
    let again = refresh(&restarted, &presented).await.unwrap();
    assert_eq!(again.refresh, first.refresh);
    assert!(lives(&restarted, &first.access).await && lives(&restarted, &again.access).await);
    it.advance(seconds(11));
    assert!(is_refused(&restarted, &presented).await, "reuse, whoever rotated it");
    assert!(dead(&it, &first.access).await.is_some() && is_refused(&it, &first.refresh).await);
}

async fn a_token_is_good_at_its_own_door_for_its_own_client(engine: Engine) {
    let it = Installation::on(engine).await;
    let presented = it.grant(demo::MIRA).await.refresh.unwrap();
    let other = it.client(demo::BACKEND).await.uid;
    for client in [Some(other), None] {
        let mut wrong = asking(&it, &presented).await;
        wrong.client = client;
        assert!(matches!(refresh_as(&it, wrong).await, Err(Error::Invalid)));
    }
    for opening in [Opening::Frontegg, Opening::Native] {
        let mut wrong = asking(&it, &presented).await;
        wrong.opening = opening;
        assert!(matches!(refresh_as(&it, wrong).await, Err(Error::Invalid)));
    }
    let next = refresh(&it, &presented).await.expect("what a stranger tried has ended nothing");
    let mut late = asking(&it, &presented).await;
    late.client = Some(other);
    it.advance(seconds(3600));
    assert!(matches!(refresh_as(&it, late).await, Err(Error::Invalid)));
    assert!(refresh(&it, &next.refresh).await.is_ok(), "nor has another client's replay");
}

async fn scopes_narrow_and_come_back_but_never_widen(engine: Engine) {
    let it = Installation::on(engine).await;
    let presented = it.grant(demo::MIRA).await.refresh.unwrap();
    let with = |presented: String, scope| {
        let it = &it;
        async move {
            let mut command = asking(it, &presented).await;
            command.scope = scope;
            refresh_as(it, command).await
        }
    };
    let wide = with(presented.clone(), Some(Scopes::parse("read admin"))).await;
    assert!(matches!(wide, Err(Error::ScopeTooWide)));
    let narrow =
        with(presented.clone(), Some(Scopes::parse("read"))).await.expect("the presented one stayed good");
    assert_eq!(narrow.scope, "read");
    let entry = it.prove(&narrow.access).await.unwrap();
    assert!(entry.principal.credential.in_scope("read") && !entry.principal.credential.in_scope("write"));
    assert!(!entry.principal.credential.is_interactive());
    let full = with(narrow.refresh, None).await.unwrap();
    assert_eq!(full.scope, "read write trust", "what was first granted");
    let entry = it.prove(&full.access).await.unwrap();
    assert!(entry.principal.credential.is_interactive());
    let back = with(full.refresh, Some(Scopes::parse("trust write"))).await.unwrap();
    assert_eq!(back.scope, "trust write");
}

async fn only_the_token_itself_is_taken(engine: Engine) {
    let it = Installation::on(engine).await;
    let grant = it.grant(demo::MIRA).await;
    let session = it.sign_in(demo::MIRA).await;
    let good = grant.refresh.unwrap();
    let bad = [
        String::new(),
        "hr_".to_owned(),
        format!("{good}x"),
        good[3..].to_owned(),
        good.to_uppercase(),
        format!("hr_{}", "a".repeat(1 << 20)),
        grant.token,
        session.token,
        demo::key(demo::MIRA).to_owned(),
    ];
    for presented in bad {
        assert!(is_refused(&it, &presented).await, "{}", presented.chars().take(80).collect::<String>());
    }
    assert!(refresh(&it, &good).await.is_ok());
}

async fn a_scope_taken_from_the_client_is_handed_out_no_more(engine: Engine) {
    let it = Installation::on(engine).await;
    let presented = it.grant(demo::MIRA).await.refresh.unwrap();
    it.sql("UPDATE clients SET scopes = '[\"read\"]' WHERE client_id = 'fixstreamapp'").await;
    let next = refresh(&it, &presented).await.unwrap();
    assert_eq!(next.scope, "read");
    let mut asking = asking(&it, &next.refresh).await;
    asking.scope = Some(Scopes::parse("write"));
    assert!(matches!(refresh_as(&it, asking).await, Err(Error::ScopeTooWide)));
}
