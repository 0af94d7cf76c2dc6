//! A membership as the audit trail tells of it; never with anything secret.

use domain::{Role, Timestamp};

use super::Member;

/// `member, technician; active; at lis; until 2027-01-01T00:00:00Z`.
pub(super) fn told(member: &Member) -> String {
    let state = match (member.active && member.user.active, member.user.locked) {
        (true, false) => "active",
        (true, true) => "locked",
        (false, _) => "inactive",
    };
    let sites: Vec<&str> = member.sites.iter().map(|site| site.key.as_str()).collect();
    let sites = if sites.is_empty() { String::new() } else { format!("; at {}", sites.join(", ")) };
    let until = member.expires_at.map(Timestamp::rfc3339_secs);
    let until = until.map(|end| format!("; until {end}")).unwrap_or_default();
    format!("{}; {state}{sites}{until}", keys(&member.roles))
}

/// `member, technician`.
pub(crate) fn keys(roles: &[Role]) -> String {
    let keys: Vec<&str> = roles.iter().map(|role| role.key.as_str()).collect();
    keys.join(", ")
}
