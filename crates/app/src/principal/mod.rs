//! Principals: what a live credential proves, looked up in one place for every dialect.

mod again;
mod handle;
mod lookup;
mod model;
mod profile;
mod touch;

use std::sync::Arc;

use domain::credential::Credential;
use domain::decision::{Authority, Door};
use domain::membership::Membership;
use domain::standing::Dead;
use domain::{RoleId, TenantId, Timestamp, UserId};
use store::StoreError;

use crate::users::UserName;

pub use again::{Asked, judge as judge_again};
pub use lookup::digest;
pub use model::{Entry, ReadModel};
pub use profile::{Profile, load as load_profile};
pub use touch::flush;

/// What a live credential proves.
#[derive(Debug)]
pub struct Principal {
    pub subject: Subject,
    /// `None`: an operator above all tenants, or a client.
    pub tenant: Option<TenantId>,
    /// The role that cuts the credential down.
    pub cap: Option<RoleId>,
    pub credential: Credential,
    pub authority: Authority,
    /// When the person behind it signed in, where one did.
    pub signed_in_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub enum Subject {
    User(Arc<Profile>),
    /// A tenant's own token.
    Tenant(TenantId),
    /// A program in its own name.
    Client(domain::credential::ClientRef),
}

/// Why a presented credential proves nothing.
#[derive(Clone, Debug)]
pub enum Unproven {
    Dead(Dead),
    /// Nobody could be asked.
    Store(StoreError),
}

impl From<StoreError> for Unproven {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Principal {
    /// The user, where it proves one.
    pub fn profile(&self) -> Option<&Arc<Profile>> {
        match &self.subject {
            Subject::User(profile) => Some(profile),
            Subject::Tenant(_) | Subject::Client(_) => None,
        }
    }

    /// Whether two credentials prove the same: user (or client), tenant and role cap are equal. Scopes are not asked: of two
    /// that a request carries, one alone counts, by its own scopes.
    pub fn same_as(&self, other: &Self) -> bool {
        let subject = match (&self.subject, &other.subject) {
            (Subject::User(a), Subject::User(b)) => a.user.id == b.user.id,
            (Subject::Tenant(a), Subject::Tenant(b)) => a == b,
            (Subject::Client(a), Subject::Client(b)) => a.uid == b.uid,
            (Subject::User(_) | Subject::Tenant(_) | Subject::Client(_), _) => false,
        };
        subject && self.tenant == other.tenant && self.cap == other.cap
    }
}

/// Who calls, through which door, from where. Made by the extractors alone; use cases say on whom.
#[derive(Clone)]
pub struct Caller {
    pub entry: Arc<Entry>,
    pub door: Door,
    pub origin: domain::audit::Origin,
    /// Whom he acts on, for the trail of refusals; `None`: nobody, or himself.
    pub about: Option<Arc<UserName>>,
}

impl Caller {
    pub fn new(entry: Arc<Entry>, door: Door, origin: domain::audit::Origin) -> Self {
        Self { entry, door, origin, about: None }
    }

    /// The same, who is about to do something to this person: a refusal then says so in the audit trail.
    #[must_use]
    pub fn about(&self, person: impl Into<UserName>) -> Self {
        Self { about: Some(Arc::new(person.into())), ..self.clone() }
    }

    pub fn principal(&self) -> &Principal {
        &self.entry.principal
    }

    /// The user behind the credential, where there is one.
    pub fn user(&self) -> Option<&Arc<Profile>> {
        self.principal().profile()
    }

    pub fn user_id(&self) -> Option<UserId> {
        self.user().map(|profile| profile.user.id)
    }

    /// The membership in the credential's tenant.
    pub fn membership(&self) -> Option<&Membership> {
        let tenant = self.principal().tenant?;
        self.user()?.membership(tenant)
    }
}
