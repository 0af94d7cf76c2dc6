//! Patterns of e-mail addresses with `*` (aegis.md §4).

use crate::email::EmailAddress;
use crate::email_range::EmailRange;

/// Held against the whole address, in any case (ASCII). `*` is any run of characters, an empty one too; nothing else is
/// special. Without a star it is an address, and meets it in any of its spellings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailPattern(String);

impl EmailPattern {
    /// Bytes at most.
    pub const MAX_BYTES: usize = 320;

    /// `None`: it is too long.
    pub fn parse(raw: &str) -> Option<Self> {
        if raw.len() > Self::MAX_BYTES {
            return None;
        }
        if let Some(address) = address(raw) {
            return Some(Self(address.as_str().to_owned()));
        }
        let mut text = String::with_capacity(raw.len());
        for c in raw.chars().map(|c| c.to_ascii_lowercase()) {
            if c != '*' || !text.ends_with('*') {
                text.push(c);
            }
        }
        Some(Self(text))
    }

    /// Where all that it matches lies: after what stands before the first `*`. `None`: no address has a control
    /// character in it, so there is nothing to look for.
    pub fn range(&self) -> Option<EmailRange> {
        if self.0.contains(char::is_control) {
            return None;
        }
        let head = self.0.split('*').next().unwrap_or_default();
        Some(if self.is_exact() { EmailRange::just(head) } else { EmailRange::beginning(head) })
    }

    /// Whether everything in its range matches: `ada*`, or a whole address.
    pub fn is_its_range(&self) -> bool {
        self.is_exact() || self.0.find('*') == Some(self.0.len() - 1)
    }

    fn is_exact(&self) -> bool {
        !self.0.contains('*')
    }

    /// In time linear in pattern × address: of all stars only the last one passed is ever tried again.
    pub fn matches(&self, address: &str) -> bool {
        let address = address.to_ascii_lowercase();
        let (pattern, text) = (self.0.as_bytes(), address.as_bytes());
        let (mut p, mut t) = (0, 0);
        // Behind the last star, and where in the text its run ends so far.
        let mut star: Option<(usize, usize)> = None;
        while let Some(byte) = text.get(t) {
            match pattern.get(p) {
                Some(b'*') => {
                    p += 1;
                    star = Some((p, t));
                }
                Some(wanted) if wanted == byte => (p, t) = (p + 1, t + 1),
                _ => {
                    let Some((behind, run)) = star else { return false };
                    (p, t) = (behind, run + 1);
                    star = Some((behind, run + 1));
                }
            }
        }
        pattern.get(p..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
    }
}

/// What names one address whole. A blank at an end is part of what is sought, and of no address.
fn address(raw: &str) -> Option<EmailAddress> {
    let whole = !raw.contains('*') && raw.trim() == raw;
    if whole { EmailAddress::parse(raw).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, address: &str) -> bool {
        EmailPattern::parse(pattern).unwrap().matches(address)
    }

    #[test]
    fn a_star_is_any_run() {
        let ragu = "ragu.iyer@northwind.example";
        for yes in [
            "*",
            "**",
            "ragu*",
            "RAGU*",
            "*iyer*",
            "*@northwind.example",
            "r*i*e",
            ragu,
            "*ragu*e*",
            "ragu.iyer*@*",
        ] {
            assert!(matches(yes, ragu), "{yes}");
        }
        for no in [
            "",
            "ragu",
            "ragu?",
            "%",
            "_agu*",
            "[a-z]*",
            "r.*",
            "ragu*x",
            "*iyer",
            "\\*",
            "ragu.iyer@northwind.example*x",
        ] {
            assert!(!matches(no, ragu), "{no}");
        }
        assert!(matches("*a*a*b", "xaaab") && !matches("*a*a*b", "xab") && matches("", ""));
        assert!(
            matches("\u{e9}*", "\u{e9}va@x.example") && !matches("\u{c9}*", "\u{e9}va@x.example"),
            "ASCII alone"
        );
    }

    #[test]
    fn without_a_star_it_is_an_address_in_its_one_form() {
        let meets = |raw: &str, address: &str| {
            let pattern = EmailPattern::parse(raw).unwrap();
            assert_eq!(pattern.range(), Some(EmailRange::just(address)), "{raw}");
            assert!(pattern.is_its_range() && pattern.matches(address));
        };
        meets("X@B\u{dc}CHER.example", "x@xn--bcher-kva.example");
        meets("x@b\u{fc}cher.example", "x@xn--bcher-kva.example");
        meets("E\u{301}va@x.example", "\u{c9}va@x.example");
        // No address: it stands as it is, and for nobody.
        meets(" x@b\u{fc}cher.example", " x@b\u{fc}cher.example");
        meets("x@b\u{fc}cher.exa mple", "x@b\u{fc}cher.exa mple");
        meets("x\u{ff0a}@x.example", "x\u{ff0a}@x.example");
        assert!(!matches("*@b\u{fc}cher.example", "x@xn--bcher-kva.example"), "a part of one is no address");
    }

    #[test]
    fn a_hostile_pattern_costs_no_more_than_its_length() {
        let address = format!("{}@x.example", "a".repeat(64));
        assert!(!matches(&"*a".repeat(150), &address[..64]));
        assert!(matches(&"*".repeat(320), &address));
        assert_eq!(EmailPattern::parse(&"*".repeat(321)), None);
    }

    #[test]
    fn a_fixed_beginning_narrows_the_walk() {
        let range = |raw: &str| EmailPattern::parse(raw).unwrap().range();
        assert_eq!(range("Ada*x"), Some(EmailRange::beginning("ada")));
        assert_eq!(range("*"), Some(EmailRange::all()));
        assert_eq!(range("ada\0*"), None);
        let exact = range("Ada@x").unwrap();
        assert_eq!(exact.from(), "ada@x");
        assert!("ada@x" < exact.until() && "ada@x.example" >= exact.until());
        let whole = |raw: &str| EmailPattern::parse(raw).unwrap().is_its_range();
        assert!(
            whole("ada*") && whole("ada") && whole("*") && whole("a***") && !whole("a*b*") && !whole("*a")
        );
    }
}
