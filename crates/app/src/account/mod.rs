//! What "who am I" answers show besides the principal: open sessions, and how much of its quotas the tenant uses.
//!
//! Asks for no permission: it is about the caller alone.

mod kept;
mod used;

use std::sync::Arc;

use domain::session::Session;
use domain::tenant::Tenant;
use domain::{Timestamp, UserId};
use store::{StoreError, sessions};

use crate::Ctx;
use crate::failure::Failure;
use crate::principal::{Entry, Profile};

pub(crate) use kept::Kept;
pub(crate) use used::Used;

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

/// The body that `render` makes of the account of the user behind `entry`. It is kept with the entry, and made anew
/// once something in it has changed or ended, and after the revocation bound at the latest.
///
/// # Errors
/// `Forbidden` for a client's credential or a tenant's own.
pub async fn answer(
    ctx: &Ctx,
    entry: &Entry,
    render: impl FnOnce(&Profile, Account) -> Vec<u8>,
) -> Result<Arc<[u8]>, Failure> {
    let (feed, now) = (ctx.store.feed(), ctx.now());
    if let Some(body) = entry.account.get(feed, now) {
        return Ok(body);
    }
    let profile = entry.principal.profile().ok_or_else(Failure::forbidden)?;
    // Before anything is read: what changes from here on makes the answer stale.
    let as_of = feed.position();
    let sessions = open(ctx, profile.user.id, now).await?;
    let here = entry.principal.tenant.and_then(|id| profile.membership(id));
    let mut valid_until = now.plus(ctx.config.revocation_bound);
    let mut quotas = Vec::new();
    let tenant = here.map(|membership| &*membership.tenant).filter(|tenant| !tenant.quotas.is_empty());
    if let Some(tenant) = tenant {
        let used = used::of(ctx, tenant.id, now).await?;
        valid_until = valid_until.min(used.valid_until);
        quotas.extend(tenant.quotas.iter().map(|(name, limit)| used.quota(name, *limit)));
    }
    valid_until = sessions.iter().map(Session::ends_at).fold(valid_until, Timestamp::min);
    let mut subjects: Vec<_> = sessions.iter().map(|session| session.id.uuid()).collect();
    subjects.extend(tenant.map(|tenant| store::population::subject(tenant.id)));
    let body: Arc<[u8]> = render(profile, Account { sessions, quotas }).into();
    entry.account.put(&body, as_of, &subjects, valid_until);
    Ok(body)
}

/// What a tenant is entitled to and how much of it it uses, by name.
pub(crate) async fn quotas(ctx: &Ctx, tenant: &Tenant) -> Result<Vec<Quota>, StoreError> {
    let used = used::of(ctx, tenant.id, ctx.now()).await?;
    Ok(tenant.quotas.iter().map(|(name, limit)| used.quota(name, *limit)).collect())
}

async fn open(ctx: &Ctx, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    ctx.store.read(move |tx| Box::pin(sessions::open_as_member(tx, user, now, SESSIONS))).await
}
