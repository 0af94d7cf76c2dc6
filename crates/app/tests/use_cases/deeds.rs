//! What agents did, and how much of it is told apart.

use domain::Timestamp;
use domain::activity::{Activity, MAX_HARMS, MAX_TOPICS, Tally};
use herald_app::Caller;
use herald_app::agents::{analysis, report::Reporter};
use testkit::{Engine, Installation, demo, on_both_engines};

on_both_engines! {
    topics_beyond_the_bound_count_as_other,
    two_streams_at_once_count_all,
}

/// By one agent on one device.
pub fn deed(topic: &str) -> Activity {
    Activity {
        agent: "agent".to_owned(),
        device: "device".to_owned(),
        user: "user".to_owned(),
        domain: Some("work".to_owned()),
        topic: Some(topic.to_owned()),
        input_tokens: Some(1),
        output_tokens: None,
        harmful: None,
        reason: None,
        at: Timestamp::from_secs(0),
        received: 0,
    }
}

async fn report(it: &Installation, by: &Caller, deeds: impl IntoIterator<Item = Activity>) {
    let mut reporter = Reporter::begin(&it.ctx, by, None).await.unwrap();
    for deed in deeds {
        reporter.add(&it.ctx, deed, None).unwrap();
        if reporter.is_due(&it.ctx) {
            reporter.flush(&it.ctx).await.unwrap();
        }
    }
    reporter.flush(&it.ctx).await.unwrap();
}

async fn tally(it: &Installation, by: &Caller) -> Tally {
    analysis::run(&it.ctx, by, None, "agent", "device").await.unwrap().unwrap()
}

async fn topics_beyond_the_bound_count_as_other(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let many = MAX_TOPICS + 150;
    report(&it, &mira, (0..many).map(|n| deed(&format!("{n:05}")))).await;
    let odd = |n: usize| Activity { harmful: Some(format!("{n:05}")), topic: None, domain: None, ..deed("") };
    report(&it, &mira, (0..MAX_HARMS + 3).map(odd)).await;
    let elsewhere = Activity { domain: Some("play".to_owned()), ..deed("new") };
    report(&it, &mira, [deed("00000"), deed("another"), elsewhere]).await;
    let all = tally(&it, &mira).await;
    let work = &all.topics["work"];
    assert_eq!((work.len(), work["00000"], work["other"]), (MAX_TOPICS + 1, 2, 151));
    assert_eq!(all.topics["other"]["other"], 1);
    assert_eq!((all.harms.len(), all.harms["other"].count), (MAX_HARMS + 1, 3));
    assert_eq!(all.as_other, 155);
    assert_eq!(all.input_tokens, i64::try_from(many + MAX_HARMS + 6).unwrap(), "all of it counts");
}

async fn two_streams_at_once_count_all(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let stream = |of: &'static str| report(&it, &mira, (0..700).map(move |n| deed(&format!("{of}{n}"))));
    tokio::join!(stream("a"), stream("b"));
    let all = tally(&it, &mira).await;
    let counted: i64 = all.topics["work"].values().sum();
    assert_eq!((counted, all.as_other), (1_400, 400));
    assert_eq!(all.topics["work"].len(), MAX_TOPICS + 1);
}
