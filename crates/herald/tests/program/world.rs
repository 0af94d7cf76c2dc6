//! `herald apply`: faults, plans, and a server beside.

use std::fs::File;

use super::demo::MIRA;
use super::http::{is_felt, me, session, sign_in};
use super::program::{Home, database};

const DEMO: &str = include_str!("../../../../demo.toml");

#[test]
fn every_fault_is_told_with_its_line_and_nothing_is_written() {
    let home = Home::new();
    home.write(
        "w.toml",
        "[[tenant]]\nkey = \"a\"\nname = \"A\"\ncolour = \"red\"\n\n[[user]]\nemail = \"ada@a.example\"\n\
         [[user.membership]]\ntenant = \"a\"\nroles = [\"capten\"]\n\n[[user]]\nemail = \"ADA@A.example\"\n",
    );
    let ran = home.run(&["apply", "w.toml"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(ran.out, "");
    let told: Vec<&str> = ran.err.lines().collect();
    assert!(told.len() >= 3, "{told:?}");
    for (place, word) in
        [("w.toml:4: ", "colour"), ("w.toml:10: ", "capten"), ("w.toml:13: ", "ada@a.example")]
    {
        let told = told.iter().find(|line| line.starts_with(&format!("herald: {place}")));
        assert!(told.is_some_and(|line| line.contains(word)), "{place}{word}: {}", ran.err);
    }
    assert!(!home.path("herald-data/herald.db").exists());
}

#[test]
fn beside_a_store_too_every_fault_is_told_at_once() {
    let home = Home::new();
    home.write("w.toml", "[[tenant]]\nkey = \"a\"\nname = \"A\"\n");
    assert_eq!(home.run(&["apply", "w.toml"]).code, Some(0));
    home.write(
        "w.toml",
        "colour = 1\n[[user]]\nemail = \"ada@a.example\"\n[[user.membership]]\ntenant = \"b\"\nroles = [\"guest\"]\n\
         [[user.membership]]\ntenant = \"a\"\nroles = [\"capten\"]\n",
    );
    for more in [&["apply", "w.toml"][..], &["apply", "w.toml", "--dry-run"]] {
        let ran = home.run(more);
        assert_eq!((ran.code, ran.err.lines().count()), (Some(1), 3), "{ran:?}");
        for (line, word) in [(1, "colour"), (5, "no tenant \"b\""), (9, "capten")] {
            assert!(
                ran.err.lines().any(|l| l.contains(&format!("w.toml:{line}: ")) && l.contains(word)),
                "{ran:?}"
            );
        }
    }
}

/// A first start or a first apply with a wrong file: of the text, and of what it refers to.
#[test]
fn what_is_refused_makes_no_store() {
    for text in
        ["[[tenant]\n", "colour = 1\n", "[[token]]\ntenant = \"none\"\nsecret = \"0123456789abcdef\"\n"]
    {
        let home = Home::new();
        home.write("w.toml", text);
        for arguments in
            [&["apply", "w.toml"][..], &["serve", "--world", "w.toml", "--listen", "127.0.0.1:0"]]
        {
            let ran = home.run(arguments);
            assert!(ran.code == Some(1) && ran.err.contains("herald: w.toml:"), "{ran:?}");
            for name in ["herald.db", "master.key"] {
                assert!(
                    !home.path("herald-data").join(name).exists(),
                    "{name} after {arguments:?} of {text}"
                );
            }
        }
    }
}

#[test]
fn what_is_refused_migrates_no_store() {
    let home = Home::new();
    std::fs::create_dir(home.path("herald-data")).unwrap();
    let folder = home.path("herald-data");
    database(&folder).execute("CREATE TABLE other (id BIGINT)", []).unwrap();
    let tables = || -> i64 {
        database(&folder).query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get(0)).unwrap()
    };
    home.write("w.toml", "colour = 1\n");
    assert_eq!(home.run(&["apply", "w.toml"]).code, Some(1));
    assert_eq!(home.run(&["serve", "--world", "w.toml", "--listen", "127.0.0.1:0"]).code, Some(1));
    assert_eq!(tables(), 1);
    assert!(!folder.join("master.key").exists());
}

#[test]
fn what_stands_in_the_store_may_be_named() {
    let home = Home::new();
    home.write("a.toml", "[[tenant]]\nkey = \"a\"\nname = \"A\"\n");
    home.write("b.toml", "[[role]]\nkey = \"desk\"\ntenant = \"a\"\n");
    assert_eq!(home.run(&["apply", "b.toml"]).code, Some(1));
    assert_eq!(home.run(&["apply", "a.toml"]).code, Some(0));
    let ran = home.run(&["apply", "b.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "+ role desk of a\n= 0 unchanged\n"), "{ran:?}");
}

#[test]
fn a_second_apply_changes_nothing() {
    let home = Home::new();
    home.write("demo.toml", DEMO);
    let first = home.run(&["apply", "demo.toml"]);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert_eq!(first.err, "");
    assert!(first.out.contains("+ user mira.holt@northwind.example"), "{}", first.out);
    let made = first.out.lines().filter(|line| line.starts_with("+ ")).count();
    let second = home.run(&["apply", "demo.toml"]);
    assert_eq!(second.out, format!("= {made} unchanged\n"));
    assert_eq!(second.code, Some(0));
}

#[test]
fn a_long_file_is_refused_unread() {
    let home = Home::new();
    File::create(home.path("long.toml")).unwrap().set_len(16 * 1024 * 1024 + 1).unwrap();
    let ran = home.run(&["apply", "long.toml"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("long.toml is longer than 16 MiB"), "{ran:?}");
    assert!(!home.path("herald-data").exists(), "nothing was made");
    let ran = home.run(&["apply", "nowhere.toml"]);
    assert!(ran.code == Some(1) && ran.err.contains("nowhere.toml cannot be read"), "{ran:?}");
}

#[test]
fn a_broken_world_does_not_serve() {
    let home = Home::new();
    home.write("w.toml", "[[tenant]\n");
    let ran = home.run(&["serve", "--world", "w.toml", "--listen", "127.0.0.1:0"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("herald: w.toml:1: "), "{ran:?}");
}

#[test]
fn a_running_server_feels_it() {
    let home = Home::new();
    home.write("demo.toml", DEMO);
    let server = home.start(&["serve", "--world", "demo.toml"]);
    let token = session(&server, MIRA.0, MIRA.1);
    assert!(me(&server, &token).body.to_string().contains("Mira Holt"));
    home.write(
        "more.toml",
        "[[user]]\nemail = \"mira.holt@northwind.example\"\nname = \"Mira the Second\"\n\
         [[user]]\nemail = \"new.one@northwind.example\"\npassword = \"a password for the new one\"\n\
         default_tenant = \"northwind\"\n[[user.membership]]\ntenant = \"northwind\"\nroles = [\"guest\"]\n",
    );
    let ran = home.run(&["apply", "more.toml"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("~ user mira.holt@northwind.example"), "{ran:?}");
    assert!(is_felt(|| me(&server, &token).body.to_string().contains("Mira the Second")));
    assert_eq!(sign_in(&server, "new.one@northwind.example", "a password for the new one").status, 200);
}

const SMALL: &str = "[[tenant]]\nkey = \"a\"\nname = \"A\"\n[[user]]\nemail = \"ada@a.example\"\n\
    password = \"a password for ada\"\n[[user.membership]]\ntenant = \"a\"\nroles = [\"admin\"]\n\
    [[user]]\nemail = \"bo@a.example\"\npassword = \"a password for bo\"\n[[user.membership]]\ntenant = \"a\"\n\
    roles = [\"guest\"]\n";
const PLAN: &str = "+ tenant a\n+ user ada@a.example\n+ membership ada@a.example in a\n+ user bo@a.example\n\
    + membership bo@a.example in a\n= 0 unchanged\n";

#[test]
fn a_dry_run_makes_no_store_and_tells_the_plan() {
    let home = Home::new();
    home.write("w.toml", SMALL);
    let ran = home.run_with(&["apply", "w.toml", "--dry-run"], "", &[("TMPDIR", ".")]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), PLAN, ""));
    assert!(!home.path("herald-data").exists());
    let left = std::fs::read_dir(home.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.collect::<Vec<_>>(), ["w.toml"], "what stood in for a store is gone");
    assert_eq!(home.run(&["apply", "w.toml"]).out, PLAN);
    let ran = home.run(&["apply", "w.toml", "--dry-run"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "= 5 unchanged\n"));
}

#[test]
fn prune_and_reset_reach_a_running_server() {
    let home = Home::new();
    home.write("w.toml", SMALL);
    let server = home.start(&["serve", "--world", "w.toml"]);
    let (ada, bo) = ("ada@a.example", "bo@a.example");
    let (hers, his) =
        (session(&server, ada, "a password for ada"), session(&server, bo, "a password for bo"));
    let less = SMALL.split("[[user]]\nemail = \"bo@").next().unwrap().replace("for ada", "of her own now");
    home.write("less.toml", &less);
    let flags = ["apply", "less.toml", "--prune", "--reset-passwords"];
    let rehearsed = home.run(&[&flags[..], &["--dry-run"]].concat());
    assert_eq!(
        rehearsed.out,
        "~ user ada@a.example: password changed\n- membership bo@a.example in a\n- user bo@a.example\n= 2 unchanged\n"
    );
    assert_eq!((me(&server, &hers).status, me(&server, &his).status), (200, 200));
    let ran = home.run(&flags);
    assert_eq!((ran.code, &ran.out), (Some(0), &rehearsed.out), "{ran:?}");
    assert!(is_felt(|| me(&server, &hers).status == 401 && me(&server, &his).status == 401));
    assert_eq!(sign_in(&server, ada, "a password for ada").status, 401);
    assert_eq!(sign_in(&server, ada, "a password of her own now").status, 200);
    assert_eq!(sign_in(&server, bo, "a password for bo").status, 401);
    assert_eq!(home.run(&flags).out, "= 3 unchanged\n");
    home.write("none.toml", "[[tenant]]\nkey = \"a\"\nname = \"A\"\n");
    let ran = home.run(&["apply", "none.toml", "--prune"]);
    assert!(ran.code == Some(1) && ran.err.contains("would lose its last administrator"), "{ran:?}");
    assert_eq!(sign_in(&server, ada, "a password of her own now").status, 200);
}

/// From one store into another under the same master key, while a server runs on the first.
#[test]
fn an_export_is_another_stores_world() {
    let home = Home::new();
    home.write("demo.toml", DEMO);
    let server = home.start(&["serve", "--world", "demo.toml"]);
    let export = home.run(&["export"]);
    assert_eq!((export.code, export.err.as_str()), (Some(0), ""), "{}", export.err);
    assert!(export.out.starts_with("[[permission]]\n"), "{}", export.out);
    assert!(!export.out.contains(MIRA.1), "no password in clear");
    assert_eq!(home.run(&["export"]).out, export.out);
    home.write("world.toml", &export.out);
    let told = home.run(&["apply", "world.toml", "--prune"]);
    assert!(told.code == Some(0) && told.out.starts_with("= "), "{told:?}");
    drop(server);
    std::fs::create_dir(home.path("other")).unwrap();
    std::fs::copy(home.path("herald-data/master.key"), home.path("other/master.key")).unwrap();
    let other = home.start(&["serve", "--data", "other", "--world", "world.toml"]);
    let token = session(&other, MIRA.0, MIRA.1);
    assert!(me(&other, &token).body.to_string().contains("Mira Holt"));
    assert_eq!(home.run(&["export", "--data", "other"]).out, export.out);
    // Another master key opens none of it, and nothing is written.
    let ran = home.run(&["apply", "world.toml", "--data", "third"]);
    assert!(ran.code == Some(1) && ran.err.contains("sealed under another master key"), "{ran:?}");
    let bare = home.run(&["export", "--secrets", "none"]);
    assert!(!bare.out.contains("secret") && !bare.out.contains("password"), "{}", bare.out);
    home.write("bare.toml", &bare.out);
    assert_eq!(home.run(&["apply", "bare.toml", "--data", "third"]).code, Some(0));
    assert_eq!(home.run(&["export", "--secrets", "none", "--data", "third"]).out, bare.out);
    let ran = home.run(&["export", "--data", "nowhere"]);
    assert!(ran.code == Some(1) && ran.err.contains("there is no store"), "{ran:?}");
    assert_eq!(home.run_unheard(&["export"]).code, Some(0));
}
