//! What texts look like, for the document: a `format` of ours, and the regular expression that stands beside it there, as
//! close to the rules of `domain` as one comes. Where it is narrower than the rule, what it leaves out is accepted too.

/// An e-mail address in ASCII (`domain::EmailAddress`).
macro_rules! email {
    () => {
        r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,20})?(\.[a-z][a-z0-9]{0,20}){0,4}"
    };
}

macro_rules! uuid {
    () => {
        "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
    };
}

/// By the name of the format.
const PATTERNS: &[(&str, &str)] = &[
    // A display name (`domain::text::name`): not blank, no control character.
    ("name", r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"),
    // As a name, but may be empty.
    ("line", r"^[^\x00-\x1f\x7f-\x9f]*$"),
    // A key of a tenant, site or role (`domain::text::is_key`).
    ("key", "^[a-z0-9][a-z0-9._-]{0,63}$"),
    ("permission", "^[a-z0-9._-]{1,60}:[a-z0-9._-]{1,60}$"),
    // A permission, or its beginning and a trailing `*`.
    ("permission-pattern", r"^(\*|[a-z0-9._-]{1,60}(\*|:\*|:[a-z0-9._-]{1,60}\*?))$"),
    ("email", concat!("^", email!(), "$")),
    // A user, by id or e-mail.
    ("user", concat!("^(", uuid!(), "|", email!(), ")$")),
    // `next` of a list by time, number and id: 32 bytes, base64url.
    ("cursor", "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"),
];

/// The regular expression of a format of ours.
pub(crate) fn pattern(format: &str) -> Option<&'static str> {
    PATTERNS.iter().find(|(name, _)| *name == format).map(|(_, pattern)| *pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pattern_is_only_half_anchored() {
        for (name, pattern) in PATTERNS {
            assert!(pattern.starts_with('^') && pattern.ends_with('$'), "{name}");
        }
    }
}
