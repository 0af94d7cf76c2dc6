//! Audit events, written in the transaction of what they tell of.

pub mod list;

use std::sync::Arc;

use domain::audit::{Actor, AuditEvent, Origin, Outcome};
use domain::{TenantId, Timestamp};
use store::{StoreError, WriteTx};
use uuid::Uuid;

use crate::Ctx;
use crate::authorize::Decided;
use crate::principal::{Caller, Subject};
use crate::users::UserName;

/// An event with its id and moment, ready to be written again where a transaction runs again.
#[derive(Clone, Debug)]
pub struct Event {
    id: Uuid,
    at: Timestamp,
    told: AuditEvent,
    /// On whom it was tried.
    about: Option<Arc<UserName>>,
}

impl Event {
    pub async fn write(&self, tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
        store::audit::add(tx, self.id, self.at, &self.told).await
    }

    #[must_use]
    pub fn on(mut self, kind: &'static str, id: Uuid) -> Self {
        self.told.target = Some((kind, id));
        self
    }

    #[must_use]
    pub fn in_tenant(mut self, tenant: Option<TenantId>) -> Self {
        self.told.tenant = tenant;
        self
    }

    /// The same in another tenant's trail, under an id of its own: the same one where the transaction runs again.
    #[must_use]
    pub fn copy_in(&self, tenant: Option<TenantId>) -> Self {
        // Time, version and variant stay; the bits of chance are mixed with those of the tenant.
        const CHANCE: u128 = 0x3fff_ffff_ffff_ffff;
        let mixed = tenant.map_or(0, |tenant| tenant.uuid().as_u128() & CHANCE);
        let id = Uuid::from_u128(self.id.as_u128() ^ mixed);
        Self { id, ..self.clone() }.in_tenant(tenant)
    }

    /// On whom it was tried, and in whose trail it stands.
    pub(crate) fn about(&self) -> (Option<Arc<UserName>>, Option<TenantId>) {
        (self.about.clone(), self.told.tenant)
    }

    /// Under an id that was told already.
    #[must_use]
    pub(crate) const fn under(mut self, id: Uuid) -> Self {
        self.id = id;
        self
    }

    pub const fn action(&self) -> &'static str {
        self.told.action
    }

    /// Why it was allowed: the steps of the decision. What changed comes behind (`also`).
    #[must_use]
    pub fn decided(self, decided: &Decided) -> Self {
        self.because(decided.decision.to_string())
    }

    /// Why it was decided so, in a few words.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.told.reason = reason.into();
        self
    }

    /// One more word on why, or on what.
    #[must_use]
    pub fn also(mut self, words: &str) -> Self {
        if !self.told.reason.is_empty() {
            self.told.reason.push_str("; ");
        }
        self.told.reason.push_str(words);
        self
    }

    #[must_use]
    pub fn refused(mut self) -> Self {
        self.told.outcome = Outcome::Refused;
        self
    }
}

impl Ctx {
    /// An event by somebody who is not, or not yet, a caller.
    pub fn event(&self, actor: Actor, action: &'static str, origin: &Origin) -> Event {
        let told = AuditEvent {
            tenant: None,
            actor,
            action,
            target: None,
            outcome: Outcome::Done,
            reason: String::new(),
            origin: origin.clone(),
        };
        Event { id: self.new_id(), at: self.now(), told, about: None }
    }

    /// An event by a caller, in the tenant of his credential.
    pub fn event_by(&self, caller: &Caller, action: &'static str) -> Event {
        let principal = caller.principal();
        let (kind, id) = match &principal.subject {
            Subject::User(profile) => ("user", profile.user.id.uuid()),
            Subject::Tenant(tenant) => ("tenant", tenant.uuid()),
            Subject::Client(client) => ("client", client.uid.uuid()),
        };
        let credential = Some((principal.credential.kind.as_str(), principal.credential.id));
        let actor = Actor { kind, id: Some(id), credential };
        let event = self.event(actor, action, &caller.origin).in_tenant(principal.tenant);
        Event { about: caller.about.clone(), ..event }
    }
}
