//! What hangs on a membership: the sessions that are bound to its tenant, the tokens that are held in it, and the webhooks by
//! which the person is told of it. The one place
//! that says what becomes of them, whoever changes the membership.

use domain::{TenantId, Timestamp, UserId};
use store::memberships::Seat;
use store::{StoreError, WriteTx, memberships, sessions, tokens};

/// Whether a membership counts, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub active: bool,
    pub expires_at: Option<Timestamp>,
}

impl Term {
    pub(crate) fn of(seat: &Seat) -> Self {
        Self { active: seat.active, expires_at: seat.expires_at }
    }

    pub(crate) fn is_over(self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// Comes with every change of a membership; `is`: `None` where it is taken away.
///
/// While it does not count its sessions end, and its tokens rest. Once it was over, or is taken away, nothing comes back:
/// whoever lets it count again, or makes another, gives what he gives, and no keys of old. Webhooks go with the tokens; where
/// the membership goes on, what a world file said of them stays.
pub(crate) async fn settle(
    tx: &mut WriteTx<'_>,
    (user, tenant): (UserId, TenantId),
    (was, is): (Term, Option<Term>),
    now: Timestamp,
) -> Result<(), StoreError> {
    let counts = is.is_some_and(|is| is.active && !is.is_over(now));
    let begins_anew = is.is_none_or(|is| was.is_over(now) && !is.is_over(now));
    if begins_anew {
        tokens::revoke_of_member(tx, user, tenant, now).await?;
        memberships::drop_webhooks(tx, (user, tenant), is.is_none()).await?;
    }
    if begins_anew || !counts {
        sessions::end_in(tx, user, tenant, now).await?;
    }
    Ok(())
}
