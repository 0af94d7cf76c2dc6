//! What cannot be served: one clear sentence, exit 1, the store as it was.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use super::program::{Home, Ran, database};

fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(ran.out, "", "{ran:?}");
    let said: Vec<&str> = ran.err.lines().filter(|line| !line.starts_with('{')).collect();
    assert_eq!(said.len(), 1, "one sentence: {ran:?}");
    assert!(said[0].starts_with("herald: "), "{ran:?}");
    for word in words {
        assert!(said[0].contains(word), "{word}: {ran:?}");
    }
}

fn serve(home: &Home) -> Ran {
    home.run(&["serve", "--listen", "127.0.0.1:0"])
}

/// Everything that a store consists of, byte for byte.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    // What a log of writes holds belongs into the file before two are compared.
    database(folder).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    ["herald.db", "master.key"]
        .iter()
        .map(|name| ((*name).to_owned(), fs::read(folder.join(name)).unwrap_or_default()))
        .collect()
}

#[test]
fn a_port_in_use() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = home.run(&["serve", "--listen", &address]);
    refused(&ran, &[&address, "the port is in use", "--listen"]);
    assert!(!home.path("herald-data/herald.db").exists(), "no store was made");
}

#[test]
fn a_data_folder_that_cannot_be() {
    let home = Home::new();
    home.write("file", "");
    refused(&home.run(&["serve", "--data", "file/below"]), &["the data folder file/below", "--data"]);
    refused(&home.run(&["apply", "file", "--data", "file/below"]), &["the data folder file/below", "--data"]);
}

#[test]
fn a_folder_that_another_server_holds() {
    let home = Home::new();
    let _server = home.start(&["serve"]);
    refused(&serve(&home), &["another server", "./herald-data"]);
}

#[test]
fn a_file_that_is_no_store() {
    let home = Home::new();
    fs::create_dir(home.path("herald-data")).unwrap();
    home.write("herald-data/herald.db", &"this is no database at all. ".repeat(100));
    refused(&serve(&home), &["herald-data/herald.db", "not a database"]);
}

#[test]
fn a_store_made_by_a_newer_version() {
    let home = Home::new();
    home.start(&["serve"]).stop();
    let folder = home.path("herald-data");
    let later =
        "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (999, 'later', x'00', 1)";
    database(&folder).execute(later, []).unwrap();
    let before = contents(&folder);
    refused(&serve(&home), &["newer version", "999"]);
    refused(&home.run(&["user", "list"]), &["newer version"]);
    let checked = home.run(&["check"]);
    assert!(
        checked.code == Some(1) && checked.out.contains("wrong: ") && checked.out.contains("newer"),
        "{checked:?}"
    );
    assert!(contents(&folder) == before, "the store is as it was");
}

#[test]
fn a_store_with_another_history() {
    let home = Home::new();
    home.start(&["serve"]).stop();
    let folder = home.path("herald-data");
    database(&folder).execute("UPDATE schema_migrations SET checksum = x'00' WHERE version = 1", []).unwrap();
    let before = contents(&folder);
    refused(&serve(&home), &["another build", "migration 1"]);
    assert!(contents(&folder) == before, "the store is as it was");
}

#[test]
fn a_database_that_is_not_there() {
    let home = Home::new();
    let url = "postgres://herald:hunter2@127.0.0.1:1/herald";
    let ran = home.run(&["serve", "--listen", "127.0.0.1:0", "--database-url", url]);
    refused(&ran, &["the database", "`database_url`"]);
    assert!(!ran.err.contains("hunter2"), "{ran:?}");
}

#[test]
fn a_country_file_that_is_none() {
    let home = Home::new();
    home.write("countries.mmdb", "no such database");
    for file in ["countries.mmdb", "nowhere.mmdb"] {
        home.write("herald.toml", &format!("[geo]\ndatabase = \"{file}\"\n"));
        let ran = serve(&home);
        refused(&ran, &[file, "cannot be used: ", "`geo.database`"]);
        assert_eq!(ran.err.matches(file).count(), 1, "{ran:?}");
        assert!(!home.path("herald-data/herald.db").exists(), "no store was made");
    }
}

#[test]
fn a_wrong_command_line_is_2() {
    let home = Home::new();
    let ran = home.run(&["serve", "--listen", "nowhere"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("--listen") && ran.err.contains("127.0.0.1:8080"), "{ran:?}");
    assert_eq!(home.run(&["token", "mint"]).code, Some(2), "--tenant is missing");
    assert_eq!(
        home.run(&["user", "add", "a@b.example", "--role", "guest"]).code,
        Some(2),
        "--tenant is missing"
    );
}
