//! The quota of users, whoever comes at once.

use domain::EmailAddress;
use herald_app::members::{add, change};
use herald_app::users::UserName;
use herald_app::users::create::{self, Membership};
use herald_app::{Caller, Failure, Kind};
use testkit::{Engine, Installation, demo, join_all, on_both_engines};

use super::{caller, give, roles};
use crate::support::value;

on_both_engines! {
    of_ten_at_once_five_get_in,
    an_ended_membership_makes_room_and_does_not_come_back_beyond_it,
}

const FIVE: &str = "[[tenant]]\nkey = \"five\"\nname = \"Five\"\nquotas = { users = 5 }\n";

async fn make(it: &Installation, by: &Caller, number: usize) -> Result<domain::user::User, Failure> {
    let tenant = it.tenant_id("five").await;
    let command = create::Command {
        email: EmailAddress::parse(&format!("p{number}@five.example")).unwrap(),
        profile: herald_app::users::ProfileChange::default(),
        password: None,
        membership: Some(Membership { tenant, roles: Some(vec!["guest".into()]), sites: Vec::new() }),
        operator: false,
    };
    create::run(&it.ctx, by, command).await
}

async fn of_ten_at_once_five_get_in(engine: Engine) {
    let it = Installation::on(engine).await;
    it.apply(FIVE).await;
    let root = caller(&it, demo::ROOT).await;
    let made = join_all((0..10).map(|number| make(&it, &root, number))).await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 5);
    for failure in made.into_iter().filter_map(Result::err) {
        assert_eq!((failure.kind, failure.code), (Kind::Forbidden, "quota_exceeded"));
    }
    assert_eq!(value(&it, "SELECT COUNT(*) FROM users WHERE email LIKE '%@five.example'").await, "5");
}

async fn an_ended_membership_makes_room_and_does_not_come_back_beyond_it(engine: Engine) {
    let it = Installation::on(engine).await;
    it.apply(FIVE).await;
    let (root, tenant) = (caller(&it, demo::ROOT).await, it.tenant_id("five").await);
    let mut first = None;
    for number in 0..5 {
        let made = make(&it, &root, number).await.unwrap();
        first.get_or_insert(made.id);
    }
    let first = first.unwrap();
    let add = async || {
        let user = UserName::Email(EmailAddress::parse(demo::GUS).unwrap());
        let command =
            add::Command { tenant, user, roles: None, sites: Vec::new(), expires_at: None, active: true };
        add::run(&it.ctx, &root, command).await.map(drop).map_err(|failure| failure.code)
    };
    assert_eq!(add().await, Err("quota_exceeded"));
    let end = |at| change::Command { roles: None, expires_at: Some(at), ..roles(tenant, first, &[]) };
    give(&it, &root, end(Some(it.now()))).await.unwrap();
    assert_eq!(add().await, Ok(()));
    assert_eq!(add().await, Err("quota_exceeded"));
    assert_eq!(give(&it, &root, end(None)).await.unwrap_err().code, "quota_exceeded");
}
