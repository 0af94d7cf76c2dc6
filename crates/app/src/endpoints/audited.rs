//! Rows of the inventory in one transaction, judged again and audited.

use std::sync::Arc;

use domain::TenantId;
use domain::endpoint::Endpoint;
use store::endpoints::{self, Manner};
use store::{WriteTx, tenants};
use uuid::Uuid;

use super::Written;
use crate::Ctx;
use crate::act::Act;
use crate::audit::Event;
use crate::failure::Failure;

/// Who writes, and what is told of it.
#[derive(Clone)]
pub(super) enum By {
    Caller(Act),
    CommandLine(Event),
}

/// A transaction that changes nothing tells of nothing.
///
/// # Errors
/// As [`Act::in_turn`].
pub(super) async fn write(
    ctx: &Ctx,
    by: By,
    tenant: TenantId,
    rows: Vec<Endpoint>,
    manner: Manner,
) -> Result<Written, Failure> {
    let now = ctx.now();
    let rows: Arc<[(Uuid, Endpoint)]> = rows.into_iter().map(|row| (ctx.new_id(), row)).collect();
    ctx.store
        .write(move |tx| {
            let (rows, by) = (Arc::clone(&rows), by.clone());
            Box::pin(async move {
                by.in_turn(tx, tenant).await?;
                let written = endpoints::write(tx, manner, tenant, &rows, now).await?;
                if !written.is_nothing() {
                    let told = format!("{} created, {} changed", written.created, written.changed);
                    by.event().on("tenant", tenant.uuid()).also(&told).write(tx).await?;
                }
                Ok(written)
            })
        })
        .await
}

impl By {
    async fn in_turn(&self, tx: &mut WriteTx<'_>, tenant: TenantId) -> Result<(), Failure> {
        match self {
            Self::Caller(act) => act.in_turn(tx).await.map(drop),
            Self::CommandLine(_) if tenants::revise(tx, tenant).await? => Ok(()),
            Self::CommandLine(_) => Err(Failure::not_found()),
        }
    }

    fn event(self) -> Event {
        match self {
            Self::Caller(act) => act.event,
            Self::CommandLine(event) => event,
        }
    }
}
