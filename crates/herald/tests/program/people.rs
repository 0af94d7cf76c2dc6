//! `herald user …`, beside a running server and alone.

use std::fmt::Write;

use super::demo::MIRA;
use super::http::{ask, is_felt, me, session, sign_in};
use super::program::{Home, database};

const KEY: &str = "Zk3p0QvT8mB1yLx7Hc5sWd2Rf9uJa4Ne6Gi0Ko1P";

#[test]
fn a_lock_is_felt_by_the_next_request() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let key = || ask(&server, "POST /api/me", &[("x-api-key", KEY)], "").status;
    let token = session(&server, MIRA.0, MIRA.1);
    assert_eq!((me(&server, &token).status, key()), (200, 200), "warm");
    let user = |verb: &str| home.run(&["user", verb, MIRA.0, "--data", "herald-demo"]);
    // She is the last administrator of her tenant until another one is made.
    let ran = user("lock");
    assert!(ran.code == Some(1) && ran.err.contains("last administrator"), "{ran:?}");
    let add = ["user", "add", "second@northwind.example", "--tenant", "northwind", "--role", "admin"];
    let add = [&add[..], &["--password-stdin", "--data", "herald-demo"]].concat();
    assert_eq!(home.run_with(&add, "a second administrator", &[]).code, Some(0));
    assert_eq!(user("lock").out, format!("locked {}\n", MIRA.0));
    assert!(is_felt(|| me(&server, &token).status == 401 && key() == 403));
    assert_eq!(sign_in(&server, MIRA.0, MIRA.1).status, 401);
    assert_eq!(user("unlock").out, format!("unlocked {}\n", MIRA.0));
    assert!(is_felt(|| key() == 200), "a lock suspends keys");
    assert_eq!(me(&server, &token).status, 401, "a lock ends sessions");
}

#[test]
fn a_password_set_here_ends_sessions_there() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let token = session(&server, MIRA.0, MIRA.1);
    assert_eq!(me(&server, &token).status, 200);
    let set =
        ["user", "password", " MIRA.holt@Northwind.EXAMPLE ", "--password-stdin", "--data", "herald-demo"];
    let short = home.run_with(&set, "short\n", &[]);
    assert!(short.code == Some(1) && short.err.contains("at least 12 characters"), "{short:?}");
    assert_eq!(home.run_with(&set, "eleven blue bicycles\r\n", &[]).code, Some(0));
    assert!(is_felt(|| me(&server, &token).status == 401));
    assert_eq!(sign_in(&server, MIRA.0, "eleven blue bicycles").status, 200);
}

#[test]
fn nobody_of_that_name() {
    let home = Home::new();
    home.start(&["serve"]).stop();
    for verb in ["password", "lock", "unlock"] {
        let mut arguments = vec!["user", verb, "nobody@nowhere.example"];
        if verb == "password" {
            arguments.push("--password-stdin");
        }
        let ran = home.run_with(&arguments, "a password of some length", &[]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.err.contains("nobody@nowhere.example"), "{ran:?}");
    }
    let ran = home.run(&["user", "lock", "not an address"]);
    assert!(ran.code == Some(1) && ran.err.contains("\"not an address\" is no e-mail address"), "{ran:?}");
    let ran = home.run(&["user", "list", "--data", "elsewhere"]);
    assert!(ran.code == Some(1) && ran.err.contains("there is no store"), "{ran:?}");
    assert!(!home.path("elsewhere").exists(), "a slip of the pen makes no store");
}

#[test]
fn one_address_one_user() {
    let home = Home::new();
    let add = |email: &str| {
        home.run_with(&["user", "add", email, "--operator", "--password-stdin"], "some long password", &[])
    };
    assert_eq!(add("ada@a.example").code, Some(0));
    let again = add("Ada@A.EXAMPLE");
    assert!(again.code == Some(1) && again.err.contains("ada@a.example already"), "{again:?}");
    let add = ["user", "add", "bo@a.example", "--tenant", "none", "--role", "guest", "--password-stdin"];
    let ran = home.run_with(&add, "some long password", &[]);
    assert!(ran.code == Some(1) && ran.err.contains("there is no tenant none"), "{ran:?}");
    assert_eq!(home.run(&["user", "list"]).out, "ada@a.example\t-\toperator\n");
    let elsewhere = [&add[..], &["--data", "elsewhere"]].concat();
    let ran = home.run_with(&elsewhere, "some long password", &[]);
    assert!(ran.code == Some(1) && ran.err.contains("there is no store"), "{ran:?}");
    assert!(!home.path("elsewhere").exists(), "a tenant is of a store that is there");
}

/// What the API refuses, the command line refuses; so an export can always be applied.
#[test]
fn what_nobody_else_may_be_called_the_command_line_may_not_either() {
    let home = Home::new();
    let add = |email: &str, name: &str, password: &str| {
        home.run_with(&["user", "add", email, "--name", name, "--password-stdin"], password, &[])
    };
    let long = "x".repeat(256);
    for (name, password, word) in [
        ("a\nb", "some long password", "the name must not hold control characters"),
        (&long, "some long password", "the name must have at most 255 characters"),
        ("Ada", "some\0long password", "the password must not hold the character U+0000"),
    ] {
        let ran = add("ada@a.example", name, password);
        assert!(ran.code == Some(1) && ran.err.contains(word), "{ran:?}");
    }
    assert_eq!(add("ada@a.example", "Ada", "some long password").code, Some(0));
    assert_eq!(add("bo@a.example", "", "some long password").code, Some(0));
    assert_eq!(home.run(&["user", "list"]).out, "ada@a.example\tAda\t-\nbo@a.example\t-\t-\n");
}

#[test]
fn a_list_has_no_end_but_its_own() {
    let home = Home::new();
    let mut world = String::from("[[tenant]]\nkey = \"a\"\nname = \"A\"\n");
    for at in 0..1_203 {
        write!(world, "[[user]]\nemail = \"u{at:04}@a.example\"\n").unwrap();
        if at % 2 == 0 {
            world.push_str("[[user.membership]]\ntenant = \"a\"\nroles = [\"guest\"]\n");
        }
    }
    home.write("w.toml", &world);
    let ran = home.run(&["apply", "w.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let all = home.run(&["user", "list"]).out;
    let expected: Vec<String> = (0..1_203).map(|at| format!("u{at:04}@a.example\t-\t-")).collect();
    assert_eq!(all.lines().collect::<Vec<_>>(), expected);
    assert_eq!(home.run(&["user", "list", "--tenant", "a"]).out.lines().count(), 602);
    // Nothing behind the first page is read when nobody listens: there it would stumble.
    let broken = "UPDATE users SET number = 'none' WHERE email = 'u1000@a.example'";
    database(&home.path("herald-data")).execute(broken, []).unwrap();
    assert_eq!(home.run(&["user", "list"]).code, Some(1));
    let ran = home.run_unheard(&["user", "list"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let none = home.run(&["user", "list", "--tenant", "b"]);
    assert!(none.code == Some(1) && none.err.contains("there is no tenant b"), "{none:?}");
}
