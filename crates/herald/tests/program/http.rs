//! The smallest client that can ask Herald something.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use super::program::{Server, within};

pub struct Answer {
    pub status: u16,
    pub body: Value,
}

/// Sends one request and reads the answer to its end. Empty `body`: none.
pub fn ask(server: &Server, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    ask_at(&server.url, line, headers, body)
}

/// The same of a server's address, for threads.
pub fn ask_at(url: &str, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut stream = connect_to(url);
    stream.write_all(request(line, headers, body).as_bytes()).unwrap();
    answer(stream)
}

pub fn connect(server: &Server) -> TcpStream {
    connect_to(&server.url)
}

fn connect_to(url: &str) -> TcpStream {
    let stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// `line` is `GET /path`.
pub fn request(line: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("{line} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n");
    for (name, value) in headers {
        write!(text, "{name}: {value}\r\n").unwrap();
    }
    write!(text, "content-length: {}\r\n\r\n{body}", body.len()).unwrap();
    text
}

pub fn answer(mut stream: TcpStream) -> Answer {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, body: serde_json::from_str(body).unwrap_or(Value::Null) }
}

/// Signs in by `/v1`.
pub fn sign_in(server: &Server, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password }).to_string();
    ask(server, "POST /v1/sign-in", &[("content-type", "application/json")], &body)
}

/// A session token of somebody who can sign in.
pub fn session(server: &Server, email: &str, password: &str) -> String {
    let answer = sign_in(server, email, password);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["access_token"].as_str().unwrap().to_owned()
}

/// `GET /v1/me` with a credential.
pub fn me(server: &Server, token: &str) -> Answer {
    ask(server, "GET /v1/me", &[("authorization", &format!("Bearer {token}"))], "")
}

/// The revocation bound, and a little for a slow machine.
pub fn is_felt(mut felt: impl FnMut() -> bool) -> bool {
    within(Duration::from_secs(1), || felt().then_some(())).is_some()
}
