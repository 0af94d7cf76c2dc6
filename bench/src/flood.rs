//! Five hundred open sign-ins at once: what they cost in memory, how many are refused, and how /v1/me fares.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use serde_json::json;

use crate::report::{Outcome, quantile, say};
use crate::server::{EMAIL, PASSWORD, Server, now, wait};

const OPEN: usize = 500;

pub fn run() -> Outcome {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let server = Server::start(&folder.path().join("data"))?;
    let token = server.sign_in()?;
    wait(Duration::from_secs(3));
    let before = server.memory("VmRSS")?;
    let mut calm = ask(&server.host, &token, 2_000, &AtomicBool::new(false))?;
    let stop = Arc::new(AtomicBool::new(false));
    let asking = {
        let (host, token, stop) = (server.host.clone(), token.clone(), Arc::clone(&stop));
        std::thread::spawn(move || ask(&host, &token, usize::MAX, &stop))
    };
    let begun = now();
    let answers = flood(&server.host)?;
    let took = now() - begun;
    stop.store(true, Ordering::Relaxed);
    let mut busy = asking.join().map_err(|_| "the asker panicked")??;
    let peak = server.memory("VmHWM")?;
    wait(Duration::from_secs(3));
    let after = server.memory("VmRSS")?;
    let count = |status: u16| answers.iter().filter(|(s, _)| *s == status).count();
    let refused: Vec<_> = answers.iter().filter(|(status, _)| *status != 200).collect();
    say(&format!("{} signed in, {} refused with 503, in {took:.1?}", count(200), count(503)));
    say(&format!("memory: {before} KiB before, {peak} KiB at most, {after} KiB after"));
    let p99 = |times: &mut [Duration]| quantile(times, 0.99);
    say(&format!(
        "/v1/me p99: {:.2?} calm ({} calls), {:.2?} meanwhile ({} calls)",
        p99(&mut calm),
        calm.len(),
        p99(&mut busy),
        busy.len()
    ));
    if refused.iter().any(|(status, retry_after)| !matches!(status, 429 | 503) || !retry_after) {
        return Err("a sign-in was refused without Retry-After, or with another status".to_owned());
    }
    if answers.len() != OPEN {
        return Err(format!("{} of {OPEN} were answered", answers.len()));
    }
    Ok(())
}

/// One connection each, all at once: status, and whether it came with Retry-After.
fn flood(host: &str) -> Result<Vec<(u16, bool)>, String> {
    let gate = Arc::new(Barrier::new(OPEN));
    let callers: Vec<_> = (0..OPEN)
        .map(|_| {
            let (host, gate) = (host.to_owned(), Arc::clone(&gate));
            std::thread::spawn(move || {
                let client = crate::http::Client::connect(&host);
                gate.wait();
                let body = json!({"email": EMAIL, "password": PASSWORD});
                client?.send("POST", "/v1/sign-in", "", Some(&body)).map(|a| (a.status, a.retry_after))
            })
        })
        .collect();
    callers.into_iter().map(|caller| caller.join().map_err(|_| "a caller panicked".to_owned())?).collect()
}

/// `GET /v1/me`, one after the other.
fn ask(host: &str, token: &str, times: usize, stop: &AtomicBool) -> Result<Vec<Duration>, String> {
    let mut client = crate::http::Client::connect(host)?;
    let mut took = Vec::new();
    while took.len() < times && !stop.load(Ordering::Relaxed) {
        let begun = now();
        let answer = client.send("GET", "/v1/me", token, None)?;
        took.push(now() - begun);
        if answer.status != 200 {
            return Err(format!("/v1/me answered {}", answer.status));
        }
    }
    Ok(took)
}
