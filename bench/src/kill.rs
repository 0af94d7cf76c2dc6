//! Twenty times: writers note what was acknowledged, the server is killed, and all of it must be there.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::report::{Outcome, say};
use crate::server::{Server, wait};

const ROUNDS: u64 = 20;
const WRITERS: usize = 8;

/// What the server said was done.
#[derive(Default)]
struct Acknowledged {
    minted: BTreeSet<String>,
    revoked: BTreeSet<String>,
}

pub fn run() -> Outcome {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let data = folder.path().join("data");
    let mut all = Acknowledged::default();
    let mut server = Server::start(&data)?;
    for round in 0..ROUNDS {
        let token = server.sign_in()?;
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (host, token, stop) = (server.host.clone(), token.clone(), Arc::clone(&stop));
                std::thread::spawn(move || write(&host, &token, &stop))
            })
            .collect();
        // Another moment each round.
        wait(Duration::from_millis(150 + round * 37 % 400));
        server.kill()?;
        stop.store(true, Ordering::Relaxed);
        for writer in writers {
            let said = writer.join().map_err(|_| "a writer panicked")?;
            all.minted.extend(said.minted);
            all.revoked.extend(said.revoked);
        }
        server = Server::start(&data)?;
        judge(&server, &token, &all)?;
    }
    say(&format!(
        "{ROUNDS} kills, {} tokens minted and {} revoked as acknowledged: all as the server had said",
        all.minted.len(),
        all.revoked.len()
    ));
    Ok(())
}

/// Mints, and revokes every third of its own, until the server is gone.
fn write(host: &str, token: &str, stop: &AtomicBool) -> Acknowledged {
    let mut said = Acknowledged::default();
    let Ok(mut client) = crate::http::Client::connect(host) else { return said };
    for n in 0_u64.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let Ok(minted) = client.send("POST", "/v1/me/tokens", token, Some(&json!({"name": format!("n{n}")})))
        else {
            break;
        };
        let Some(id) = minted.body.get("id").and_then(|id| id.as_str()).map(str::to_owned) else { break };
        said.minted.insert(id.clone());
        if n % 3 == 0 {
            match client.send("DELETE", &format!("/v1/me/tokens/{id}"), token, None) {
                Ok(answer) if answer.status == 204 => drop(said.revoked.insert(id)),
                // Unacknowledged: it may have happened or not, so nothing is claimed of it.
                Ok(_) | Err(_) => drop(said.minted.remove(&id)),
            }
        }
    }
    said
}

/// The session from before the kill still counts; every live token is listed, no revoked one is.
fn judge(server: &Server, token: &str, all: &Acknowledged) -> Outcome {
    let mut client = server.client()?;
    let (mut there, mut after) = (BTreeSet::new(), String::new());
    loop {
        let page = client.send("GET", &format!("/v1/me/tokens?limit=200{after}"), token, None)?;
        let items = page.body.get("items").and_then(|i| i.as_array());
        let items = items.ok_or_else(|| format!("the list answered {} {}", page.status, page.body))?;
        there.extend(items.iter().filter_map(|t| Some(t.get("id")?.as_str()?.to_owned())));
        match page.body.get("next").and_then(|n| n.as_str()) {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let lost = all.minted.difference(&all.revoked).find(|id| !there.contains(*id));
    if let Some(id) = lost {
        return Err(format!("token {id} was acknowledged and is gone"));
    }
    match all.revoked.iter().find(|id| there.contains(*id)) {
        Some(id) => Err(format!("token {id} was revoked and lives")),
        None => Ok(()),
    }
}
