//! Links that a person is sent: single use, bound to what they are for (design §5).

use crate::ids::{LinkId, RoleId, SiteId, TenantId, UserId};
use crate::{EmailAddress, Timestamp};

/// What is kept of a link; its token is known to whoever was sent it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: LinkId,
    pub aim: Aim,
    /// Who made it for somebody else; `None`: the person himself asked.
    pub created_by: Option<UserId>,
    /// Whether it went out by mail alone, so that who uses it has the mailbox; else it was handed to who asked.
    pub mailed: bool,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// What a link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    Invitation(Invitation),
    PasswordReset(UserId),
}

/// A seat in a tenant that waits for the person of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub tenant: TenantId,
    pub email: EmailAddress,
    /// Of the person, where he has no account yet.
    pub name: Option<String>,
    pub roles: Vec<RoleId>,
    pub sites: Vec<SiteId>,
    /// When the membership shall end; `None`: not by itself.
    pub member_until: Option<Timestamp>,
}

impl Link {
    /// Whether it can still be used.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && now < self.expires_at
    }

    pub fn invitation(&self) -> Option<&Invitation> {
        match &self.aim {
            Aim::Invitation(invitation) => Some(invitation),
            Aim::PasswordReset(_) => None,
        }
    }
}
