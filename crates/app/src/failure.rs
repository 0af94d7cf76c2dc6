//! What a use case says when it does not do what was asked: one type, which every dialect can word.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use store::StoreError;
use uuid::Uuid;

use crate::authorize::Untold;
use crate::passwords::Busy;

/// What kind of refusal it is: the row of a dialect's status table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Invalid,
    Unauthenticated,
    Forbidden,
    /// Of another tenant: looks like [`Kind::NotFound`].
    Hidden,
    NotFound,
    Conflict,
    TooMany {
        retry_after: Duration,
    },
    Unavailable {
        retry_after: Duration,
    },
    Internal,
}

#[derive(Clone, Debug)]
pub struct Failure {
    pub kind: Kind,
    /// Stable, for programs: `invalid_credentials`.
    pub code: &'static str,
    /// One sentence for people; never an internal cause.
    pub public: Cow<'static, str>,
    /// Which fields of the input are at fault, and how.
    pub fields: Vec<FieldFault>,
    /// Id of the decision that refused it, where one of permission did. Boxed: a failure travels in every `Result`.
    pub decision: Option<Box<Uuid>>,
    /// A refusal by permission, found inside a write, that stands in no trail yet: `authorize::tell` takes it up.
    pub untold: Option<Box<Untold>>,
    /// The cause, for the log alone.
    pub source: Option<Arc<dyn Error + Send + Sync>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    pub field: Cow<'static, str>,
    pub message: Cow<'static, str>,
}

impl FieldFault {
    pub fn new(field: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// How long a caller should wait for a store that is away.
const STORE_AWAY: Duration = Duration::from_secs(2);

impl Failure {
    pub fn new(kind: Kind, code: &'static str, public: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            code,
            public: public.into(),
            fields: Vec::new(),
            decision: None,
            untold: None,
            source: None,
        }
    }

    pub fn invalid_field(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::invalid_fields(vec![FieldFault::new(field, message)])
    }

    pub fn invalid_fields(fields: Vec<FieldFault>) -> Self {
        Self { fields, ..Self::new(Kind::Invalid, "invalid_field", "A field of the request is not valid.") }
    }

    pub fn unauthenticated() -> Self {
        Self::new(Kind::Unauthenticated, "unauthenticated", "A valid credential is required.")
    }

    pub fn forbidden() -> Self {
        Self::new(Kind::Forbidden, "forbidden", "This credential does not permit that.")
    }

    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "not_found", "There is no such thing.")
    }

    pub fn internal(source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Arc::new(source)), ..Self::new(Kind::Internal, "internal", "Internal error.") }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let away = Kind::Unavailable { retry_after: STORE_AWAY };
        let mut failure = match &error {
            StoreError::Conflict { field } => {
                Self::new(Kind::Conflict, "conflict", format!("The {field} is taken."))
            }
            StoreError::Full | StoreError::Unavailable(_) | StoreError::GroupLost | StoreError::Spent => {
                Self::new(away, "unavailable", "The service is unavailable for the moment.")
            }
            StoreError::Corrupt { .. }
            | StoreError::Bug(_)
            | StoreError::Newer { .. }
            | StoreError::Altered { .. } => Self::new(Kind::Internal, "internal", "Internal error."),
        };
        failure.source = Some(Arc::new(error));
        failure
    }
}

impl From<Busy> for Failure {
    fn from(busy: Busy) -> Self {
        let kind = Kind::Unavailable { retry_after: busy.retry_after };
        Self::new(kind, "busy", "Too many sign-ins at once; try again shortly.")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.public)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn Error + 'static))
    }
}
