//! What texts look like, for the document: a `format` of ours, and the regular expression that stands beside it there, as
//! close to the rules of `domain` as one comes. Where it is narrower than the rule, what it leaves out is accepted too.

/// An e-mail address in ASCII (`domain::EmailAddress`).
macro_rules! email {
    () => {
        r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,31}(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,31})?@[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,20})?(\.[a-z][a-z0-9]{0,20}){0,4}"
    };
}

macro_rules! uuid {
    () => {
        "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
    };
}

macro_rules! ipv4 {
    () => {
        r"((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
    };
}

macro_rules! ipv6 {
    () => {
        concat!(
            "(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,6}:|::",
            "|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4})"
        )
    };
}

/// Three characters of ASCII in base64url, none of them U+0000; then two, then one.
macro_rules! ascii3 {
    () => {
        "[B-Za-f][B-HR-Xh-nx-z0-3]([BFJNRVZdhlptx159][A-Za-z0-9_-]|[AEIMQUYcgkosw048][B-Za-z0-9_-])"
    };
}

macro_rules! ascii2 {
    () => {
        "[B-Za-f][B-HR-Xh-nx-z0-3][AEIMQUYcgkosw048]"
    };
}

macro_rules! ascii1 {
    () => {
        "[B-Za-f][AQgw]"
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
    ("uuid", concat!("^", uuid!(), "$")),
    // RFC 3339, of no leap day, from the year 1000.
    (
        "date-time",
        concat!(
            "^[1-9][0-9]{3}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)",
            r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-9]|2[0-3]):[0-5][0-9])$"
        ),
    ),
    // RFC 6749 appendix A.1 and §3.3.
    ("client-id", "^[ -~]{1,255}$"),
    ("scope", r"^[!#-+.-\[\]-~-]{1,128}$"),
    // Without brackets, which stand around an IPv6 address alone.
    ("redirect-uri", r#"^[A-Za-z][A-Za-z0-9+.-]*:[!"$-Z\^-~]+$"#),
    ("webhook", r"^https://[A-Za-z0-9][!-Z\^-~]*$"),
    (
        "network",
        concat!("^(", ipv4!(), "/(3[0-2]|[12]?[0-9])|", ipv6!(), "/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))$"),
    ),
    // `next` of a list by text: base64url of 1 to 512 characters of ASCII.
    (
        "text-cursor",
        concat!(
            "^((",
            ascii3!(),
            "){1,170}(",
            ascii2!(),
            "|",
            ascii1!(),
            ")?|",
            ascii2!(),
            "|",
            ascii1!(),
            ")$"
        ),
    ),
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
