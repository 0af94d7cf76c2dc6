//! What a presented token proves, for a gateway or a resource server (insights.md §2c, RFC 7662).
//!
//! A client that proved itself by a secret may ask about any token: clients are the installation's own. Anybody else
//! needs `tokens:admin`, and sees tokens of the tenant of his credential alone, an operator all. Audits nothing but a
//! refused asking.

use std::sync::Arc;

use domain::Permission;
use domain::standing::Dead;

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::{Caller, Entry, Unproven};

/// Who asks.
pub enum Asker {
    /// A client that proved itself by a secret.
    Client,
    Caller(Box<Caller>),
}

/// `None` for all that opens no door, whyever: unknown, expired, revoked, of a dead owner, a refresh token, or not for
/// the asker to know. It is the look-up of every dialect, so that none of them disagrees.
///
/// # Errors
/// `Forbidden` without `tokens:admin`.
pub async fn run(ctx: &Ctx, asker: &Asker, token: &str) -> Result<Option<Arc<Entry>>, Failure> {
    if let Asker::Caller(caller) = asker {
        authorize(ctx, caller, &Permission::TOKENS_ADMIN, caller.principal().tenant).await?;
    }
    let entry = match ctx.prove(token).await {
        Ok(entry) => entry,
        Err(Unproven::Dead(
            Dead::Unknown
            | Dead::Revoked
            | Dead::OwnerInactive
            | Dead::OwnerLocked
            | Dead::MembershipEnded
            | Dead::ClientGone
            | Dead::Expired,
        )) => return Ok(None),
        Err(Unproven::Store(error)) => return Err(error.into()),
    };
    Ok(Some(entry).filter(|entry| entry.principal.credential.opens_doors() && asker.sees(entry)))
}

impl Asker {
    fn sees(&self, entry: &Entry) -> bool {
        match self {
            Self::Client => true,
            Self::Caller(caller) => {
                let own = caller.principal();
                own.authority.operates(caller.door)
                    || (own.tenant.is_some() && own.tenant == entry.principal.tenant)
            }
        }
    }
}
