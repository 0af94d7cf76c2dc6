//! The same installation on PostgreSQL: correct, if not yet fast.

use postgres_on_demand::database;

use super::demo::MIRA;
use super::http::{is_felt, me, session, sign_in};
use super::program::Home;

#[test]
fn it_serves_and_hears_of_changes_by_others() {
    let home = Home::new();
    home.write("demo.toml", include_str!("../../../../demo.toml"));
    let database = database("program");
    let there = ["--database-url", database.url()];
    let server = home.start(&[&["serve", "--world", "demo.toml"], &there[..]].concat());
    let token = session(&server, MIRA.0, MIRA.1);
    assert_eq!(me(&server, &token).status, 200);
    // Two nodes on one machine share the master key of one data folder.
    let other = home.start(&[&["serve"], &there[..]].concat());
    assert_eq!(other.said, Vec::<String>::new(), "the store is not empty");
    assert_eq!(me(&other, &token).status, 200);
    let set = [&["user", "password", MIRA.0, "--password-stdin"], &there[..]].concat();
    let ran = home.run_with(&set, "a password of some length", &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for node in [&server, &other] {
        assert!(is_felt(|| me(node, &token).status == 401));
        assert_eq!(sign_in(node, MIRA.0, "a password of some length").status, 200);
    }
    let again = home.run(&[&["apply", "demo.toml"], &there[..]].concat());
    assert!(again.code == Some(0) && again.out.starts_with("= "), "{again:?}");
    let checked = home.run(&[&["check"], &there[..]].concat());
    assert!(
        checked.out.contains("wrong: the password of noor.aziz@northwind.example is published"),
        "{checked:?}"
    );
    let (log, database_word) = (server.stop(), "on PostgreSQL every look-up reads the database");
    assert!(log.contains(database_word) && !log.contains(database.url()), "{log}");
    assert!(!home.path("herald-data/herald.db").exists());
}
