//! What the activities of one agent on one device add up to. Asks for `agents:read`.

use domain::Permission;
use domain::activity::Tally;
use store::StoreError;

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, meant};

/// `None` where nothing is known of them in the tenant: the one that is named, else that of the credential.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    tenant: Option<&TenantName>,
    agent: &str,
    device: &str,
) -> Result<Option<Tally>, Failure> {
    let tenant = meant(ctx, caller, tenant).await?;
    authorize(ctx, caller, &Permission::AGENTS_READ, tenant).await?;
    let Some(tenant) = tenant else { return Ok(None) };
    let names = (agent.to_owned(), device.to_owned());
    let tally: Result<Option<Tally>, StoreError> = ctx
        .store
        .scan(move |tx| {
            let (agent, device) = names.clone();
            Box::pin(async move { store::agents::tally(tx, tenant, &agent, &device).await })
        })
        .await;
    Ok(tally?)
}
