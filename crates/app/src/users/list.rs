//! Users by e-mail, page by page: for the operator's command line.

use domain::user::User;
use store::{StoreError, tenants, users};

use crate::Ctx;
use crate::failure::{Failure, Kind};

/// `limit` at most behind the address `after`; of one tenant's members where its key is given.
///
/// # Errors
/// `NotFound` names a tenant that is not there.
pub async fn page(ctx: &Ctx, tenant: Option<&str>, after: &str, limit: i64) -> Result<Vec<User>, Failure> {
    let (tenant, after) = (tenant.map(str::to_owned), after.to_owned());
    let found: Result<Option<Vec<User>>, StoreError> = ctx
        .store
        .scan(move |tx| {
            let (tenant, after) = (tenant.clone(), after.clone());
            Box::pin(async move {
                let Some(key) = tenant else { return users::list(tx, None, &after, limit).await.map(Some) };
                match tenants::by_key(tx, &key).await? {
                    Some(tenant) => users::list(tx, Some(tenant.id), &after, limit).await.map(Some),
                    None => Ok(None),
                }
            })
        })
        .await;
    found?.ok_or_else(|| Failure::new(Kind::NotFound, "not_found", "There is no such tenant."))
}
