//! `herald restore`: back to the backup and on from there; what is no backup leaves the store byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::demo::MIRA;
use super::http::{me, session, sign_in};
use super::program::{Home, Ran, database};

/// 32 bytes as base64.
const OTHER: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn refused(ran: &Ran, words: &str) {
    assert!(ran.code == Some(1) && ran.out.is_empty(), "{ran:?}");
    assert!(ran.err.contains(words) && ran.err.lines().count() == 1, "{words}: {ran:?}");
}

/// Every file of the folder but the lock, with its bytes.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name != "herald.lock")
        .collect()
}

/// A store in `herald-data`, and its backup `b`.
fn backed_up() -> Home {
    let home = Home::new();
    home.start(&["serve"]).stop();
    assert_eq!(home.run(&["backup", "b"]).code, Some(0));
    home
}

#[test]
fn a_restored_store_goes_on_from_the_backup() {
    let home = Home::new();
    let there = ["--data", "herald-demo"];
    let server = home.start(&["demo"]);
    let old = session(&server, MIRA.0, MIRA.1);
    assert_eq!(home.run(&[&["backup", "b"], &there[..]].concat()).code, Some(0));
    let set = [&["user", "password", MIRA.0, "--password-stdin"], &there[..]].concat();
    assert_eq!(home.run_with(&set, "another horse altogether", &[]).code, Some(0));
    let new = session(&server, MIRA.0, "another horse altogether");
    assert_eq!(me(&server, &old).status, 401);
    let restore = [&["restore", "b"], &there[..]].concat();
    refused(&home.run(&restore), "uses the data folder");
    assert_eq!(me(&server, &new).status, 200, "the server noticed nothing");
    // What it wrote last stands in the write-ahead log alone.
    server.kill();
    let ran = home.run(&restore);
    assert!(ran.code == Some(0) && ran.out.starts_with("restored b: schema "), "{ran:?}");
    assert!(ran.out.contains("the store that was there is now "), "{ran:?}");
    let names: Vec<String> = contents(&home.path("herald-demo")).into_keys().collect();
    assert_eq!(names, ["demo", "herald.db", "herald.db.before-restore", "master.key"]);
    let server = home.start(&["demo"]);
    assert_eq!(me(&server, &old).status, 200, "a session of then");
    assert_eq!(me(&server, &new).status, 401, "and none of later");
    assert_eq!(sign_in(&server, MIRA.0, MIRA.1).status, 200);
    server.stop();
    refused(&home.run(&restore), "herald.db.before-restore is there from an earlier restore");
    // And back again: what was moved aside is a whole store with all that was in its log.
    let kept = home.path("herald-demo/herald.db.before-restore");
    fs::rename(&kept, home.path("later")).unwrap();
    let ran = home.run(&["restore", "later", "--data", "herald-demo"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let server = home.start(&["demo"]);
    assert_eq!((me(&server, &old).status, me(&server, &new).status), (401, 200));
    server.stop();
}

#[test]
fn what_is_no_backup_of_this_store_leaves_it_alone() {
    let home = backed_up();
    let whole = fs::read(home.path("b")).unwrap();
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0xFF;
    fs::write(home.path("flipped"), flipped).unwrap();
    fs::write(home.path("short"), &whole[..whole.len() / 2]).unwrap();
    home.write("empty", "");
    home.write("text", &"this is no database at all\n".repeat(1000));
    let changed = |name: &str, sql: &str| {
        // As other tools leave a backup that they wrote to: without its checksum.
        fs::write(home.path(name), &whole[..whole.len() - 48]).unwrap();
        rusqlite::Connection::open(home.path(name)).unwrap().execute_batch(sql).unwrap();
    };
    changed("newer", "INSERT INTO schema_migrations VALUES (999, 'later', x'00', 1)");
    changed("altered", "UPDATE schema_migrations SET checksum = x'00'");
    changed("marked", "PRAGMA application_id = 7");
    rusqlite::Connection::open(home.path("foreign")).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    fs::create_dir(home.path("folder")).unwrap();
    let before = contents(&home.path("herald-data"));
    for (file, words) in [
        ("flipped", "its checksum does not fit"),
        ("short", "it was cut off"),
        ("empty", "no SQLite file"),
        ("text", "no SQLite file"),
        ("newer", "made by a newer version of Herald"),
        ("altered", "its migration 1 reads otherwise"),
        ("marked", "an SQLite file of another program"),
        ("foreign", "an SQLite file of another program"),
        ("folder", "is a folder"),
        ("/dev/null", "is no regular file"),
        ("nowhere", "cannot be read"),
    ] {
        refused(&home.run(&["restore", file]), words);
        assert!(contents(&home.path("herald-data")) == before, "{file}: the store is as it was");
        refused(&home.run(&["restore", file, "--database-url", "postgres://h@127.0.0.1:1/h"]), "PostgreSQL");
    }
    refused(&home.run(&["restore", "text", "--data", "new"]), "no SQLite file");
    assert!(!home.path("new").exists(), "no folder was made for it");
}

#[test]
fn the_master_key_has_to_open_what_is_sealed() {
    let home = backed_up();
    let before = contents(&home.path("herald-data"));
    let ran = home.run_with(&["restore", "b"], "", &[("HERALD_MASTER_KEY", OTHER)]);
    refused(&ran, "was sealed under another master key (its id is ");
    assert!(contents(&home.path("herald-data")) == before);
    refused(&home.run(&["restore", "b", "--data", "new"]), "there is no master key file new/master.key");
    assert!(contents(&home.path("new")).is_empty(), "nothing was made, no key either");
    fs::copy(home.path("herald-data/master.key"), home.path("new/master.key")).unwrap();
    let ran = home.run(&["restore", "b", "--data", "new"]);
    assert!(ran.code == Some(0) && ran.out.lines().count() == 1, "{ran:?}");
    home.start(&["serve", "--data", "new"]).stop();
    let whole = fs::read(home.path("b")).unwrap();
    fs::write(home.path("unsealed"), &whole[..whole.len() - 48]).unwrap();
    let unsealed = rusqlite::Connection::open(home.path("unsealed")).unwrap();
    unsealed.execute_batch("PRAGMA journal_mode = DELETE; DELETE FROM signing_keys").unwrap();
    drop(unsealed);
    let ran = home.run(&["restore", "unsealed", "--data", "keyless"]);
    assert!(
        ran.code == Some(0) && ran.out.contains("nothing is sealed; the next start makes one"),
        "{ran:?}"
    );
    home.start(&["serve", "--data", "keyless"]).stop();
    assert_eq!(home.run(&["user", "list", "--data", "new"]).out, "admin@localhost\t-\toperator\n");
}

/// What a restore is for: a store that cannot be opened any more.
#[test]
fn a_damaged_store_is_replaced_and_kept() {
    let home = backed_up();
    let ruined = b"ruined".repeat(10_000);
    fs::write(home.path("herald-data/herald.db"), &ruined).unwrap();
    fs::write(home.path("herald-data/herald.db-wal"), "its log").unwrap();
    // A restore that was killed left this.
    home.write("herald-data/herald.db.restoring", "half a backup");
    assert_eq!(home.run(&["restore", "b"]).code, Some(0));
    let mut files = contents(&home.path("herald-data"));
    assert_eq!(files.remove("herald.db.before-restore").unwrap(), ruined);
    assert_eq!(files.remove("herald.db.before-restore-wal").unwrap(), b"its log");
    assert_eq!(files.into_keys().collect::<Vec<_>>(), ["herald.db", "master.key"]);
    home.start(&["serve"]).stop();
}

#[test]
fn a_store_that_a_command_uses_is_not_replaced() {
    let home = backed_up();
    let other = database(&home.path("herald-data"));
    other.query_row("SELECT COUNT(*) FROM users", [], |_| Ok(())).unwrap();
    refused(&home.run(&["restore", "b"]), "in use by another command");
    assert!(!home.path("herald-data/herald.db.before-restore").exists());
    refused(&home.run(&["restore", "herald-data/herald.db"]), "in use by another command");
    drop(other);
    assert_eq!(home.run(&["restore", "b"]).code, Some(0));
}
