//! References: names of rows that stand in the file or in the store.

use domain::role::Builtin;
use domain::{EmailAddress, Pattern, permission};
use toml::de::DeValue;

use super::super::super::Name;
use super::super::fields::Judged;
use super::super::nearest::{advice, nearest, quoted};
use super::super::reading::Reading;
use super::text;

/// The key of a tenant.
pub(in super::super) fn tenant<'r>(cx: &'r Reading<'r>) -> impl Fn(&DeValue<'_>) -> Judged<String> + 'r {
    move |value| {
        let key = text::string(value)?;
        if has_tenant(cx, key) {
            return Ok(key.to_owned());
        }
        let near = nearest(key, cx.names.tenants.keys().map(String::as_str), &cx.names.patience);
        Err(format!("no tenant {}{}", quoted(key), advice(near, "declare it with [[tenant]]")))
    }
}

/// The key of a site of that tenant. Without a tenant, or with one that is not there, nothing can be said of it.
pub(in super::super) fn site<'r>(
    cx: &'r Reading<'r>,
    tenant: Option<&'r str>,
) -> impl Fn(&DeValue<'_>) -> Judged<String> + 'r {
    move |value| {
        let key = text::string(value)?;
        let Some(tenant) = tenant else { return Ok(key.to_owned()) };
        let here = cx.names.tenants.get(tenant);
        let in_file = here.is_some_and(|sites| sites.contains(key));
        let name = || Name::Site { tenant: tenant.to_owned(), key: key.to_owned() };
        if in_file || cx.known.has(&name()) || !has_tenant(cx, tenant) {
            return Ok(key.to_owned());
        }
        let elsewhere =
            cx.names.tenants.iter().filter(|(_, sites)| sites.contains(key)).map(|(of, _)| of).min();
        let otherwise = elsewhere.map_or_else(
            || "declare it with [[tenant.site]]".to_owned(),
            |of| format!("it is a site of {}", quoted(of)),
        );
        let near = nearest(key, here.into_iter().flatten().map(String::as_str), &cx.names.patience);
        Err(format!("no site {} in tenant {}{}", quoted(key), quoted(tenant), advice(near, &otherwise)))
    }
}

/// The key of a role that members of the tenant may have: built in, of the installation, or the tenant's own.
pub(in super::super) fn role<'r>(
    cx: &'r Reading<'r>,
    tenant: Option<&'r str>,
) -> impl Fn(&DeValue<'_>) -> Judged<String> + 'r {
    move |value| {
        let key = text::string(value)?;
        let Some(tenant) = tenant else { return Ok(key.to_owned()) };
        if has_role(cx, Some(tenant), key) || !has_tenant(cx, tenant) {
            return Ok(key.to_owned());
        }
        Err(no_role(cx, Some(tenant), key))
    }
}

/// The key of a role that the holder of another one may give; `tenant` is that of the other.
pub(in super::super) fn assignable<'r>(
    cx: &'r Reading<'r>,
    tenant: Option<&'r str>,
) -> impl Fn(&DeValue<'_>) -> Judged<String> + 'r {
    move |value| {
        let key = text::string(value)?;
        if has_role(cx, tenant, key) { Ok(key.to_owned()) } else { Err(no_role(cx, tenant, key)) }
    }
}

/// The e-mail address of a user.
pub(in super::super) fn user<'r>(cx: &'r Reading<'r>) -> impl Fn(&DeValue<'_>) -> Judged<EmailAddress> + 'r {
    move |value| {
        let email = text::email(value)?;
        let known = || cx.known.has(&Name::User(email.as_str().to_owned()));
        if cx.names.users.contains_key(email.as_str()) || known() {
            return Ok(email);
        }
        let near = nearest(email.as_str(), cx.names.users.keys().map(String::as_str), &cx.names.patience);
        Err(format!("no user {}{}", quoted(email.as_str()), advice(near, "declare it with [[user]]")))
    }
}

/// A permission that is there, or a pattern with `*`, which may match nothing yet.
pub(in super::super) fn pattern<'r>(cx: &'r Reading<'r>) -> impl Fn(&DeValue<'_>) -> Judged<Pattern> + 'r {
    move |value| {
        let text = text::string(value)?;
        let rule = "one is resource:verb, or a beginning and a * like resource:*";
        let pattern =
            Pattern::parse(text).ok_or_else(|| format!("{} is no permission; {rule}", quoted(text)))?;
        let listed = || permission::CATALOGUE.iter().map(|(key, _)| key.as_str());
        let declared = cx.names.permissions.contains(text) || listed().any(|key| key == text);
        if pattern.is_wild() || declared || cx.known.has(&Name::Permission(text.to_owned())) {
            return Ok(pattern);
        }
        let right = listed().chain(cx.names.permissions.iter().map(String::as_str));
        let near = nearest(text, right, &cx.names.patience);
        Err(format!("no permission {}{}", quoted(text), advice(near, "declare it with [[permission]]")))
    }
}

fn has_tenant(cx: &Reading<'_>, key: &str) -> bool {
    cx.names.tenants.contains_key(key) || cx.known.has(&Name::Tenant(key.to_owned()))
}

fn has_role(cx: &Reading<'_>, tenant: Option<&str>, key: &str) -> bool {
    let own = tenant.and_then(|tenant| cx.names.tenant_roles.get(tenant));
    if Builtin::from_key(key).is_some()
        || cx.names.common_roles.contains(key)
        || own.is_some_and(|roles| roles.contains(key))
    {
        return true;
    }
    let name = |tenant: Option<&str>| Name::Role { tenant: tenant.map(str::to_owned), key: key.to_owned() };
    // Both are asked, so that whoever notes the questions learns of both.
    let common = cx.known.has(&name(None));
    let own = tenant.is_some_and(|tenant| cx.known.has(&name(Some(tenant))));
    common || own
}

fn no_role(cx: &Reading<'_>, tenant: Option<&str>, key: &str) -> String {
    let own = tenant.and_then(|tenant| cx.names.tenant_roles.get(tenant));
    let declared = cx.names.common_roles.iter().chain(own.into_iter().flatten()).map(String::as_str);
    let near = nearest(key, Builtin::ALL.iter().map(|role| role.key()).chain(declared), &cx.names.patience);
    let place = tenant
        .map_or_else(|| " of the whole installation".to_owned(), |t| format!(" in tenant {}", quoted(t)));
    let mut elsewhere =
        cx.names.tenant_roles.iter().filter(|(_, roles)| roles.contains(key)).map(|(of, _)| of);
    let otherwise = elsewhere.clone().min().map_or_else(
        || "declare it with [[role]]".to_owned(),
        |of| format!("it is a role of tenant {}", quoted(of)),
    );
    let near = if elsewhere.next().is_some() { None } else { near };
    format!("no role {}{place}{}", quoted(key), advice(near, &otherwise))
}
