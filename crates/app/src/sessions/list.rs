//! The caller's open sessions, newest first. Asks for no permission, only for oneself.

use domain::Timestamp;
use domain::session::Session;
use store::sessions;

use crate::Ctx;
use crate::authorize::person;
use crate::failure::Failure;
use crate::principal::Caller;

/// `limit` at most, behind `before` (time and number of the last one seen).
///
/// # Errors
/// `Forbidden` for a credential without a user.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    limit: i64,
    before: Option<(Timestamp, i64)>,
) -> Result<Vec<Session>, Failure> {
    let (user, now) = (person(caller)?, ctx.now());
    let open = ctx.store.read(move |tx| Box::pin(sessions::open(tx, user, now, limit, before)));
    open.await.map_err(|error: store::StoreError| error.into())
}
