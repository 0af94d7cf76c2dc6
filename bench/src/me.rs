//! How much of a constant route's rate `/v1/me` keeps when its answer is warm: wrk, paired runs.

use std::process::Command;

use crate::report::{Outcome, median, say};
use crate::server::Server;

const PAIRS: usize = 7;
const SECONDS: &str = "4s";

pub fn run() -> Outcome {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let server = Server::start(&folder.path().join("data"))?;
    let token = server.sign_in()?;
    let bearer = format!("Authorization: Bearer {token}");
    let constant = format!("http://{}/healthz", server.host);
    let me = format!("http://{}/v1/me", server.host);
    // A first run of each warms both up and is not counted.
    wrk(&constant, &bearer, &[])?;
    wrk(&me, &bearer, &[])?;
    let mut ratios = Vec::new();
    for _ in 0..PAIRS {
        let (plain, full) = (wrk(&constant, &bearer, &[])?, wrk(&me, &bearer, &[])?);
        say(&format!("constant {plain:>9.0}/s   /v1/me {full:>9.0}/s   ratio {:.3}", full / plain));
        ratios.push(full / plain);
    }
    say(&format!("median ratio {:.3} (goal: 0.8)", median(&mut ratios)));
    Ok(())
}

/// Requests a second. Both routes are asked with the same header, so that reading it costs both the same.
pub fn wrk(url: &str, header: &str, extra: &[&str]) -> Result<f64, String> {
    let run =
        Command::new("wrk").args(["-t1", "-c32", "-d", SECONDS, "-H", header]).args(extra).arg(url).output();
    let run = run.map_err(|e| format!("wrk: {e}; install the package wrk"))?;
    let text = String::from_utf8_lossy(&run.stdout);
    if text.contains("Non-2xx") {
        return Err(format!("{url} did not answer 200:\n{text}"));
    }
    let rate = text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:")?.trim().parse().ok());
    rate.ok_or_else(|| format!("wrk said:\n{text}"))
}
