//! A million lines of an access log into the endpoint inventory, in a process of its own.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::report::{Outcome, say};
use crate::rows::Rows;
use crate::server::{Server, WORLD, binary, memory, now, wait};

const LINES: u64 = 1_000_000;
const TIME: Duration = Duration::from_secs(20);
const MIB: u64 = 100;

pub fn run() -> Outcome {
    let mut late = Vec::new();
    for rows in [Rows::sqlite()?, Rows::postgres()?] {
        Server::start_on(&rows, WORLD)?.kill()?;
        for (what, urls) in [("5,000 different paths", 5_000), ("every path another", LINES)] {
            let log = rows.data().with_extension("log");
            write(&log, urls).map_err(|e| e.to_string())?;
            let (took, kib) = import(&log, &rows)?;
            let (engine, mib) = (rows.engine(), kib / 1024);
            say(&format!(
                "{engine:10} {LINES} lines, {what}: {:.1} s, {mib} MiB at most (goal: 20 s, {MIB} MiB)",
                took.as_secs_f64(),
            ));
            if took > TIME || mib > MIB {
                late.push(format!("{what} on {engine}"));
            }
        }
    }
    if late.is_empty() { Ok(()) } else { Err(format!("over the goal: {}", late.join(", "))) }
}

/// Time and peak of resident memory.
fn import(log: &Path, rows: &Rows) -> Result<(Duration, u64), String> {
    let begun = now();
    let mut command = Command::new(binary()?);
    command.args(["endpoints", "import"]).arg(log).args(["--tenant", "bench", "--data"]).arg(rows.data());
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::null());
    if let Some(url) = rows.url() {
        command.env("HERALD_DATABASE_URL", url);
    }
    let mut child = command.spawn().map_err(|e| e.to_string())?;
    let mut peak = 0;
    loop {
        // Gone once it has ended.
        peak = memory(child.id(), "VmHWM").unwrap_or_default().max(peak);
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            return if status.success() { Ok((now() - begun, peak)) } else { Err(status.to_string()) };
        }
        wait(Duration::from_millis(10));
    }
}

/// As nginx writes by default.
fn write(log: &Path, urls: u64) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(log)?);
    for line in 0..LINES {
        let (net, host, url) = (line % 200, line % 250, line % urls);
        writeln!(
            file,
            "10.0.{net}.{host} - - [22/Nov/2026:10:00:00 +0000] \"GET /api/v1/things/{url}?q=1 HTTP/1.1\" 200 512 \"-\" \"x/1.0\""
        )?;
    }
    file.flush()
}
