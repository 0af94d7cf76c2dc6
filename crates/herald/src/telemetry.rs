//! Logs, on stderr.

use std::io::{self, IsTerminal};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Registry, fmt};

use crate::settings::{LogFormat, LogLevel};

/// What Herald's own crates are called in log targets.
const OWN: [&str; 5] = ["herald", "herald_app", "herald_domain", "herald_store", "herald_web"];

/// Starts logging. A second start in the same process changes nothing.
pub fn start(level: LogLevel, format: Option<LogFormat>) {
    let terminal = io::stderr().is_terminal();
    let format = format.unwrap_or(if terminal { LogFormat::Text } else { LogFormat::Json });
    let text = fmt::layer().with_writer(io::stderr);
    // `fmt` colours unless NO_COLOR is set; only a file must never be coloured.
    let layer: Box<dyn Layer<Registry> + Send + Sync> = match format {
        LogFormat::Text if terminal => Box::new(text),
        LogFormat::Text => Box::new(text.with_ansi(false)),
        LogFormat::Json => Box::new(text.json().flatten_event(true)),
    };
    let _ = tracing_subscriber::registry().with(layer.with_filter(filter(level))).try_init();
}

/// Herald's own messages from `level` on; those of libraries never below `info`, since they may print what
/// they carry, such as headers with credentials.
fn filter(level: LogLevel) -> Targets {
    let own = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let targets = Targets::new().with_default(own.min(LevelFilter::INFO));
    targets.with_targets(OWN.map(|name| (name, own)))
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn libraries_never_log_what_they_carry() {
        let trace = filter(LogLevel::Trace);
        assert!(trace.would_enable("herald_web::extract", &Level::TRACE));
        assert!(trace.would_enable("h2::codec", &Level::INFO));
        assert!(!trace.would_enable("h2::codec", &Level::DEBUG));
    }

    #[test]
    fn a_lower_level_holds_for_all() {
        let error = filter(LogLevel::Error);
        assert!(error.would_enable("herald_store::db", &Level::ERROR));
        assert!(!error.would_enable("herald_store::db", &Level::WARN));
        assert!(!error.would_enable("h2::codec", &Level::WARN));
    }
}
