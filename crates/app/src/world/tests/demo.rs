use domain::role::Builtin;
use domain::{Timestamp, token::Utility};
use secrecy::ExposeSecret;

use super::super::file::{Secret, World};
use super::{DEMO, world};

#[test]
fn the_demo_world_reads_without_faults() {
    let demo = world(DEMO);
    let counts = [
        demo.permissions.len(),
        demo.roles.len(),
        demo.tenants.len(),
        demo.users.len(),
        demo.clients.len(),
        demo.tokens.len(),
        demo.webhooks.len(),
        demo.networks.len(),
        demo.endpoints.len(),
        demo.activities.len(),
    ];
    assert_eq!(counts, [2, 2, 2, 7, 2, 3, 1, 1, 3, 2]);
    let sites: Vec<usize> = demo.tenants.iter().map(|tenant| tenant.sites.len()).collect();
    let memberships: Vec<usize> = demo.users.iter().map(|user| user.memberships.len()).collect();
    assert_eq!((sites, memberships), (vec![2, 1], vec![2, 1, 1, 1, 1, 1, 0]));
}

#[test]
fn values_arrive_as_they_are_written() {
    let demo = world(DEMO);
    let (review, technician) = (&demo.roles[0], &demo.roles[1]);
    assert_eq!((review.base, review.tenant.as_deref()), (Some(Builtin::Developer), Some("northwind")));
    assert_eq!(review.collections.as_deref(), Some(&[1_714_500_001, 1_714_500_002][..]));
    assert_eq!((review.default_invite, review.is_default, review.level), (Some(true), None, None));
    assert_eq!(technician.assigns.as_deref().unwrap(), ["technician", "guest"]);
    let northwind = &demo.tenants[0];
    assert_eq!(
        northwind.quotas.as_deref().unwrap(),
        [("api_tokens".to_owned(), 100), ("users".to_owned(), 50)]
    );
    assert_eq!(northwind.metadata.as_deref(), Some(r#"{"plan":"enterprise"}"#));
    let (mira, gus, tova) = (&demo.users[0], &demo.users[3], &demo.users[4]);
    assert_eq!((mira.number, mira.locked, mira.operator), (Some(4102), None, None));
    assert_eq!(mira.password.as_ref().unwrap().expose_secret(), "correct horse battery staple");
    assert_eq!(gus.memberships[0].expires_at, Timestamp::parse("2031-01-01T00:00:00Z"));
    assert_eq!(tova.totp_secret.as_ref().unwrap().expose_secret().len(), 20);
    assert_eq!(demo.users[6].operator, Some(true));
    assert_eq!(demo.tokens[0].utility, Some(Utility::ExternalApi));
    assert!(
        matches!(&demo.tokens[0].secret, Some(Secret::Text(text)) if text.expose_secret().starts_with("Zk3p"))
    );
    assert_eq!(demo.networks[0].private.as_ref().unwrap()[1].to_string(), "192.168.0.0/16");
    assert_eq!(demo.endpoints[0].access.names(), ["PRIVATE", "PUBLIC"]);
    assert_eq!(demo.activities[1].harmful.as_deref(), Some("credential_sharing"));
}

#[test]
fn rows_know_where_they_stand() {
    let demo = world(DEMO);
    let mira = &demo.users[0];
    let line = |text: &str| DEMO.lines().position(|line| line.starts_with(text)).unwrap() + 1;
    assert_eq!((mira.place.line, mira.place.path.as_str()), (line("[[user]]"), "user[0]"));
    let first = &mira.memberships[0].place;
    assert_eq!((first.line, first.path.as_str()), (line("[[user.membership]]"), "user[0].membership[0]"));
}

#[test]
fn an_empty_file_is_an_empty_world() {
    let World { permissions, users, activities, .. } = world("# nothing\n");
    assert!(permissions.is_empty() && users.is_empty() && activities.is_empty());
}

#[test]
fn every_key_of_every_table_is_taken() {
    let full = world(include_str!("full.toml"));
    let user = &full.users[0];
    assert_eq!(
        user.metadata.as_deref(),
        Some(r#"{"z":1,"a":[true,"2026-01-01T00:00:00Z",1.5],"t":{"x":"y"}}"#)
    );
    assert_eq!((user.kind.as_deref(), user.provider.as_deref()), (Some("USER"), Some("local")));
    let tenant = &full.tenants[0];
    assert_eq!(
        tenant.mfa.as_ref().map(|mfa| (mfa.remember_device, mfa.device_ttl)),
        Some((Some(true), Some(86_400)))
    );
    assert_eq!(tenant.lockout_attempts, Some(5));
    assert_eq!(full.networks[0].partner.as_ref().unwrap()[0].to_string(), "2001:db8::/32");
    assert!(matches!(full.tokens[1].secret, Some(Secret::Digest(_))));
    assert_eq!(full.tokens[0].created_at, Timestamp::parse("2026-01-01T01:00:00Z"));
}
