//! What `/v1/audit` answers.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::dialects::native::texts;

/// Something that was done, or refused.
#[derive(Serialize, ToSchema)]
pub struct Event {
    pub id: Uuid,
    pub at: String,
    /// Id of the tenant; `null`: of the installation.
    pub tenant: Option<Uuid>,
    pub actor: Who,
    /// What was presented; `null`: nothing.
    pub credential: Option<Thing>,
    /// `noun.verbed`.
    pub action: String,
    /// What was acted on; of a refusal, the person if a member was acted on, else the decision.
    pub target: Option<Whom>,
    /// Of a refusal (`access.refused`), what the 403 told as `decision`.
    pub decision: Option<Uuid>,
    /// `done` or `refused`.
    pub outcome: String,
    /// The steps of the decision (`tokens:admin: role admin (*)`), and what changed; never a secret.
    pub reason: String,
    pub ip: String,
    pub user_agent: String,
    pub request_id: String,
}

/// Who did it.
#[derive(Serialize, ToSchema)]
pub struct Who {
    /// `user`, `client`, `tenant`, `command line` or `anonymous`.
    pub kind: String,
    pub id: Option<Uuid>,
    /// Of a user, as it was then.
    pub email: Option<String>,
}

/// What it was done to.
#[derive(Serialize, ToSchema)]
pub struct Whom {
    pub kind: String,
    pub id: Uuid,
    /// Of a user, as it was then; `null` for one who was deleted: `reason` names that one.
    pub email: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Thing {
    pub kind: String,
    pub id: Uuid,
}

/// How it is asked for, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct Search {
    /// Key or id; without it, the tenant of the credential; for an operator, everything.
    tenant: Option<String>,
    /// `noun.verbed`.
    #[param(min_length = 1, max_length = 64)]
    action: Option<String>,
    /// Id of who did it.
    actor: Option<Uuid>,
    /// Id of the credential that was presented: of a token, a session.
    credential: Option<Uuid>,
    /// Id of what it was done to.
    target: Option<Uuid>,
    /// What a 403 told as `decision`.
    decision: Option<Uuid>,
    /// `done` or `refused`.
    #[param(inline, value_type = Option<texts::Outcome>)]
    outcome: Option<String>,
    /// RFC 3339: at this moment or later.
    #[param(format = DateTime)]
    from: Option<String>,
    /// RFC 3339: before this moment.
    #[param(format = DateTime)]
    to: Option<String>,
    /// `next` of the part before.
    #[param(format = "cursor")]
    after: Option<String>,
    /// Rows at most: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}
