//! The one `is_live`: whether a credential counts at a moment, and until when that holds.

use crate::time::Timestamp;

/// When something ends, and whether it was ended before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub ends_at: Option<Timestamp>,
    pub ended: bool,
}

/// The facts on which a credential's life hangs, as the store has them.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The token, session or access token itself.
    pub credential: Span,
    /// The sign-in behind it.
    pub session: Option<Span>,
    /// The refresh family behind it: an end is final.
    pub family_ended: bool,
    pub owner: Option<Owner>,
    pub membership: Bond,
    /// The client behind it was deleted.
    pub client_gone: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Owner {
    pub active: bool,
    pub locked: bool,
}

/// To which tenant the credential is bound, and whether its owner belongs there.
#[derive(Clone, Copy, Debug, Default)]
pub enum Bond {
    /// Bound to no tenant, or owned by the tenant itself.
    #[default]
    None,
    NotAMember,
    Member {
        active: bool,
        ends_at: Option<Timestamp>,
    },
}

impl Bond {
    /// Of a credential bound to a tenant, by its owner's membership there.
    pub fn of(membership: Option<&crate::membership::Membership>) -> Self {
        membership.map_or(Self::NotAMember, |m| Self::Member { active: m.active, ends_at: m.expires_at })
    }
}

/// Why a credential does not count. Said in logs, never to a stranger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dead {
    /// No such credential, or not one of ours.
    Unknown,
    Revoked,
    OwnerInactive,
    OwnerLocked,
    MembershipEnded,
    ClientGone,
    /// Nothing but its time is over.
    Expired,
}

impl Standing {
    /// Until when it is live, if nothing is written in between (`Timestamp::NEVER` without an end).
    ///
    /// # Errors
    /// Why it is not; `Expired` only where nothing else is wrong.
    pub fn is_live(&self, now: Timestamp) -> Result<Timestamp, Dead> {
        if self.credential.ended || self.family_ended || self.session.is_some_and(|s| s.ended) {
            return Err(Dead::Revoked);
        }
        if self.client_gone {
            return Err(Dead::ClientGone);
        }
        match self.owner {
            Some(Owner { active: false, .. }) => return Err(Dead::OwnerInactive),
            Some(Owner { locked: true, .. }) => return Err(Dead::OwnerLocked),
            Some(Owner { .. }) | None => {}
        }
        let membership_end = match self.membership {
            Bond::None => None,
            Bond::Member { active: true, ends_at } => ends_at,
            Bond::NotAMember | Bond::Member { active: false, .. } => return Err(Dead::MembershipEnded),
        };
        if membership_end.is_some_and(|end| now >= end) {
            return Err(Dead::MembershipEnded);
        }
        let spans = [self.credential.ends_at, self.session.and_then(|s| s.ends_at)];
        let end = spans.into_iter().flatten().min().unwrap_or(Timestamp::NEVER);
        if now >= end {
            return Err(Dead::Expired);
        }
        Ok(membership_end.map_or(end, |m| m.min(end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(100);
    const LATER: Timestamp = Timestamp::from_secs(200);

    fn live() -> Standing {
        Standing {
            credential: Span { ends_at: Some(Timestamp::from_secs(300)), ended: false },
            session: Some(Span { ends_at: Some(Timestamp::from_secs(400)), ended: false }),
            family_ended: false,
            owner: Some(Owner { active: true, locked: false }),
            membership: Bond::Member { active: true, ends_at: Some(LATER) },
            client_gone: false,
        }
    }

    #[test]
    fn lives_until_the_first_of_its_ends() {
        assert_eq!(live().is_live(NOW), Ok(LATER));
        assert_eq!(Standing::default().is_live(NOW), Ok(Timestamp::NEVER));
    }

    #[test]
    fn each_fact_alone_kills() {
        let dead = |change: fn(&mut Standing)| {
            let mut standing = live();
            change(&mut standing);
            standing.is_live(NOW).err()
        };
        assert_eq!(dead(|s| s.credential.ended = true), Some(Dead::Revoked));
        assert_eq!(dead(|s| s.family_ended = true), Some(Dead::Revoked));
        assert_eq!(dead(|s| s.session = Some(Span { ends_at: None, ended: true })), Some(Dead::Revoked));
        assert_eq!(dead(|s| s.client_gone = true), Some(Dead::ClientGone));
        assert_eq!(
            dead(|s| s.owner = Some(Owner { active: false, locked: false })),
            Some(Dead::OwnerInactive)
        );
        assert_eq!(dead(|s| s.owner = Some(Owner { active: true, locked: true })), Some(Dead::OwnerLocked));
        assert_eq!(dead(|s| s.membership = Bond::NotAMember), Some(Dead::MembershipEnded));
        let ended = |s: &mut Standing| s.membership = Bond::Member { active: true, ends_at: Some(NOW) };
        assert_eq!(dead(ended), Some(Dead::MembershipEnded));
        let expired = |s: &mut Standing| s.credential.ends_at = Some(NOW);
        assert_eq!(dead(expired), Some(Dead::Expired));
    }
}
