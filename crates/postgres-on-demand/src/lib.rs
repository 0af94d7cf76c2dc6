//! For tests only: a private PostgreSQL server, started once a process, and fresh databases on it.
//!
//! Why it is a crate of its own: `docs/decisions/0003-postgres-on-demand.md`. The server listens on a free port
//! of 127.0.0.1 behind a random password, keeps its files in a temporary folder, and ends with the process,
//! however that ends. It never skips: a test that needs PostgreSQL fails where there is none, and says what to
//! install.

mod programs;
mod server;

use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use server::Server;

static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(1);

/// An empty database, dropped with this value.
pub struct Database {
    name: String,
    url: String,
    server: &'static Server,
}

/// A fresh database; `hint` becomes part of its name.
///
/// # Panics
/// Where PostgreSQL is not installed or does not start: the message says what to do.
pub fn database(hint: &str) -> Database {
    let made = SERVER.get_or_init(Server::start).as_ref().map_err(Clone::clone).and_then(|server| {
        let plain = hint.chars().filter(char::is_ascii_alphanumeric).take(32).collect::<String>();
        let name = format!("{}_{}", plain.to_ascii_lowercase(), NEXT.fetch_add(1, Ordering::Relaxed));
        server.command(&format!("CREATE DATABASE \"{name}\""))?;
        let url = server.url(&name);
        Ok(Database { name, url, server })
    });
    or_fail(made)
}

impl Database {
    /// `postgres://…`, for a superuser; holds the password.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The folder goes with the process anyway; this only keeps it small meanwhile.
        drop(self.server.command(&format!("DROP DATABASE \"{}\" WITH (FORCE)", self.name)));
    }
}

impl Server {
    fn url(&self, database: &str) -> String {
        format!("postgres://herald:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    fn command(&self, sql: &str) -> Result<(), String> {
        let output = Command::new(self.programs.join("psql"))
            .args([
                "-X",
                "-q",
                "-h",
                "127.0.0.1",
                "-U",
                "herald",
                "-d",
                "postgres",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                sql,
            ])
            .args(["-p", &self.port.to_string()])
            // Not in the arguments, which everybody on the machine can read.
            .env("PGPASSWORD", &self.password)
            .env_remove("PGOPTIONS")
            .env_remove("PGSSLMODE")
            .output()
            .map_err(|error| format!("psql could not be started: {error}"))?;
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(()) } else { Err(format!("{sql}: {complaint}")) }
    }
}

#[expect(clippy::panic, reason = "a test without its server has failed, and must not pass as skipped")]
fn or_fail<T>(made: Result<T, String>) -> T {
    made.unwrap_or_else(|why| panic!("{why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_fresh_and_dropped_with_its_value() {
        let (one, other) = (database("one"), database("one"));
        assert_ne!(one.url(), other.url());
        let (server, name) = (one.server, one.name.clone());
        let there =
            format!("DO $$ BEGIN ASSERT EXISTS (SELECT FROM pg_database WHERE datname = '{name}'); END $$");
        server.command(&there).unwrap();
        drop(one);
        assert!(server.command(&there).is_err());
    }

    /// Without this, a statement that forgot its collation would pass every test of order.
    #[test]
    fn text_without_a_collation_follows_a_language() {
        database("order").server.command("DO $$ BEGIN ASSERT 'a' < 'B'; END $$").unwrap();
    }
}
