//! The caller's own live tokens in the tenant of his credential, oldest first. Asks for `tokens:read`.

use domain::Permission;
use domain::token::Token;
use store::tokens;

use crate::Ctx;
use crate::authorize::{authorize, person};
use crate::failure::Failure;
use crate::principal::Caller;

pub use store::tokens::After;

/// A token and the key of its cap.
pub struct Listed {
    pub token: Token,
    pub role: Option<String>,
}

/// `limit` at most, behind `after`.
pub async fn run(ctx: &Ctx, caller: &Caller, after: After, limit: i64) -> Result<Vec<Listed>, Failure> {
    let owner = person(caller)?;
    let Some(tenant) = caller.principal().tenant else { return Ok(Vec::new()) };
    authorize(ctx, caller, &Permission::TOKENS_READ, Some(tenant)).await?;
    let now = ctx.now();
    let listed: Result<Vec<Listed>, store::StoreError> = ctx
        .store
        .read(move |tx| {
            Box::pin(async move {
                let mut listed = Vec::new();
                for token in tokens::list(tx, (tenant, Some(owner)), now, after, limit).await? {
                    let role = match token.cap {
                        Some(cap) => store::roles::by_id(tx, cap).await?.map(|role| role.key),
                        None => None,
                    };
                    listed.push(Listed { token, role });
                }
                Ok(listed)
            })
        })
        .await;
    Ok(listed?)
}
