//! Words and figures of a run.

use std::io::Write;
use std::time::Duration;

/// A scenario's end; an error where a promise did not hold or nothing could be measured.
pub type Outcome = Result<(), String>;

/// One line on standard output.
pub fn say(line: &str) {
    // Whoever closed the pipe does not want the rest.
    let _closed = writeln!(std::io::stdout(), "{line}");
}

/// The `q` quantile of unsorted times.
pub fn quantile(times: &mut [Duration], q: f64) -> Duration {
    times.sort_unstable();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index into a few thousand samples"
    )]
    let at = ((times.len() as f64 - 1.0) * q).round().max(0.0) as usize;
    times.get(at).copied().unwrap_or_default()
}

/// The median of figures.
pub fn median(figures: &mut [f64]) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
