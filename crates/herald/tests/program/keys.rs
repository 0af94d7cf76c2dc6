//! The master key: made once, never again over what is sealed.

use std::fs;

use super::program::{Home, Ran};

/// 32 bytes as base64.
const OTHER: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn refused(ran: &Ran, words: &str) {
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains(words), "{ran:?}");
}

#[test]
fn a_lost_key_is_not_made_anew() {
    let home = Home::new();
    home.start(&["serve"]).stop();
    let file = home.path("herald-data/master.key");
    let key = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    refused(&home.run(&["serve", "--listen", "127.0.0.1:0"]), "there is no master key file");
    assert!(!file.exists(), "no new one was made");
    let checked = home.run(&["check"]);
    assert!(checked.code == Some(1) && checked.out.contains("there is no master key file"), "{checked:?}");
    fs::write(&file, key).unwrap();
    home.start(&["serve"]).stop();
}

#[test]
fn another_key_is_refused() {
    let home = Home::new();
    home.start(&["serve"]).stop();
    home.write("other.key", OTHER);
    for variable in [("HERALD_MASTER_KEY", OTHER), ("HERALD_MASTER_KEY_FILE", "other.key")] {
        let ran = home.run_with(&["serve", "--listen", "127.0.0.1:0"], "", &[variable]);
        refused(&ran, "sealed under another master key");
        let checked = home.run_with(&["check"], "", &[variable]);
        assert!(checked.code == Some(1) && checked.out.contains("cannot be opened"), "{checked:?}");
    }
    home.write("herald-data/master.key", "not a key");
    refused(&home.run(&["serve", "--listen", "127.0.0.1:0"]), "the master key is not base64");
    assert_eq!(fs::read_to_string(home.path("herald-data/master.key")).unwrap(), "not a key");
}

#[test]
fn a_named_file_is_made_on_first_start_and_used_again() {
    let home = Home::new();
    let named = [("HERALD_MASTER_KEY_FILE", "keys.txt")];
    for _ in 0..2 {
        let ran = home.run_with(
            &["user", "add", "a@b.example", "--password-stdin"],
            "long enough a password",
            &named,
        );
        assert!(ran.code == Some(0) || ran.err.contains("somebody"), "{ran:?}");
    }
    assert!(home.path("keys.txt").exists());
    assert!(!home.path("herald-data/master.key").exists());
}
