//! What a change did, as the audit trail tells of it: `operator false -> true; permissions +users:read, -audit:read`.
//! Each part is bounded, so that none pushes another one out; nothing secret is put in.

use std::fmt::Display;

/// Characters of a value; an address fits.
const VALUE: usize = 256;
/// What a list gained and lost, at most.
const LISTED: usize = 30;

#[derive(Default)]
pub(crate) struct Changes(Vec<String>);

impl Changes {
    /// Something that has a form of its own: a key, an address, a number.
    pub(crate) fn value<T: PartialEq + Display>(self, name: &str, was: &T, is: &T) -> Self {
        self.moved(name, was != is, || (was.to_string(), is.to_string()))
    }

    /// The same of what may be missing.
    pub(crate) fn option<T: PartialEq + Display>(self, name: &str, was: Option<&T>, is: Option<&T>) -> Self {
        let told = |value: Option<&T>| value.map_or_else(|| "none".to_owned(), ToString::to_string);
        self.moved(name, was != is, || (told(was), told(is)))
    }

    /// What anybody may have worded: in quotes, so that it does not pass for another part.
    pub(crate) fn text(self, name: &str, was: &str, is: &str) -> Self {
        self.moved(name, was != is, || (format!("{:?}", cut(was)), format!("{:?}", cut(is))))
    }

    /// What came and what went; an order alone is no more than the name.
    pub(crate) fn list<T: PartialEq + Display>(mut self, name: &str, was: &[T], is: &[T]) -> Self {
        if was == is {
            return self;
        }
        let only = |sign: char, here: &[T], there: &[T]| -> Vec<String> {
            let new = here.iter().filter(|one| !there.contains(one));
            new.map(|one| format!("{sign}{}", cut(&one.to_string()))).collect()
        };
        let mut parts = only('+', is, was);
        parts.extend(only('-', was, is));
        let rest = parts.len().saturating_sub(LISTED);
        parts.truncate(LISTED);
        if rest > 0 {
            parts.push(format!("and {rest} more"));
        }
        self.0.push(format!("{name} {}", parts.join(", ")).trim_end().to_owned());
        self
    }

    /// What is too long to tell, or not the trail's to know.
    pub(crate) fn named(mut self, name: &str, moved: bool) -> Self {
        if moved {
            self.0.push(name.to_owned());
        }
        self
    }

    fn moved(mut self, name: &str, moved: bool, told: impl FnOnce() -> (String, String)) -> Self {
        if moved {
            let (was, is) = told();
            self.0.push(format!("{name} {} -> {}", cut(&was), cut(&is)));
        }
        self
    }

    /// `None`: nothing changed.
    pub(crate) fn words(self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join("; "))
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(VALUE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let words = Changes::default()
            .value("operator", &false, &true)
            .value("active", &true, &true)
            .option("base", None, Some(&"guest"))
            .text("name", "Desk", "De\"sk; operator true -> false")
            .list("permissions", &["a:read", "b:read"], &["b:read", "c:read"])
            .named("metadata", true)
            .words();
        let expected = "operator false -> true; base none -> guest; \
                        name \"Desk\" -> \"De\\\"sk; operator true -> false\"; permissions +c:read, -a:read; metadata";
        assert_eq!(words.as_deref(), Some(expected));
        assert_eq!(Changes::default().value("level", &1, &1).named("metadata", false).words(), None);
    }

    #[test]
    fn every_part_is_bounded() {
        let long = "ä".repeat(100_000);
        let many: Vec<String> = (0..1_000).map(|n| format!("{n}{long}")).collect();
        let words = Changes::default().text("name", "", &long).list("features", &[], &many).words().unwrap();
        assert!(words.chars().count() < 10_000 && words.ends_with(", and 970 more"), "{}", words.len());
    }
}
