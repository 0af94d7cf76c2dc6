//! What the audit trail says of every write: who, what, to whom, from where, by which credential, decided why.

use uuid::Uuid;

use crate::ids::TenantId;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// `None`: of the installation.
    pub tenant: Option<TenantId>,
    pub actor: Actor,
    /// `noun.verb`, e.g. `session.opened`.
    pub action: &'static str,
    /// Kind and id of what was acted on.
    pub target: Option<(&'static str, Uuid)>,
    pub outcome: Outcome,
    /// Why it was decided so, in a few words; never a secret.
    pub reason: String,
    pub origin: Origin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `user`, `client`, `tenant`, `command line`, `anonymous`.
    pub kind: &'static str,
    pub id: Option<Uuid>,
    pub credential: Option<(&'static str, Uuid)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Refused,
}

/// From where a request came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    pub ip: String,
    pub user_agent: String,
    pub request_id: String,
    /// Method and path: `PATCH /v1/users/0192…`; `""` where nothing was called.
    pub call: String,
    /// Path with `{name}` for parameters: nothing that a caller chose.
    pub route: &'static str,
}

impl Actor {
    pub const COMMAND_LINE: Self = Self { kind: "command line", id: None, credential: None };
    pub const ANONYMOUS: Self = Self { kind: "anonymous", id: None, credential: None };
}

impl Outcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}
