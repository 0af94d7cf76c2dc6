//! A stretch of e-mail addresses, as an index walks it.

use crate::email;

/// Addresses in the order of their bytes: from `from` on, before `until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailRange {
    from: String,
    until: String,
}

/// Behind every address: a local part has at most 16 characters of four bytes.
const END: &str = "\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\
    \u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}";

/// Before every character that an address can hold.
const LEAST: char = '\u{1}';

impl EmailRange {
    pub fn all() -> Self {
        Self { from: String::new(), until: END.to_owned() }
    }

    /// The addresses that begin so, whatever the case of the question.
    pub fn starting_with(raw: &str) -> Self {
        let from = email::prefix(raw);
        let until = successor(&from);
        Self { from, until }
    }

    /// What begins with exactly this.
    pub fn beginning(head: &str) -> Self {
        Self { from: head.to_owned(), until: successor(head) }
    }

    /// Exactly this address.
    pub fn just(address: &str) -> Self {
        Self { from: address.to_owned(), until: format!("{address}{LEAST}") }
    }

    /// What of it comes behind an address; all of it for `""`.
    #[must_use]
    pub fn behind(self, address: &str) -> Self {
        if address.is_empty() {
            return self;
        }
        let from = format!("{address}{LEAST}").max(self.from);
        Self { from, ..self }
    }

    /// What of it comes no later than an address.
    #[must_use]
    pub fn up_to(self, address: &str) -> Self {
        let until = format!("{address}{LEAST}").min(self.until);
        Self { until, ..self }
    }

    /// The first that is in it.
    pub fn from(&self) -> &str {
        &self.from
    }

    /// The first that is behind it.
    pub fn until(&self) -> &str {
        &self.until
    }
}

/// The first text behind all that begin with `prefix`.
fn successor(prefix: &str) -> String {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            text.push(next);
            return text;
        }
    }
    END.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(range: &EmailRange, address: &str) -> bool {
        range.from() <= address && address < range.until()
    }

    #[test]
    fn a_prefix_holds_what_begins_so_and_nothing_else() {
        let range = EmailRange::starting_with("  Ada");
        for yes in ["ada", "ada@x.example", "ada.b@x.example", "ada\u{10FFFF}@x"] {
            assert!(holds(&range, yes), "{yes}");
        }
        for no in ["ad@x.example", "adb@x.example", "bada@x.example", "Ada@x.example"] {
            assert!(!holds(&range, no), "{no}");
        }
        assert!(holds(&EmailRange::starting_with("e\u{301}"), "\u{e9}va@x.example"));
        assert!(holds(&EmailRange::starting_with("a@B\u{dc}CHER.example"), "a@xn--bcher-kva.example"));
        assert!(holds(&EmailRange::starting_with("a\u{D7FF}"), "a\u{D7FF}z"));
        for sign in ["%", "_", "*", "[a-z]", "\\"] {
            assert!(!holds(&EmailRange::starting_with(sign), "ada@x.example"), "{sign}");
        }
    }

    #[test]
    fn the_whole_has_an_end_behind_every_address() {
        let last = format!("{}@x.example", "\u{10FFFF}".repeat(16));
        assert!(crate::EmailAddress::parse(&last).is_ok());
        for range in
            [EmailRange::all(), EmailRange::starting_with(""), EmailRange::starting_with("\u{10FFFF}")]
        {
            assert!(holds(&range, &last));
        }
    }

    #[test]
    fn a_walk_goes_on_behind_an_address() {
        let range = EmailRange::starting_with("a").behind("ada@x").up_to("adb@x");
        assert!(!holds(&range, "ada@x") && holds(&range, "ada@x.example") && holds(&range, "adb@x"));
        assert!(!holds(&range, "adb@x.example") && !holds(&range, "adc@x"));
        assert_eq!(EmailRange::all().behind(""), EmailRange::all());
        assert_eq!(EmailRange::starting_with("b").behind("a@x").from(), "b");
    }
}
