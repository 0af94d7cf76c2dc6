//! What a decision hangs on, in one value: so that it can be taken again on changed facts.

use super::{Authority, Decision, Door, MembershipState, Reason, UserState};
use crate::ids::TenantId;
use crate::permission::Permission;
use crate::standing::{Bond, Dead, Standing};
use crate::time::Timestamp;

/// Whether somebody counts, and what he then may.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub standing: Standing,
    pub authority: Authority,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    pub permission: &'q Permission,
    pub tenant: Option<TenantId>,
    pub door: Door,
    pub now: Timestamp,
}

impl Facts {
    /// As a request is judged: by the one `is_live`, then by the one `decide`.
    pub fn judge(&self, question: &Question<'_>) -> Decision {
        let permission = question.permission;
        if let Err(dead) = self.standing.is_live(question.now) {
            let reasons = vec![self.barred(dead)];
            return Decision { permission: permission.clone(), allowed: false, reasons };
        }
        let mut decision = self.authority.decide(permission, question.tenant, question.door);
        if self.is_by_membership(&decision) {
            decision.reasons.insert(0, Reason::Membership { state: MembershipState::Live });
        }
        decision
    }

    /// Whether the live membership is a step of the chain.
    fn is_by_membership(&self, decision: &Decision) -> bool {
        let elsewhere = [Reason::Operator, Reason::OperatorsOnly, Reason::OtherTenant];
        matches!(self.standing.membership, Bond::Member { .. })
            && !decision.reasons.iter().any(|reason| elsewhere.contains(reason))
    }

    fn barred(&self, dead: Dead) -> Reason {
        let state = match self.standing.membership {
            Bond::Member { active: false, .. } => MembershipState::Inactive,
            Bond::Member { active: true, .. } => MembershipState::Ended,
            Bond::NotAMember | Bond::None => MembershipState::None,
        };
        match dead {
            Dead::OwnerInactive => Reason::User { state: UserState::Inactive },
            Dead::OwnerLocked => Reason::User { state: UserState::Locked },
            Dead::MembershipEnded => Reason::Membership { state },
            Dead::Unknown | Dead::Revoked | Dead::ClientGone | Dead::Expired => Reason::Credential,
        }
    }
}
