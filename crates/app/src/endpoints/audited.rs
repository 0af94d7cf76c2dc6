//! Rows of the inventory in one transaction, judged again and audited.

use std::sync::Arc;

use domain::endpoint::Endpoint;
use domain::{Permission, TenantId};
use store::endpoints::{self, Manner};
use uuid::Uuid;

use super::Written;
use crate::Ctx;
use crate::audit::Event;
use crate::failure::Failure;
use crate::principal::{Asked, Caller, judge_again};

/// Who writes, and what is told of it.
#[derive(Clone)]
pub(super) struct By {
    /// `None`: the command line.
    pub caller: Option<Caller>,
    pub event: Event,
}

/// A transaction that changes nothing tells of nothing.
pub(super) async fn write(
    ctx: &Ctx,
    by: By,
    tenant: TenantId,
    rows: Vec<Endpoint>,
    manner: Manner,
) -> Result<Written, Failure> {
    let now = ctx.now();
    let rows: Arc<[(Uuid, Endpoint)]> = rows.into_iter().map(|row| (ctx.new_id(), row)).collect();
    let asked: Asked = Some((Permission::ENDPOINTS_WRITE, Some(tenant)));
    ctx.store
        .write(move |tx| {
            let (rows, by, asked) = (Arc::clone(&rows), by.clone(), asked.clone());
            Box::pin(async move {
                if let Some(caller) = &by.caller {
                    judge_again(tx, caller, &asked, now).await?;
                }
                let mut written = Written::default();
                for (id, row) in rows.iter() {
                    written.count(endpoints::write(tx, manner, (*id, tenant), row, now).await?);
                }
                if !written.is_nothing() {
                    let told = format!("{} created, {} changed", written.created, written.changed);
                    by.event.also(&told).write(tx).await?;
                }
                Ok(written)
            })
        })
        .await
}
