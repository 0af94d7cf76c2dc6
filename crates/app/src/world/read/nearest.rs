//! The right name nearest to a wrong one.

use std::cell::Cell;

/// How many names may still be compared: a large file with many faults shall not cost minutes.
pub(super) struct Patience(Cell<usize>);

impl Default for Patience {
    fn default() -> Self {
        Self(Cell::new(1_000_000))
    }
}

/// Letters that may differ: one in three, and case or the sort of dash counts for nothing.
fn allowance(given: &str) -> usize {
    (given.chars().count() / 3).clamp(1, 4)
}

fn plain(text: &str) -> String {
    text.trim().chars().map(|c| if c == '-' || c == ' ' { '_' } else { c.to_ascii_lowercase() }).collect()
}

/// The nearest of the right names when it is near enough; of equally near ones the first in the alphabet.
pub(super) fn nearest<'n>(
    given: &str,
    right: impl IntoIterator<Item = &'n str>,
    patience: &Patience,
) -> Option<&'n str> {
    let (most, wanted) = (allowance(given), plain(given));
    let mut best: Option<(usize, &str)> = None;
    for name in right {
        let left = patience.0.get();
        if left == 0 {
            break;
        }
        patience.0.set(left - 1);
        if name.len().abs_diff(wanted.len()) > most + 4 {
            continue;
        }
        let found = (strsim::osa_distance(&wanted, &plain(name)), name);
        if found.0 <= most && best.is_none_or(|known| found < known) {
            best = Some(found);
        }
    }
    best.map(|(_, name)| name)
}

/// `; did you mean "admin"?`, else the other advice.
pub(super) fn advice(near: Option<&str>, otherwise: &str) -> String {
    near.map_or_else(|| format!("; {otherwise}"), |name| format!("; did you mean \"{name}\"?"))
}

/// A text of the file inside a message: escaped, and cut when long.
pub(super) fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    let dots = if shown.len() < text.len() { "…" } else { "" };
    format!("{shown:?}{dots}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(given: &str) -> Option<&'static str> {
        nearest(given, ["admin", "member", "threat_viewer"], &Patience::default())
    }

    #[test]
    fn slips_of_the_pen_are_understood() {
        assert_eq!(near("admn"), Some("admin"));
        assert_eq!(near("ADMIN"), Some("admin"));
        assert_eq!(near("threat-viewer"), Some("threat_viewer"));
        assert_eq!(near("owner"), None);
    }

    #[test]
    fn patience_ends() {
        let patience = Patience(Cell::new(2));
        assert_eq!(nearest("c", ["aaaa", "bbbb", "c"], &patience), None);
    }

    #[test]
    fn long_and_odd_texts_are_cut_and_escaped() {
        assert_eq!(quoted("a\u{1b}[2J"), r#""a\u{1b}[2J""#);
        assert_eq!(quoted(&"x".repeat(100)), format!("\"{}\"…", "x".repeat(60)));
    }
}
