//! A herald of our own: started on a free port, ended by its id.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::http::Client;
use crate::rows::Rows;

pub struct Server {
    child: Child,
    /// `127.0.0.1:40123`
    pub host: String,
    pub ready_in: Duration,
}

/// A world without quotas: one tenant, one administrator.
pub const WORLD: &str = r#"
[[tenant]]
key = "bench"
name = "Bench"
[[user]]
email = "ada@bench.example"
password = "a password for the bench"
name = "Ada"
default_tenant = "bench"
[[user.membership]]
tenant = "bench"
roles = ["admin"]
"#;
pub const EMAIL: &str = "ada@bench.example";
pub const PASSWORD: &str = "a password for the bench";

/// The release binary beside this one.
pub fn binary() -> Result<PathBuf, String> {
    let here = std::env::current_exe().map_err(|e| e.to_string())?;
    let herald = here.with_file_name("herald");
    if herald.exists() { Ok(herald) } else { Err("build it first: cargo build --release".to_owned()) }
}

impl Server {
    /// `serve` with the bench's world in `data`.
    pub fn start(data: &Path) -> Result<Self, String> {
        let world = data.with_extension("toml");
        std::fs::write(&world, WORLD).map_err(|e| e.to_string())?;
        Self::spawn(
            Command::new(binary()?)
                .env_clear()
                .arg("serve")
                .arg("--data")
                .arg(data)
                .arg("--world")
                .arg(world),
        )
    }

    /// The same on rows of either engine.
    pub fn start_on(rows: &Rows, text: &str) -> Result<Self, String> {
        let data = rows.data();
        let world = data.with_extension("toml");
        std::fs::write(&world, text).map_err(|e| e.to_string())?;
        let mut command = Command::new(binary()?);
        command.arg("serve").arg("--data").arg(data).arg("--world").arg(world).env_clear();
        if let Some(url) = rows.url() {
            command.env("HERALD_DATABASE_URL", url);
        }
        Self::spawn(&mut command)
    }

    /// `demo` below `folder`.
    pub fn demo(folder: &Path) -> Result<Self, String> {
        Self::spawn(Command::new(binary()?).env_clear().arg("demo").current_dir(folder))
    }

    fn spawn(command: &mut Command) -> Result<Self, String> {
        let begun = now();
        let mut child = command
            .args(["--listen", "127.0.0.1:0"])
            .env("HERALD_LIMITS__SIGN_IN_PER_IP", "0")
            .env("HERALD_LOG__LEVEL", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| e.to_string())?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(Ok(line)) = lines.next() {
            if let Some(host) = line.strip_prefix("herald: ready on http://") {
                return Ok(Self { child, host: host.to_owned(), ready_in: now() - begun });
            }
        }
        let _reaped = child.wait();
        Err("herald ended before it was ready".to_owned())
    }

    pub fn client(&self) -> Result<Client, String> {
        Client::connect(&self.host)
    }

    /// A session token of the bench's administrator.
    pub fn sign_in(&self) -> Result<String, String> {
        self.sign_in_as(EMAIL, PASSWORD)
    }

    pub fn sign_in_as(&self, email: &str, password: &str) -> Result<String, String> {
        self.sign_in_to(email, password, None)
    }

    /// Into a tenant, by its key.
    pub fn sign_in_to(&self, email: &str, password: &str, tenant: Option<&str>) -> Result<String, String> {
        let mut body = json!({"email": email, "password": password});
        if let (Some(fields), Some(tenant)) = (body.as_object_mut(), tenant) {
            fields.insert("tenant".to_owned(), tenant.into());
        }
        let answer = self.client()?.send("POST", "/v1/sign-in", "", Some(&body))?;
        let token = answer.body.get("access_token").and_then(|t| t.as_str());
        token.map(str::to_owned).ok_or_else(|| format!("sign-in answered {} {}", answer.status, answer.body))
    }

    /// SIGKILL.
    pub fn kill(mut self) -> Result<(), String> {
        self.child.kill().map_err(|e| e.to_string())?;
        self.child.wait().map(drop).map_err(|e| e.to_string())
    }

    /// A line of `/proc/<id>/status`, in KiB.
    pub fn memory(&self, line: &str) -> Result<u64, String> {
        memory(self.child.id(), line)
    }
}

/// A line of `/proc/<id>/status`, in KiB.
pub fn memory(id: u32, line: &str) -> Result<u64, String> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).map_err(|e| e.to_string())?;
    let found = status.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':'));
    let kib = found.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    kib.ok_or_else(|| format!("/proc has no {line}"))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
pub fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark waits in real time, on a thread of its own")]
pub fn wait(span: Duration) {
    std::thread::sleep(span);
}
