//! Free text that people give: names, keys, agents.

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Empty,
    TooLong { max: usize },
    Control,
}

/// A display name: 1 to `max` characters, no control character (U+0000 is an error on PostgreSQL).
///
/// # Errors
/// Says which rule is broken.
pub fn name(raw: &str, max: usize) -> Result<&str, Unfit> {
    if raw.trim().is_empty() {
        return Err(Unfit::Empty);
    }
    optional_name(raw, max)
}

/// As [`name`], but may be empty.
///
/// # Errors
/// Says which rule is broken.
pub fn optional_name(raw: &str, max: usize) -> Result<&str, Unfit> {
    if raw.chars().any(char::is_control) {
        return Err(Unfit::Control);
    }
    if raw.chars().count() > max {
        return Err(Unfit::TooLong { max });
    }
    Ok(raw)
}

/// A key of a tenant, site or role: 1 to 64 of `a-z 0-9 - _ .`, beginning with a letter or digit, and no UUID: where
/// either a key or an id is named, one must not stand for the other.
pub fn is_key(raw: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    (1..=64).contains(&raw.len())
        && raw.chars().all(fits)
        && raw.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && uuid::Uuid::try_parse(raw).is_err()
}

/// What a client says of itself (a `User-Agent`): control characters removed, at most 512 characters.
pub fn agent(raw: &str) -> String {
    raw.chars().filter(|c| !c.is_control()).take(512).collect()
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("must not be empty"),
            Self::TooLong { max } => write!(f, "must have at most {max} characters"),
            Self::Control => f.write_str("must not hold control characters"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_plain() {
        for good in ["northwind", "payments-review", "a1", "1a"] {
            assert!(is_key(good), "{good}");
        }
        let ids = ["3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01", "3b0d2a517c1e4b9a9d570a3c6f2f1e01"];
        for bad in ["", "-a", "A", "a b", "a:b", "ä", &"a".repeat(65), ids[0], ids[1]] {
            assert!(!is_key(bad), "{bad}");
        }
    }

    #[test]
    fn an_agent_is_cut_and_cleaned() {
        assert_eq!(agent("curl\r\n\t<b>"), "curl<b>");
        assert_eq!(agent(&"x".repeat(4096)).len(), 512);
    }
}
