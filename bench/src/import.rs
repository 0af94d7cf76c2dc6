//! A million lines of an access log into the endpoint inventory, in a process of its own.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::report::{Outcome, say};
use crate::server::{Server, binary, memory, now, wait};

const LINES: u64 = 1_000_000;

pub fn run() -> Outcome {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let data = folder.path().join("data");
    Server::start(&data)?.kill()?;
    for (what, urls) in [("5,000 different paths", 5_000), ("every path another", LINES)] {
        let log = folder.path().join("access.log");
        write(&log, urls).map_err(|e| e.to_string())?;
        let (took, kib) = import(&log, &data)?;
        say(&format!(
            "{LINES} lines, {what}: {:.1} s, {} MiB at most (goal: 20 s, 100 MiB)",
            took.as_secs_f64(),
            kib / 1024
        ));
    }
    Ok(())
}

/// Time and peak of resident memory.
fn import(log: &Path, data: &Path) -> Result<(Duration, u64), String> {
    let begun = now();
    let mut child = Command::new(binary()?)
        .args(["endpoints", "import"])
        .arg(log)
        .args(["--tenant", "bench", "--data"])
        .arg(data)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|e| e.to_string())?;
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
