//! The server ends with the process that started it, also when that is killed.

use std::fs::Permissions;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Run by the test below in a process of its own: starts a server, says its address and waits to be killed.
#[test]
#[ignore = "is the process that the other test kills"]
fn starts_and_waits() {
    let database = herald_postgres_on_demand::database("held");
    println!("\nat {}", database.url());
    // Ends when the pipe does, should the other test have died first.
    drop(std::io::stdin().read(&mut [0]));
}

fn starter(temporary: &Path) -> std::io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .args(["--exact", "starts_and_waits", "--ignored", "--nocapture"])
        .env("TMPDIR", temporary)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
}

/// `127.0.0.1:PORT`, of the line that the child prints.
fn address(child: &mut Child) -> Option<String> {
    let lines = BufReader::new(child.stdout.take()?).lines();
    let url = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("at ").map(str::to_owned))?;
    Some(url.split_once('@')?.1.split_once('/')?.0.to_owned())
}

#[test]
fn a_killed_process_leaves_no_server_and_no_files() {
    let temporary = tempfile::tempdir().unwrap();
    // The server's own user has to pass through it.
    std::fs::set_permissions(&temporary, Permissions::from_mode(0o755)).unwrap();
    let mut child = starter(temporary.path()).unwrap();
    let address = address(&mut child).unwrap();
    TcpStream::connect(&address).unwrap();
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let gone = || {
        std::thread::park_timeout(Duration::from_millis(20));
        std::fs::read_dir(&temporary).unwrap().count() == 0
    };
    assert!((0..1000).any(|_| gone()), "the folder is still there");
    assert!(TcpStream::connect(&address).is_err(), "somebody still listens");
}
