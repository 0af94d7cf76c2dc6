//! `herald backup`: a whole copy, beside a server that goes on.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::demo::MIRA;
use super::http::{answer, request, session};
use super::program::{Home, within};

/// No write may take longer, whatever is copied meanwhile.
const STALL: Duration = Duration::from_secs(5);
const DEMO: [&str; 2] = ["--data", "herald-demo"];

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A write that is answered when it is on disk; its audit row bears the name.
fn rename(address: &str, token: &str, name: &str) {
    let headers = [("authorization", format!("Bearer {token}"))];
    let headers = [("authorization", headers[0].1.as_str()), ("content-type", "application/json")];
    let body = serde_json::json!({ "name": name }).to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(STALL)).unwrap();
    stream.write_all(request("PATCH /v1/me", &headers, &body).as_bytes()).unwrap();
    let answer = answer(stream);
    assert_eq!(answer.status, 200, "{}", answer.body);
}

fn audited(file: &Path) -> i64 {
    let conn = rusqlite::Connection::open(file).unwrap();
    let check: String = conn.query_row("PRAGMA quick_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    conn.query_row("SELECT COUNT(*) FROM audit", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_copy_under_load_holds_all_that_was_acknowledged() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let tokens: Vec<String> = (0..8).map(|_| session(&server, MIRA.0, MIRA.1)).collect();
    let store = home.path("herald-demo/herald.db");
    let address = server.url.trim_start_matches("http://");
    let (stop, written) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let writers: Vec<_> = tokens
            .iter()
            .map(|token| {
                let (stop, written) = (&stop, &written);
                scope.spawn(move || {
                    while !stop.load(Ordering::Acquire) {
                        rename(address, token, &format!("Mira {}", written.load(Ordering::Acquire)));
                        written.fetch_add(1, Ordering::AcqRel);
                    }
                })
            })
            .collect();
        for round in 0..3 {
            assert!(
                within(Duration::from_secs(20), || {
                    (written.load(Ordering::Acquire) > 20 * (round + 1)).then_some(())
                })
                .is_some()
            );
            let before = audited(&store);
            let file = format!("copy {round}");
            let ran = home.run(&["backup", &file, DEMO[0], DEMO[1]]);
            assert!(ran.code == Some(0) && ran.err.is_empty(), "{ran:?}");
            let says = ran.out.lines().next().unwrap();
            assert!(
                says.starts_with(&format!("wrote {file}: ")) && says.contains(" bytes, schema "),
                "{ran:?}"
            );
            assert!(ran.out.contains("the master key is not in it: keep "), "{ran:?}");
            let copied = audited(&home.path(&file));
            assert!(copied >= before && copied <= audited(&store), "{before} {copied}");
            let mode = fs::metadata(home.path(&file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        stop.store(true, Ordering::Release);
        for writer in writers {
            writer.join().unwrap();
        }
    });
    assert_eq!(names(&home.path(".")), ["copy 0", "copy 1", "copy 2", "herald-demo"], "nothing beside them");
    server.stop();
}

#[test]
fn what_cannot_be_backed_up_leaves_nothing_behind() {
    let home = Home::new();
    home.start(&["serve"]).stop();
    home.write("there", "precious");
    for (arguments, words) in [
        (&["backup", "there"][..], "there is there already"),
        (&["backup", "no/such/file"], "no/such/file cannot be written"),
        (&["backup", "b", "--data", "elsewhere"], "there is no store"),
        (&["backup", "b", "--database-url", "postgres://h:hunter2@127.0.0.1:1/h"], "use pg_dump"),
    ] {
        let ran = home.run(arguments);
        assert!(ran.code == Some(1) && ran.out.is_empty() && ran.err.contains(words), "{ran:?}");
        assert!(!ran.err.contains("hunter2") && ran.err.lines().count() == 1, "{ran:?}");
    }
    assert_eq!(fs::read_to_string(home.path("there")).unwrap(), "precious");
    assert_eq!(home.run(&["backup"]).code, Some(2));
    // A disk that takes 64 KiB and no more.
    let line = format!("trap '' XFSZ; ulimit -f 128; exec {} backup full", env!("CARGO_BIN_EXE_herald"));
    let full =
        Command::new("sh").args(["-c", &line]).current_dir(home.path(".")).env_clear().output().unwrap();
    let said = String::from_utf8(full.stderr).unwrap();
    assert!(full.status.code() == Some(1) && said.contains("full"), "{said}");
    assert_eq!(names(&home.path(".")), ["herald-data", "there"]);
    assert!(home.run(&["backup", "whole"]).code == Some(0), "the store is none the worse");
}
