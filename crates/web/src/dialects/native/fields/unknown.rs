//! Fields that nobody knows: each is named, as far as an answer has room.

use app::FieldFault;

/// Fields that are named at most; the rest is counted.
const NAMED: usize = 100;
/// Characters that are repeated of a name at most.
const CHARS: usize = 64;

const RULE: &str = "is not known here";

/// A fault for each name.
pub fn faults<'n>(names: impl Iterator<Item = &'n String>) -> Vec<FieldFault> {
    told(names, |name| FieldFault::new(name, RULE))
}

/// The same, for names within the object of a field: `field.name`.
pub fn faults_within<'n>(field: &str, names: impl Iterator<Item = &'n String>) -> Vec<FieldFault> {
    told(names, |name| FieldFault::new(format!("{field}.{name}"), RULE))
}

/// The same, for names within one entry of a list, counted from 1.
pub fn faults_of_entry<'n>(
    list: &'static str,
    entry: usize,
    names: impl Iterator<Item = &'n String>,
) -> Vec<FieldFault> {
    told(names, |name| FieldFault::new(list, format!("entry {entry}: {name} {RULE}")))
}

fn told<'n>(
    mut names: impl Iterator<Item = &'n String>,
    fault: impl Fn(String) -> FieldFault,
) -> Vec<FieldFault> {
    let mut faults: Vec<_> = names.by_ref().take(NAMED).map(|name| fault(shown(name))).collect();
    let more = names.count();
    if more > 0 {
        faults.push(FieldFault::new("\u{2026}", format!("{more} more are not known here")));
    }
    faults
}

/// A name of the caller's, fit to stand in an answer: cut, and whatever would not be seen of it spelt out.
pub fn shown(name: &str) -> String {
    let mut shown = String::new();
    let mut chars = name.chars();
    for c in chars.by_ref().take(CHARS) {
        match c {
            '"' | '\'' | '\\' => shown.push(c),
            // What does not print is escaped by this, and nothing else.
            c => shown.extend(c.escape_debug()),
        }
    }
    if chars.next().is_some() {
        shown.push('\u{2026}');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_print_is_spelt_out_and_the_rest_repeated() {
        assert_eq!(shown("gr\u{fc}\u{df}e \"x\" \\"), "gr\u{fc}\u{df}e \"x\" \\");
        assert_eq!(shown("a\u{1b}[31m\n\u{202e}\u{7f}"), "a\\u{1b}[31m\\n\\u{202e}\\u{7f}");
    }

    #[test]
    fn an_answer_stays_small_whatever_was_sent() {
        assert_eq!(shown(&"x".repeat(64)), "x".repeat(64));
        assert_eq!(shown(&"x".repeat(65)), "x".repeat(64) + "\u{2026}");
        let names: Vec<String> = (0..1000).map(|n| format!("field-{n}")).collect();
        let faults = faults(names.iter());
        assert_eq!(faults.len(), 101);
        assert_eq!(faults[99], FieldFault::new("field-99", RULE));
        assert_eq!(faults[100], FieldFault::new("\u{2026}", "900 more are not known here"));
    }
}
