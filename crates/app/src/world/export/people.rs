use std::collections::HashMap;

use domain::{TenantId, UserId};
use store::ReadTx;
use store::world::export;
use store::world::membership::{self, Membership};
use store::world::user::{self, User};

use super::text::Table;
use super::{ExportError, Out, PAGE};

/// What hangs on a page of users.
#[derive(Default)]
struct Page {
    memberships: HashMap<UserId, Vec<Membership>>,
    roles: HashMap<(UserId, TenantId), Vec<String>>,
    sites: HashMap<(UserId, TenantId), Vec<String>>,
}

pub(super) async fn users(tx: &mut ReadTx<'_>, out: &mut Out) -> Result<(), ExportError> {
    let mut after = String::new();
    loop {
        let users = user::page(tx, &after, PAGE).await?;
        let Some(last) = users.last().map(|row| row.email.to_string()) else { return Ok(()) };
        let page = page(tx, out, (&after, &last)).await?;
        for row in &users {
            write(out, row)?;
            for membership in page.memberships.get(&row.id).into_iter().flatten() {
                write_membership(out, membership, &page)?;
            }
        }
        after = last;
    }
}

async fn page(tx: &mut ReadTx<'_>, out: &Out, (after, last): (&str, &str)) -> Result<Page, ExportError> {
    let mut page = Page::default();
    for row in membership::of_page(tx, after, last).await? {
        page.memberships.entry(row.user_id).or_default().push(row);
    }
    for rows in page.memberships.values_mut() {
        rows.sort_by_key(|row| out.tenant_keys.get(&row.tenant_id));
    }
    for (whose, role) in export::roles(tx, after, last).await? {
        page.roles.entry(whose).or_default().extend(out.role_keys.get(&role).cloned());
    }
    for (whose, site) in export::sites(tx, after, last).await? {
        page.sites.entry(whose).or_default().extend(out.site_keys.get(&site).map(|(_, key)| key.clone()));
    }
    page.roles.values_mut().chain(page.sites.values_mut()).for_each(|keys| keys.sort());
    Ok(page)
}

fn write(out: &mut Out, row: &User) -> Result<(), ExportError> {
    let mut table = Table::new();
    table.str("email", row.email.as_str());
    if out.seals() {
        table.opt("password_hash", row.password_hash.as_deref());
    }
    table.str("id", &row.id.uuid().to_string()).int("number", Some(row.number));
    table.opt("name", row.name.as_deref()).opt("first_name", row.first_name.as_deref());
    table.opt("middle_name", row.middle_name.as_deref()).opt("last_name", row.last_name.as_deref());
    table.opt("phone", row.phone.as_deref()).opt("picture", row.picture.as_deref());
    table.opt("type", Some(row.kind.as_str()).filter(|kind| *kind != "USER"));
    table.opt("group", row.user_group.as_deref());
    table.flag("verified", row.verified, true).flag("active", row.active, true);
    table.flag("locked", row.locked, false).flag("operator", row.is_operator, false);
    table.flag("super_user", row.super_user, false).flag("invisible", row.invisible, false);
    table.flag("mfa_bypass", row.mfa_bypass, false);
    if let Some(sealed) = row.totp_sealed.as_ref().filter(|_| out.seals()) {
        table.sealed("totp_secret", sealed);
    }
    let tenant = row.default_tenant_id.and_then(|id| out.tenant_keys.get(&id));
    table.opt("default_tenant", tenant.map(String::as_str));
    let site = row.default_site_id.and_then(|id| out.site_keys.get(&id));
    let site = site.filter(|(tenant, _)| Some(*tenant) == row.default_tenant_id);
    table.opt("default_site", site.map(|(_, key)| key.as_str()));
    table.object("metadata", &row.metadata).object("vendor_metadata", &row.vendor_metadata);
    table.opt("managed_by", row.managed_by.as_deref()).opt("created_by", row.created_by.as_deref());
    table.opt("provider", Some(row.provider.as_str()).filter(|provider| *provider != "local"));
    out.row("user", &table)
}

fn write_membership(out: &mut Out, row: &Membership, page: &Page) -> Result<(), ExportError> {
    let whose = (row.user_id, row.tenant_id);
    let none = Vec::new();
    let mut table = Table::new();
    table.opt("tenant", out.tenant_keys.get(&row.tenant_id).map(String::as_str));
    table.list("roles", page.roles.get(&whose).unwrap_or(&none));
    table.some("sites", page.sites.get(&whose).unwrap_or(&none));
    table.flag("active", row.active, true).moment("expires_at", row.expires_at);
    out.row("user.membership", &table)
}
