//! A membership as the audit trail tells of it; never with anything secret.

use domain::{Role, Timestamp};

use super::Member;

/// `member, technician; active; at lis; until 2027-01-01T00:00:00.000Z`.
pub(super) fn told(member: &Member) -> String {
    let [(_, roles), (_, sites), (_, state), (_, end)] = facts(member);
    let sites = if sites == NONE { String::new() } else { format!("; at {sites}") };
    let until = if end == NONE { String::new() } else { format!("; until {end}") };
    format!("{roles}; {state}{sites}{until}")
}

/// What is different: `roles member, technician -> admin; end none -> 2027-01-01T00:00:00.000Z`.
pub(super) fn became(was: &Member, is: &Member) -> Option<String> {
    let pairs = facts(was).into_iter().zip(facts(is)).filter(|(was, is)| was != is);
    let told: Vec<_> = pairs.map(|((what, was), (_, is))| format!("{what} {was} -> {is}")).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

const NONE: &str = "none";

fn facts(member: &Member) -> [(&'static str, String); 4] {
    let state = match (member.active && member.user.active, member.user.locked) {
        (true, false) => "active",
        (true, true) => "locked",
        (false, _) => "inactive",
    };
    let sites: Vec<&str> = member.sites.iter().map(|site| site.key.as_str()).collect();
    [
        ("roles", or_none(keys(member.roles.iter().map(AsRef::as_ref)))),
        ("sites", or_none(sites.join(", "))),
        ("state", state.to_owned()),
        ("end", member.expires_at.map_or_else(|| NONE.to_owned(), Timestamp::rfc3339_millis)),
    ]
}

fn or_none(list: String) -> String {
    if list.is_empty() { NONE.to_owned() } else { list }
}

/// `member, technician`.
pub(crate) fn keys<'r>(roles: impl IntoIterator<Item = &'r Role>) -> String {
    let keys: Vec<&str> = roles.into_iter().map(|role| role.key.as_str()).collect();
    keys.join(", ")
}
