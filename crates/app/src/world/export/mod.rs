//! The store as a world file, which [`super::apply()`] reads back into an equal world.
//!
//! One snapshot, table by table and page by page, so that neither the store nor the text is ever held whole. Rows
//! come in the order of their names and keys in a fixed order, so that the same store gives the same text.

mod people;
mod places;
mod programs;
mod roles;
mod text;
mod traffic;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use domain::{Builtin, RoleId, SiteId, TenantId};
use store::world::tenant::Tenant;
use store::{ReadTx, StoreError};

use self::text::Table;
use crate::Ctx;

/// What an export does with password hashes, digests of secrets, TOTP seeds and revealable keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// Hashes and digests as they are; what can be shown again stays sealed under the master key, for the id beside it.
    Sealed,
    /// None of them. Tokens, and clients that have a secret, are then left out whole: without it the one could never
    /// be presented, and the other would let in everybody who knows its id. So are webhooks: who knows the URL of one may
    /// write to it.
    None,
}

/// Rows that an export wrote, and that it left out for want of their secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    pub rows: u64,
    pub tokens_left_out: u64,
    pub clients_left_out: u64,
    pub webhooks_left_out: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Whoever was to have the text did not take it.
    #[error("the export cannot be written: {0}")]
    Sink(#[from] io::Error),
}

/// Takes the text piece by piece, in order. It is called from the thread that reads the store.
pub type Sink = Arc<dyn Fn(&str) -> io::Result<()> + Send + Sync>;

/// Writes the whole store as a world file into `sink`; the store is read at one moment.
///
/// Permission: none is asked for here; it is for who operates the machine. Audits nothing, since nothing is written.
///
/// # Errors
/// Those of the store and of the sink. What was written until then is no whole world.
pub async fn export(ctx: &Ctx, secrets: Secrets, sink: Sink) -> Result<Exported, ExportError> {
    let scanned = ctx.store.scan(move |tx| {
        let out = Out::new(secrets, Arc::clone(&sink));
        Box::pin(async move { whole(tx, out).await })
    });
    scanned.await
}

async fn whole(tx: &mut ReadTx<'_>, mut out: Out) -> Result<Exported, ExportError> {
    roles::permissions(tx, &mut out).await?;
    places::learn(tx, &mut out).await?;
    roles::roles(tx, &mut out).await?;
    places::tenants(tx, &mut out).await?;
    people::users(tx, &mut out).await?;
    programs::clients(tx, &mut out).await?;
    programs::tokens(tx, &mut out).await?;
    programs::webhooks(tx, &mut out).await?;
    traffic::networks(tx, &mut out).await?;
    traffic::endpoints(tx, &mut out).await?;
    traffic::activities(tx, &mut out).await?;
    out.flush()?;
    Ok(out.exported)
}

/// Rows read at once.
const PAGE: i64 = 500;

/// The text on its way out, and the names of what later rows refer to.
struct Out {
    secrets: Secrets,
    sink: Sink,
    text: String,
    exported: Exported,
    /// In the order of their keys.
    tenants: Vec<Tenant>,
    tenant_keys: HashMap<TenantId, String>,
    site_keys: HashMap<SiteId, (TenantId, String)>,
    role_keys: HashMap<RoleId, String>,
    permissions: Vec<String>,
}

impl Out {
    /// Bytes that are gathered before they are handed on.
    const GATHERED: usize = 32 * 1024;

    fn new(secrets: Secrets, sink: Sink) -> Self {
        Self {
            secrets,
            sink,
            text: String::new(),
            exported: Exported::default(),
            tenants: Vec::new(),
            tenant_keys: HashMap::new(),
            site_keys: HashMap::new(),
            role_keys: Builtin::ALL.into_iter().map(|role| (role.id(), role.key().to_owned())).collect(),
            permissions: Vec::new(),
        }
    }

    /// Writes one row under its header.
    fn row(&mut self, header: &str, table: &Table) -> Result<(), ExportError> {
        let blank =
            if self.text.is_empty() && self.exported.rows == 0 || header.contains('.') { "" } else { "\n" };
        self.text.push_str(blank);
        self.text.push_str("[[");
        self.text.push_str(header);
        self.text.push_str("]]\n");
        self.text.push_str(table.text());
        self.exported.rows += 1;
        if self.text.len() >= Self::GATHERED { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        (self.sink)(&self.text)?;
        self.text.clear();
        Ok(())
    }

    fn seals(&self) -> bool {
        self.secrets == Secrets::Sealed
    }
}
