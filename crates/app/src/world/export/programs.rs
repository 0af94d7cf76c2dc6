use std::collections::HashMap;

use domain::client::Scopes;
use domain::{TokenId, UserId};
use store::ReadTx;
use store::world::client::{self, Client};
use store::world::token::{self, Token};
use store::world::{export, webhook};

use super::text::Table;
use super::{ExportError, Out, PAGE};

pub(super) async fn clients(tx: &mut ReadTx<'_>, out: &mut Out) -> Result<(), ExportError> {
    let mut after = String::new();
    loop {
        let page = client::page(tx, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(&last.client_id);
        for row in &page {
            if row.secret_digest.is_some() && !out.seals() {
                out.exported.clients_left_out += 1;
            } else {
                write_client(out, row)?;
            }
        }
    }
}

fn write_client(out: &mut Out, row: &Client) -> Result<(), ExportError> {
    let mut table = Table::new();
    table.str("id", &row.client_id);
    if let Some(digest) = &row.secret_digest {
        table.digest("secret_digest", digest);
    }
    table.opt("name", row.name.as_deref()).list("grants", &row.grants).some("scopes", &row.scopes);
    table.some("redirect_uris", &row.redirect_uris).flag("environment", row.environment, false);
    out.row("client", &table)
}

pub(super) async fn tokens(tx: &mut ReadTx<'_>, out: &mut Out) -> Result<(), ExportError> {
    let mut after = 0;
    loop {
        let page = token::page(tx, after, PAGE).await?;
        let Some(last) = page.last().map(|row| row.number) else { return Ok(()) };
        if out.seals() {
            let owners: HashMap<UserId, String> =
                export::token_owners(tx, after, last).await?.into_iter().collect();
            let mut roles: HashMap<TokenId, Vec<String>> = HashMap::new();
            for (id, role) in export::token_roles(tx, after, last).await? {
                roles.entry(id).or_default().extend(out.role_keys.get(&role).cloned());
            }
            for row in &page {
                let owner = row.owner_id.and_then(|id| owners.get(&id)).map(String::as_str);
                let mut roles = roles.remove(&row.id).unwrap_or_default();
                roles.sort();
                write_token(out, row, (owner, &roles))?;
            }
        } else {
            out.exported.tokens_left_out += u64::try_from(page.len()).unwrap_or(0);
        }
        after = last;
    }
}

fn write_token(
    out: &mut Out,
    row: &Token,
    (owner, roles): (Option<&str>, &[String]),
) -> Result<(), ExportError> {
    let mut table = Table::new();
    table.opt("owner", owner);
    table.opt("tenant", out.tenant_keys.get(&row.tenant_id).map(String::as_str));
    table.str("id", &row.id.uuid().to_string()).int("number", Some(row.number));
    table.opt("name", Some(&row.name)).opt("utility", row.utility.as_deref());
    table.opt("role", row.cap_id.and_then(|id| out.role_keys.get(&id)).map(String::as_str));
    if let Some(scopes) = &row.scopes {
        table.list("scopes", Scopes::parse(scopes).names());
    }
    // Who owns a token does not give it roles of its own.
    table.some("roles", if row.owner_id.is_none() { roles } else { &[] });
    match (&row.sealed, &row.digest) {
        (Some(sealed), _) => drop(table.sealed("secret", sealed).flag("revealable", true, false)),
        (None, Some(digest)) => drop(table.digest("secret_digest", digest)),
        (None, None) => {}
    }
    table.moment("created_at", Some(row.created_at)).moment("expires_at", row.expires_at);
    out.row("token", &table)
}

pub(super) async fn webhooks(tx: &mut ReadTx<'_>, out: &mut Out) -> Result<(), ExportError> {
    let mut after = 0;
    loop {
        let page = webhook::numbered(tx, after, PAGE).await?;
        let Some(last) = page.last().map(|row| row.number) else { return Ok(()) };
        if !out.seals() {
            out.exported.webhooks_left_out += u64::try_from(page.len()).unwrap_or(0);
            after = last;
            continue;
        }
        let owners: HashMap<UserId, String> =
            export::webhook_owners(tx, after, last).await?.into_iter().collect();
        for row in &page {
            let mut table = Table::new();
            table.opt("owner", owners.get(&row.owner_id).map(String::as_str));
            table.opt("tenant", out.tenant_keys.get(&row.tenant_id).map(String::as_str));
            table.str("name", &row.name).str("url", &row.url).str("kind", &row.kind);
            out.row("webhook", &table)?;
        }
        after = last;
    }
}
