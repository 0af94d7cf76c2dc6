//! Bodies that are too large, and bodies that nobody reads: whoever is still writing sees the answer all the same.

use std::io::{Read, Write};
use std::process::Command;

use super::http::{connect, session};
use super::program::{Home, Server};

/// More than the buffers of both sides of a connection hold.
const LARGE: usize = 14 * 1024 * 1024;

/// One path of each face, with what authenticates nobody.
const REFUSED: [(&str, u16, &str); 10] = [
    ("POST /v1/sign-in", 413, "too_large"),
    ("POST /api/me", 413, "Request body is too large"),
    // OAuth asks for a form before it looks how long it is.
    ("POST /oauth/token", 400, "application/x-www-form-urlencoded"),
    ("PUT /api/users/x@y.example", 413, "message"),
    ("POST /api/users/x@y.example", 413, "message"),
    // Streams are refused by who sends them, unread; a method that is not there is, too.
    ("POST /v1/endpoints/observations", 401, "unauthenticated"),
    ("POST /account/me", 405, "{"),
    // Insights has one route, which reads no body.
    ("GET /api/v2/users/loggedIn/detail", 401, "unauthorized"),
    ("POST /api/v2/users/loggedIn/detail", 405, "error"),
    ("POST /identity/resources/auth/v1/user", 413, "errors"),
];

/// Writes all of the body before it reads a byte.
fn stubborn(server: &Server, line: &str) -> String {
    let mut stream = connect(server);
    let head = format!(
        "{line} HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {LARGE}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let piece = vec![b' '; 64 * 1024];
    for _ in 0..LARGE / piece.len() {
        stream.write_all(&piece).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap_or_else(|error| panic!("{line}: {error}"));
    text
}

#[test]
fn the_answer_comes_to_whoever_writes_first_and_reads_then() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    for (line, status, said) in REFUSED {
        let answer = stubborn(&server, line);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.contains(said),
            "{line}: {answer}"
        );
    }
}

#[test]
fn curl_shows_the_answer() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    std::fs::write(home.path("large"), vec![b' '; LARGE]).unwrap();
    for expect in ["Expect:", "Expect: 100-continue"] {
        for (line, status, said) in REFUSED {
            let (method, path) = line.split_once(' ').unwrap();
            let ran = Command::new("curl")
                .args(["-sS", "-m", "20", "-w", "%{http_code}", "-X", method, "-H", expect])
                .args(["-H", "Content-Type: application/json", "--data-binary", "@large"])
                .arg(format!("{}{path}", server.url))
                .current_dir(home.path("."))
                .output()
                .unwrap();
            let out = String::from_utf8(ran.stdout).unwrap();
            assert!(ran.status.success(), "{expect} {line}: {}", String::from_utf8_lossy(&ran.stderr));
            assert!(out.contains(said) && out.ends_with(&status.to_string()), "{expect} {line}: {out}");
        }
    }
}

/// Far more than is ever held of it at once.
#[cfg(target_os = "linux")]
#[test]
fn a_long_stream_takes_no_memory() {
    const LINES: usize = 160_000;
    let home = Home::new();
    let server = home.start(&["demo"]);
    let token = session(&server, "mira.holt@northwind.example", "correct horse battery staple");
    let pad = "p".repeat(170);
    let line = |n: usize| {
        let url = format!("/long/{}", n % 500);
        format!(
            "{{\"collection\":9,\"method\":\"GET\",\"url\":\"{url}\",\"source\":\"10.0.0.1\",\"pad\":\"{pad}\"}}\n"
        )
    };
    let before = server.peak_kib();
    let mut stream = connect(&server);
    let head = format!(
        "POST /v1/endpoints/observations HTTP/1.1\r\nhost: h\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut sent = 0;
    for from in (0..LINES).step_by(1_000) {
        let piece: String = (from..from + 1_000).map(line).collect();
        sent += piece.len();
        stream.write_all(format!("{:x}\r\n{piece}\r\n", piece.len()).as_bytes()).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("\"kept\":160000") && answer.contains("\"created\":500"), "{answer}");
    let grown = server.peak_kib() - before;
    assert!(sent > 36 * 1024 * 1024 && grown < 16 * 1024, "{sent} bytes, and {grown} KiB more");
}
