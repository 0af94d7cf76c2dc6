//! What is logged while a test runs.

use std::io::{Result, Write};
use std::sync::{Arc, Mutex};

use tracing::subscriber::DefaultGuard;
use tracing::{Dispatch, Level};
use tracing_subscriber::fmt::format::FmtSpan;

/// Hears every line and span of this thread until it is dropped: for tests on a runtime of one thread.
pub struct Heard {
    lines: Lines,
    _guard: DefaultGuard,
    _second: Dispatch,
}

impl Heard {
    pub fn listen() -> Self {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        // With one subscriber alone, a line that another test reaches first would be off for this one as well.
        let second = tracing_subscriber::fmt().with_max_level(Level::TRACE).with_writer(std::io::sink);
        let second = Dispatch::new(second.finish());
        Self { lines, _guard: tracing::subscriber::set_default(log), _second: second }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.lines.0.lock().unwrap().clone()).unwrap()
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
