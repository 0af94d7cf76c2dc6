use store::ReadTx;
use store::world::activity::{self, Activity};
use store::world::{endpoint, network};

use super::text::Table;
use super::{ExportError, Out, PAGE};

pub(super) async fn networks(tx: &mut ReadTx<'_>, out: &mut Out) -> Result<(), ExportError> {
    for tenant in out.tenants.clone() {
        if let Some(row) = network::of_tenant(tx, tenant.id).await? {
            let mut table = Table::new();
            table.str("tenant", &tenant.key).some("private", &row.private).some("partner", &row.partner);
            out.row("network", &table)?;
        }
    }
    Ok(())
}

pub(super) async fn endpoints(tx: &mut ReadTx<'_>, out: &mut Out) -> Result<(), ExportError> {
    for tenant in out.tenants.clone() {
        let mut after = (String::new(), 0, String::new());
        loop {
            let page = endpoint::page(tx, tenant.id, (&after.0, after.1, &after.2), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = (last.url.clone(), last.collection, last.method.clone());
            for row in &page {
                let mut table = Table::new();
                table.str("tenant", &tenant.key).int("collection", Some(row.collection));
                table.str("method", &row.method).str("url", &row.url).list("access", &row.access.names());
                out.row("endpoint", &table)?;
            }
        }
    }
    Ok(())
}

/// Two that are the same in every key are one. Those of one moment are ordered by what they say, since their ids
/// are not a world's.
pub(super) async fn activities(tx: &mut ReadTx<'_>, out: &mut Out) -> Result<(), ExportError> {
    for tenant in out.tenants.clone() {
        let mut last: Option<Activity> = None;
        let mut together: Vec<String> = Vec::new();
        loop {
            let page = activity::page(tx, tenant.id, last.as_ref(), PAGE).await?;
            for row in &page {
                let apart = last.as_ref().is_none_or(|last| {
                    (&last.agent, &last.device, last.at) != (&row.agent, &row.device, row.at)
                });
                if apart {
                    write(out, &mut together)?;
                }
                together.push(shown(&tenant.key, row));
                last = Some(row.clone());
            }
            if page.is_empty() {
                write(out, &mut together)?;
                break;
            }
        }
    }
    Ok(())
}

fn write(out: &mut Out, together: &mut Vec<String>) -> Result<(), ExportError> {
    together.sort();
    together.dedup();
    for text in together.drain(..) {
        out.row("activity", &Table::of(text))?;
    }
    Ok(())
}

fn shown(tenant: &str, row: &Activity) -> String {
    let mut table = Table::new();
    table.str("tenant", tenant).str("agent", &row.agent).str("device", &row.device);
    table.str("user", &row.user_name).opt("domain", row.domain.as_deref());
    table.opt("topic", row.topic.as_deref());
    table.int("input_tokens", row.input_tokens).int("output_tokens", row.output_tokens);
    table.opt("harmful", row.harmful.as_deref()).opt("reason", row.reason.as_deref());
    table.moment("at", Some(row.at));
    table.text().to_owned()
}
