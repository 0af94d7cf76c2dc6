//! How long until ready, and what an idle server with the demo world holds in memory.

use std::time::Duration;

use crate::report::{Outcome, quantile, say};
use crate::server::{Server, wait};

const STARTS: usize = 11;

pub fn run() -> Outcome {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let first = Server::demo(folder.path())?;
    say(&format!("first start, with keys and the demo world to make: {:.0?}", first.ready_in));
    first.kill()?;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let server = Server::demo(folder.path())?;
        times.push(server.ready_in);
        server.kill()?;
    }
    say(&format!(
        "start to ready on the existing store, median of {STARTS}: {:.0?}",
        quantile(&mut times, 0.5)
    ));
    let server = Server::demo(folder.path())?;
    wait(Duration::from_secs(5));
    let kib = server.memory("VmRSS")?;
    say(&format!("idle with the demo: {kib} KiB resident ({} MiB; goal: 35)", kib / 1024));
    Ok(())
}
