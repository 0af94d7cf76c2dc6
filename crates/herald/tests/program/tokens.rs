//! `herald token …`.

use std::fmt::Write;

use super::demo::MIRA;
use super::http::{ask, is_felt, me};
use super::program::{Home, Ran, database};

fn token(home: &Home, arguments: &[&str]) -> Ran {
    home.run(&[&["token"], arguments, &["--data", "herald-demo"]].concat())
}

#[test]
fn a_minted_key_counts_until_it_is_revoked() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let minted = token(
        &home,
        &["mint", "--tenant", "northwind", "--owner", MIRA.0, "--name", "ci", "--expires", "1h"],
    );
    assert_eq!(minted.code, Some(0), "{minted:?}");
    let key = minted.out.trim_end();
    assert!(key.starts_with("herald_") && key.len() == 53 && !key.contains('\n'), "{minted:?}");
    let answer = me(&server, key);
    assert!(answer.status == 200 && answer.body.to_string().contains(MIRA.0), "{}", answer.body);
    let list = token(&home, &["list", "--tenant", "northwind"]);
    let line = list.out.lines().find(|line| line.contains("\tci\t")).unwrap();
    assert!(line.contains(MIRA.0) && !list.out.contains(key), "{line}");
    let columns: Vec<&str> = line.split('\t').collect();
    assert_eq!((columns.len(), columns[7]), (8, "-"), "no scope binds it");
    let id = columns[0];
    assert_eq!(token(&home, &["revoke", id]).code, Some(0));
    assert!(is_felt(|| me(&server, key).status == 401));
    let again = token(&home, &["revoke", id]);
    assert!(again.code == Some(1) && again.err.contains(id), "{again:?}");
    assert!(!token(&home, &["list"]).out.contains(id));
}

#[test]
fn a_cap_and_a_tenants_own() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let mint = |rest: &[&str]| {
        let minted = token(&home, &[&["mint", "--tenant", "northwind"], rest].concat());
        assert_eq!(minted.code, Some(0), "{minted:?}");
        minted.out.trim_end().to_owned()
    };
    let decide = |key: &str, permission: &str| {
        let body = serde_json::json!({ "permission": permission }).to_string();
        let headers = [("authorization", &*format!("Bearer {key}")), ("content-type", "application/json")];
        let answer = ask(&server, "POST /v1/decisions", &headers, &body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["allowed"].as_bool().unwrap()
    };
    let whole = mint(&["--owner", MIRA.0]);
    let cut = mint(&["--owner", MIRA.0, "--role", "guest"]);
    assert!(decide(&whole, "users:write") && !decide(&cut, "users:write") && decide(&cut, "tokens:read"));
    let list =
        |role: &str| token(&home, &["list"]).out.contains(&format!("\t(the tenant)\tcommand line\t{role}\t"));
    mint(&["--role", "member"]);
    mint(&[]);
    assert!(list("member") && list("guest"), "the default role where none is named");
}

#[test]
fn what_is_not_there_is_named() {
    let home = Home::new();
    home.start(&["demo"]).stop();
    for (arguments, said) in [
        (&["--tenant", "none"][..], "there is no tenant none"),
        (&["--tenant", "northwind", "--role", "capten"], "there is no role capten"),
        (&["--tenant", "northwind", "--owner", "no@no.example"], "no@no.example"),
        (&["--tenant", "northwind", "--owner", "otto.vance@contoso.example"], "not a member of northwind"),
        (
            &["--tenant", "northwind", "--expires", "999d"],
            "`--expires` must be more than zero and at most 365d",
        ),
        (
            &["--tenant", "northwind", "--expires", "0d"],
            "`--expires` must be more than zero and at most 365d",
        ),
        (&["--tenant", "northwind", "--name", ""], "the name"),
    ] {
        let ran = token(&home, &[&["mint"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
        assert!(ran.err.contains(said), "{said}: {ran:?}");
    }
    assert_eq!(token(&home, &["mint", "--tenant", "northwind", "--expires", "soon"]).code, Some(2));
}

#[test]
fn a_list_has_no_end_but_its_own() {
    let home = Home::new();
    let mut world = String::from("[[tenant]]\nkey = \"a\"\nname = \"A\"\n");
    for at in 0..1_101 {
        write!(
            world,
            "[[token]]\ntenant = \"a\"\nname = \"t{at:04}\"\nroles = [\"guest\"]\nsecret = \"{at:040}\"\n"
        )
        .unwrap();
    }
    home.write("w.toml", &world);
    let ran = home.run(&["apply", "w.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let list = home.run(&["token", "list"]).out;
    let mut names: Vec<&str> = list.lines().map(|line| line.split('\t').nth(3).unwrap()).collect();
    names.sort_unstable();
    let expected: Vec<String> = (0..1_101).map(|at| format!("t{at:04}")).collect();
    assert_eq!(names, expected, "each once");
    let broken = "UPDATE tokens SET number = 'none' WHERE name = 't1000'";
    database(&home.path("herald-data")).execute(broken, []).unwrap();
    assert_eq!(home.run(&["token", "list"]).code, Some(1));
    let ran = home.run_unheard(&["token", "list"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "nothing behind the first page is read");
}

#[test]
fn keys_of_a_membership_that_is_over_are_not_shown() {
    let home = Home::new();
    home.start(&["demo"]).stop();
    let minted = token(&home, &["mint", "--tenant", "northwind", "--owner", MIRA.0, "--name", "hers"]);
    assert_eq!(minted.code, Some(0), "{minted:?}");
    let listed = |with: &[&str]| {
        let list = token(&home, &[&["list"], with].concat());
        (list.out.contains(MIRA.0), list.out.lines().count())
    };
    let (_, all) = listed(&[]);
    let (_, northwind) = listed(&["--tenant", "northwind"]);
    assert!(listed(&[]).0 && listed(&["--tenant", "northwind"]).0);
    let over =
        "UPDATE memberships SET expires_at = 1 WHERE user_id = (SELECT id FROM users WHERE email = ?1)";
    database(&home.path("herald-demo")).execute(over, [MIRA.0]).unwrap();
    let (hers, left) = listed(&[]);
    let (hers_there, left_there) = listed(&["--tenant", "northwind"]);
    assert!(!hers && !hers_there);
    assert!(left > 0 && all - left == northwind - left_there, "both lists hide the same");
}
