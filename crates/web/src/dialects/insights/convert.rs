//! From a profile to its JSON.

use std::collections::{BTreeMap, BTreeSet};

use app::Profile;
use domain::Timestamp;
use domain::membership::Membership;
use domain::tenant::{Site, Tenant};

use super::wire::{Detail, Privileges};

/// `now` decides which memberships count.
pub fn detail(profile: &Profile, now: Timestamp) -> Detail {
    let user = &profile.user;
    let email = user.email.to_string();
    let home = user.default_tenant.and_then(|id| profile.live(now).find(|m| m.tenant.id == id));
    let default_org = home.map(|m| org(&m.tenant));
    Detail {
        name: user.name.clone(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        middle_name: user.middle_name.clone(),
        email: email.clone(),
        email_address: email,
        phone: user.phone.clone(),
        password: (),
        created_by: user.created_by.clone(),
        last_updated_by: user.updated_by.clone().or_else(|| user.created_by.clone()),
        user_type: user.kind.clone(),
        authentication_type: user.provider.to_uppercase(),
        default_site: default_site(default_org.as_deref(), profile.default_site.as_ref()),
        default_org,
        last_user_update_time: user.updated_at.rfc3339_millis(),
        last_login_time: user.last_login_at.map(Timestamp::rfc3339_millis),
        group: user.group.clone(),
        org_privilege_map: profile.live(now).map(|m| (org(&m.tenant), [privileges(m)])).collect(),
    }
}

/// An id holds no colon, so that it ends at the first one whatever the name is.
fn org(tenant: &Tenant) -> String {
    format!("{}:{}", tenant.id, tenant.name)
}

fn site(site: &Site) -> String {
    format!("{}:{}", site.id, site.name)
}

/// The default site is one of the default tenant, and goes with it.
fn default_site(org: Option<&str>, of_user: Option<&Site>) -> Vec<BTreeMap<String, String>> {
    let pair = org.zip(of_user).map(|(org, of_user)| BTreeMap::from([(org.to_owned(), site(of_user))]));
    pair.into_iter().collect()
}

fn privileges(membership: &Membership) -> Privileges {
    let mut roles: Vec<String> = membership.roles.iter().map(|role| role.key.clone()).collect();
    roles.sort();
    let patterns = membership.roles.iter().flat_map(|role| &role.patterns);
    let patterns: BTreeSet<&str> = patterns.map(domain::Pattern::as_str).collect();
    Privileges {
        site_list: membership.sites.iter().map(site).collect(),
        roles,
        privileges: patterns.into_iter().map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests;
