//! What "who am I" answers show besides the principal: open sessions, and how much of its quotas the tenant uses.
//!
//! Asks for no permission: it is about the caller alone.

use domain::session::Session;
use store::{StoreError, sessions, tenants};

use crate::Ctx;
use crate::authorize::person;
use crate::failure::Failure;
use crate::principal::Caller;

/// Sessions shown at most.
const SESSIONS: i64 = 100;

pub struct Account {
    /// Open, of tenants in which the user is a live member; newest first.
    pub sessions: Vec<Session>,
    pub quotas: Vec<Quota>,
}

/// One quota of the credential's tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    pub name: String,
    pub limit: i64,
    /// 0 for a quota that Herald does not count itself.
    pub used: i64,
}

/// Read in one moment, by quota name.
pub async fn run(ctx: &Ctx, caller: &Caller) -> Result<Account, Failure> {
    let (user, now) = (person(caller)?, ctx.now());
    let tenant = caller.principal().tenant;
    let read: Result<Account, StoreError> = ctx
        .store
        // Counting a large tenant takes its time: not on a thread that others wait for.
        .scan(move |tx| {
            Box::pin(async move {
                let sessions = sessions::open_as_member(tx, user, now, SESSIONS).await?;
                let tenant = match tenant {
                    Some(id) => tenants::by_id(tx, id).await?,
                    None => None,
                };
                let mut quotas = Vec::new();
                if let Some(tenant) = tenant {
                    for (name, limit) in tenant.quotas {
                        let counted = match name.as_str() {
                            "users" => tenants::count_users(tx, tenant.id, now).await?,
                            "api_tokens" => tenants::count_tokens(tx, tenant.id, now, i64::MAX).await?,
                            _ => 0,
                        };
                        quotas.push(Quota { name, limit, used: counted });
                    }
                }
                Ok(Account { sessions, quotas })
            })
        })
        .await;
    Ok(read?)
}
