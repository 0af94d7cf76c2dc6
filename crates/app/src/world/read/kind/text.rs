//! Texts, and what is written as one.

use domain::text::{self as rules, Unfit};
use domain::{EmailAddress, Permission, client, endpoint};
use ipnet::IpNet;
use toml::de::DeValue;
use uuid::Uuid;

use super::super::fields::{Judged, wrong_type};
use super::super::nearest::quoted;

const MAX_URL: usize = 2_048;
const MAX_CLIENT_ID: usize = 255;

/// Any text. U+0000 is refused everywhere, since PostgreSQL cannot hold it.
pub(super) fn string<'v>(value: &'v DeValue<'_>) -> Judged<&'v str> {
    let text = value.as_str().ok_or_else(|| wrong_type("a text in quotes", value))?;
    if text.contains('\0') { Err("must not hold the character U+0000".to_owned()) } else { Ok(text) }
}

/// A text of at most `max` characters, without control characters; may be empty.
pub(in super::super) fn text(max: usize) -> impl Fn(&DeValue<'_>) -> Judged<String> {
    move |value| match rules::optional_name(string(value)?, max) {
        Ok(text) => Ok(text.to_owned()),
        Err(unfit) => Err(unfit.to_string()),
    }
}

/// As [`text`], and not empty.
pub(in super::super) fn filled(max: usize) -> impl Fn(&DeValue<'_>) -> Judged<String> {
    move |value| match rules::name(string(value)?, max) {
        Ok(text) => Ok(text.to_owned()),
        Err(unfit) => Err(unfit.to_string()),
    }
}

/// The key of a tenant, site or role.
pub(in super::super) fn key(value: &DeValue<'_>) -> Judged<String> {
    let text = string(value)?;
    if rules::is_key(text) {
        return Ok(text.to_owned());
    }
    let rule = "1 to 64 of a-z, 0-9, - _ and ., beginning with a letter or digit, and no UUID";
    Err(format!("{} is no key; a key is {rule}", quoted(text)))
}

/// The form with hyphens.
pub(in super::super) fn uuid(value: &DeValue<'_>) -> Judged<Uuid> {
    let text = string(value)?;
    let id = if text.len() == 36 { Uuid::try_parse(text).ok() } else { None };
    let example = "3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01";
    id.ok_or_else(|| format!("{} is no UUID; one looks like {example}", quoted(text)))
}

pub(in super::super) fn email(value: &DeValue<'_>) -> Judged<EmailAddress> {
    let text = string(value)?;
    EmailAddress::parse(text).map_err(|why| format!("{} is no e-mail address: {why}", quoted(text)))
}

/// `resource:verb`.
pub(in super::super) fn permission(value: &DeValue<'_>) -> Judged<Permission> {
    let text = string(value)?;
    let rule = "one is resource:verb, each part of a-z, 0-9, - _ and .";
    Permission::parse(text).ok_or_else(|| format!("{} is no permission; {rule}", quoted(text)))
}

/// An absolute `http` or `https` address. It may hold a key, so it is never repeated.
pub(in super::super) fn url(value: &DeValue<'_>) -> Judged<String> {
    let text = plain(string(value)?, MAX_URL)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']) => Ok(text.to_owned()),
        _ => Err("is no web address; one begins with https:// and a host".to_owned()),
    }
}

/// As an inventory keeps it: often a path alone.
pub(in super::super) fn endpoint_url(value: &DeValue<'_>) -> Judged<String> {
    match domain::endpoint::url(string(value)?) {
        Ok(url) => Ok(url.to_owned()),
        Err(Unfit::TooLong { max }) => Err(format!("must have at most {max} bytes")),
        Err(unfit) => Err(unfit.to_string()),
    }
}

/// RFC 6749 §3.1.2: absolute, without fragment; apps have schemes of their own. What else is wrong, the rule of
/// `/v1/clients` says.
pub(in super::super) fn redirect_uri(value: &DeValue<'_>) -> Judged<String> {
    let text = plain(string(value)?, MAX_URL)?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let absolute = text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(fits) && !rest.is_empty()
    });
    if !absolute {
        return Err(format!("{} is no absolute URI; begin with a scheme like https:", quoted(text)));
    }
    if text.contains('#') {
        return Err(format!("{} has a fragment; a redirect URI ends before the #", quoted(text)));
    }
    if !client::is_redirect_uri(text) {
        return Err(format!(
            "{} is no redirect URI; name one without blanks, of no scheme that runs scripts",
            quoted(text)
        ));
    }
    Ok(text.to_owned())
}

/// RFC 6749 appendix A.1.
pub(in super::super) fn client_id(value: &DeValue<'_>) -> Judged<String> {
    let text = string(value)?;
    if client::is_id(text) {
        return Ok(text.to_owned());
    }
    Err(format!("{} is no client id; one is 1 to {MAX_CLIENT_ID} printable ASCII characters", quoted(text)))
}

/// RFC 6749 §3.3; without commas, since some clients separate scopes by them.
pub(in super::super) fn scope(value: &DeValue<'_>) -> Judged<String> {
    let text = string(value)?;
    if client::is_scope(text) {
        return Ok(text.to_owned());
    }
    Err(format!("{} is no scope; one is a word of ASCII without blanks, commas, quotes", quoted(text)))
}

/// A network in CIDR form; bits of the host are dropped.
pub(in super::super) fn network(value: &DeValue<'_>) -> Judged<IpNet> {
    let text = string(value)?;
    let advice = match text.parse::<std::net::IpAddr>() {
        Ok(address) => format!("did you mean \"{}\"?", IpNet::from(address)),
        Err(_) => "one looks like 10.0.0.0/8 or 2001:db8::/32".to_owned(),
    };
    endpoint::network(text).ok_or_else(|| format!("{} is no network; {advice}", quoted(text)))
}

/// Printable, without blanks.
fn plain(text: &str, max: usize) -> Judged<&str> {
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err("must not hold blanks or control characters".to_owned());
    }
    if text.len() > max { Err(format!("must have at most {max} characters")) } else { Ok(text) }
}
