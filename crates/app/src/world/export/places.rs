use store::ReadTx;
use store::world::{site, tenant};

use super::text::{Table, quoted};
use super::{ExportError, Out, PAGE};

/// How tenants and sites are called.
pub(super) async fn learn(tx: &mut ReadTx<'_>, out: &mut Out) -> Result<(), ExportError> {
    loop {
        let after = out.tenants.last().map(|row| row.key.clone()).unwrap_or_default();
        let page = tenant::page(tx, &after, PAGE).await?;
        if page.is_empty() {
            return Ok(());
        }
        out.tenant_keys.extend(page.iter().map(|row| (row.id, row.key.clone())));
        out.tenants.extend(page);
    }
}

pub(super) async fn tenants(tx: &mut ReadTx<'_>, out: &mut Out) -> Result<(), ExportError> {
    for row in out.tenants.clone() {
        write(out, &row)?;
        for site in site::of_tenant(tx, row.id).await? {
            let mut table = Table::new();
            table.str("key", &site.key).str("name", &site.name).str("id", &site.id.uuid().to_string());
            out.row("tenant.site", &table)?;
            out.site_keys.insert(site.id, (row.id, site.key));
        }
    }
    Ok(())
}

fn write(out: &mut Out, row: &tenant::Tenant) -> Result<(), ExportError> {
    let mut table = Table::new();
    table.str("key", &row.key).str("name", &row.name).str("id", &row.id.uuid().to_string());
    table.int("number", Some(row.number)).some("features", &row.features);
    table.object("quotas", &row.quotas).object("metadata", &row.metadata);
    table.opt("billing_id", row.billing_id.map(|id| id.to_string()).as_deref());
    if let Some(enforce) = &row.mfa_enforce {
        let (remember, ttl) = (row.mfa_remember_device, row.mfa_device_ttl);
        let mfa =
            format!("{{ enforce = {}, remember_device = {remember}, device_ttl = {ttl} }}", quoted(enforce));
        table.line("mfa", &mfa);
    }
    if let Some(attempts) = row.lockout_attempts {
        table.line("lockout", &format!("{{ attempts = {attempts} }}"));
    }
    out.row("tenant", &table)
}
