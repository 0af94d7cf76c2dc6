//! `herald check`: nothing on a sound installation, a line for whatever is wrong.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;

use super::program::{Home, database};

/// A store that somebody has begun to use.
fn sound() -> Home {
    let home = Home::new();
    home.start(&["serve"]).stop();
    home
}

fn wrong(home: &Home, words: &str) {
    let ran = home.run(&["check"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let told = ran.out.lines().any(|line| line.starts_with("wrong: ") && line.contains(words));
    assert!(told, "{words}: {ran:?}");
    assert!(ran.out.lines().all(|line| line.starts_with("wrong: ") || line.starts_with("note: ")), "{ran:?}");
}

#[test]
fn a_sound_installation_has_nothing_to_say() {
    let home = sound();
    let ran = home.run(&["check"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
    let none = home.run(&["check", "--data", "elsewhere"]);
    assert!(none.code == Some(0) && none.out.starts_with("note: there is no store"), "{none:?}");
    assert!(!home.path("elsewhere").exists());
}

#[test]
fn the_demo_is_published() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let ran = home.run(&["check", "--data", "herald-demo"]);
    assert_eq!(ran.code, Some(1));
    for words in [
        "the client fixstreamapp has a secret that is published",
        "the client fixstreamapp has a secret of less than 128 bits",
        "the password of mira.holt@northwind.example is published",
        "the password of root@herald.example is published",
        "the authenticator seed of tova.berg@northwind.example is published",
    ] {
        assert!(ran.out.contains(words), "{words}: {ran:?}");
    }
    assert_eq!(ran.out.matches("the API key ").count(), 3);
    assert_eq!(ran.out.matches("authenticator seed").count(), 1);
    server.stop();
    let set = ["user", "password", "root@herald.example", "--password-stdin", "--data", "herald-demo"];
    assert_eq!(home.run_with(&set, "known to nobody else", &[]).code, Some(0));
    assert!(!home.run(&["check", "--data", "herald-demo"]).out.contains("root@herald.example"));
    home.write(
        "seed.toml",
        "[[user]]\nemail = \"tova.berg@northwind.example\"\ntotp_secret = \"MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK\"\n",
    );
    assert_eq!(home.run(&["apply", "seed.toml", "--data", "herald-demo"]).code, Some(0));
    assert!(!home.run(&["check", "--data", "herald-demo"]).out.contains("authenticator seed"));
}

#[test]
fn files_that_others_can_read() {
    let home = sound();
    let chmod =
        |name: &str, mode| fs::set_permissions(home.path(name), Permissions::from_mode(mode)).unwrap();
    chmod("herald-data", 0o755);
    let ran = home.run(&["check"]);
    assert!(
        ran.code == Some(0) && ran.out.starts_with("note: others can look into the data folder"),
        "{ran:?}"
    );
    chmod("herald-data/herald.db", 0o644);
    wrong(&home, "others can look into the data folder");
    chmod("herald-data", 0o700);
    chmod("herald-data/master.key", 0o640);
    wrong(&home, "others can use the master key");
}

#[test]
fn settings_that_are_wrong() {
    let home = sound();
    home.write("herald.toml", "listn = \"127.0.0.1:1\"\n[sessions]\nidle = \"soon\"\n");
    wrong(&home, "herald.toml:1");
    wrong(&home, "sessions.idle");
}

#[test]
fn a_clock_behind_the_newest_row() {
    let home = sound();
    database(&home.path("herald-data")).execute("UPDATE audit SET at = 32503680000000000", []).unwrap();
    wrong(&home, "newest row of the store was written at 3000-01-01T00:00:00Z");
}

#[test]
fn keys_that_are_too_old() {
    let home = sound();
    home.write("w.toml", "[[tenant]]\nkey = \"a\"\nname = \"A\"\n");
    assert_eq!(home.run(&["apply", "w.toml"]).code, Some(0));
    for name in ["young", "old", "over", "revoked"] {
        assert_eq!(home.run(&["token", "mint", "--tenant", "a", "--name", name]).code, Some(0));
    }
    let later = "created_at = created_at - 400 * 86400000000";
    let change = |sql: String| database(&home.path("herald-data")).execute(&sql, []).unwrap();
    assert_eq!(change(format!("UPDATE tokens SET {later} WHERE name <> 'young'")), 3);
    change("UPDATE tokens SET expires_at = created_at + 1 WHERE name = 'over'".to_owned());
    change("UPDATE tokens SET revoked_at = created_at + 1 WHERE name = 'revoked'".to_owned());
    let keys = change(format!("UPDATE signing_keys SET {later}"));
    let ran = home.run(&["check"]);
    assert!(ran.code == Some(0) && ran.out.lines().all(|line| line.starts_with("note: the ")), "{ran:?}");
    let named = |words: &str| ran.out.lines().filter(|line| line.contains(words)).count();
    assert_eq!((named("the key "), named("(old) of a itself is 400 days old")), (1, 1), "{ran:?}");
    assert_eq!((named("the signing key "), ran.out.lines().count()), (keys, keys + 1), "{ran:?}");
}

#[test]
fn a_migration_that_is_pending() {
    let home = Home::new();
    fs::create_dir(home.path("herald-data")).unwrap();
    database(&home.path("herald-data")).execute("CREATE TABLE other (id BIGINT)", []).unwrap();
    wrong(&home, "a migration is pending");
}

#[test]
fn a_page_that_is_damaged() {
    let home = sound();
    let folder = home.path("herald-data");
    let page: i64 = database(&folder)
        .query_row("SELECT rootpage FROM sqlite_master WHERE name = 'audit_at'", [], |row| row.get(0))
        .unwrap();
    let mut file = OpenOptions::new().write(true).open(folder.join("herald.db")).unwrap();
    file.seek(SeekFrom::Start(u64::try_from(page - 1).unwrap() * 4096)).unwrap();
    file.write_all(&[0x0A, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).unwrap();
    wrong(&home, "damaged");
}
