//! Load from outside: what the promises cost, measured against the release binary.
//!
//! `cargo build --release && cargo run --release -p bench -- all`. Loopback only, bounded in count and time.

mod deletes;
mod flood;
mod http;
mod import;
mod kill;
mod lists;
mod me;
mod report;
mod rows;
mod seed;
mod server;
mod start;
mod who;

use std::process::ExitCode;

use report::{Outcome, say};

/// Name, what it shows, how.
type Scenario = (&'static str, &'static str, fn() -> Outcome);

const SCENARIOS: [Scenario; 8] = [
    ("kill", "20 × kill -9 under write load: everything acknowledged is there afterwards", kill::run),
    ("flood", "500 open sign-ins: memory, refusals with Retry-After, /v1/me meanwhile", flood::run),
    ("me", "/v1/me warm against a constant route, wrk, paired runs", me::run),
    ("who", "each product's who am I against /v1/me, a tenant of 100,000, wrk, paired runs", who::run),
    ("lists", "pages of 100,000 members, searches among a million, by prefix and by pattern", lists::run),
    (
        "deletes",
        "deleting what 100,000 rows hang on: how long other writers wait, on both engines",
        deletes::run,
    ),
    ("import", "a million lines of an access log: time and memory, on both engines", import::run),
    ("start", "start to ready on an existing store, first start, idle memory", start::run),
];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let all = wanted.iter().any(|w| w == "all");
    let chosen: Vec<_> =
        SCENARIOS.iter().filter(|(name, ..)| all || wanted.iter().any(|w| w == name)).collect();
    if chosen.is_empty() {
        say("bench all, or one or more of:");
        for (name, what, _) in SCENARIOS {
            say(&format!("  {name:7} {what}"));
        }
        return ExitCode::from(2);
    }
    let mut failed = false;
    for (name, what, run) in chosen {
        say(&format!("\n== {name}: {what}"));
        if let Err(error) = run() {
            say(&format!("FAILED: {error}"));
            failed = true;
        }
    }
    ExitCode::from(u8::from(failed))
}
