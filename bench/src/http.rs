//! A small blocking HTTP/1.1 client on one connection: enough for JSON over loopback.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

const PATIENCE: Duration = Duration::from_mins(1);

pub struct Client {
    host: String,
    stream: BufReader<TcpStream>,
}

pub struct Answer {
    pub status: u16,
    pub retry_after: bool,
    pub body: Value,
}

impl Client {
    /// `host` as `127.0.0.1:8080`.
    pub fn connect(host: &str) -> Result<Self, String> {
        let stream = TcpStream::connect(host).map_err(|e| format!("connect to {host}: {e}"))?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(|e| e.to_string())?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        Ok(Self { host: host.to_owned(), stream: BufReader::new(stream) })
    }

    pub fn send(
        &mut self,
        verb: &str,
        path: &str,
        token: &str,
        body: Option<&Value>,
    ) -> Result<Answer, String> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let auth =
            if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
        let request = format!(
            "{verb} {path} HTTP/1.1\r\nHost: {}\r\n{auth}{kind}Content-Length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).map_err(|e| e.to_string())?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Answer, String> {
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or("no status line")?;
        let (mut length, mut retry_after) = (0_usize, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(|_| "a broken content length")?;
            }
            retry_after |= line.starts_with("retry-after:");
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).map_err(|e| e.to_string())?;
        Ok(Answer { status, retry_after, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line) {
            Ok(0) => Err("the server hung up".to_owned()),
            Ok(_) => Ok(line.trim_end().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}
