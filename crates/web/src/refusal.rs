//! Everything that can refuse, in one type; each face words it (`Dialect::refuse`).

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use app::principal::Unproven;
use app::{Failure, Kind};
use axum::body::Body;
use axum::http::header::{ALLOW, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::standing::Dead;

use crate::extract::credential::Header;

/// Why a request is not answered as asked. A handler returns it with `?`; the frame words it in the face of the
/// route, so nobody makes a refusal's body by hand.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// A use case or the store said no.
    Failure(Failure),
    /// Nothing was presented where this face looks.
    NoCredential,
    /// What was presented proves nothing. `dead` is for the log, and for Insights' "expired" alone.
    Unproven {
        dead: Dead,
        sent: Header,
    },
    /// Two identities at once.
    Conflicting,
    /// A client's or a tenant's own token where a user is asked for.
    NotAUser,
    /// A credential that is bound by scopes, and not by this one.
    ScopeLacks(&'static str),
    NoRoute,
    /// The path is there, the method is not; `allow` as in the header.
    Method {
        allow: HeaderValue,
    },
    TooLarge,
    /// The body's content type is not what this route reads.
    MediaType,
    Body(BodyFault),
    TooMany {
        retry_after: Duration,
    },
    Deadline,
    Panicked,
    /// A dialect's own words, as its contract has them.
    Said(Box<Said>),
}

/// What is wrong with a body, or with a parameter of the query or path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFault {
    /// Not JSON, a form with a broken escape, not UTF-8, cut short.
    Malformed,
    /// JSON, but not an object.
    NotAnObject,
    /// A key or parameter twice.
    Repeated,
    /// Nested deeper than 64.
    TooDeep,
    /// A string holds U+0000, which no store of ours can keep.
    Nul,
}

/// A refusal in a dialect's own words. What `code` and `texts` become is the dialect's business: Akto shows the
/// texts, OAuth `error` and `error_description`, Frontegg `errorCode` and `errors`.
#[derive(Clone, Debug)]
pub struct Said {
    pub status: StatusCode,
    /// `""` where the dialect has none.
    pub code: &'static str,
    pub texts: Vec<Cow<'static, str>>,
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl Said {
    /// The first text.
    pub fn text(&self) -> &str {
        self.texts.first().map_or("", |text| text)
    }
}

impl Refusal {
    /// A refusal in the dialect's own words.
    pub fn said(status: StatusCode, code: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self::Said(Box::new(Said { status, code, texts: vec![text.into()], headers: Vec::new() }))
    }

    /// The same with a header; for [`Refusal::Said`] alone.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if let Self::Said(said) = &mut self {
            said.headers.push((name, value));
        }
        self
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure.kind {
            Kind::TooMany { retry_after } if failure.source.is_none() => Self::TooMany { retry_after },
            _ => Self::Failure(failure),
        }
    }
}

impl Refusal {
    /// Why a look-up proved nothing.
    pub(crate) fn of_unproven(unproven: Unproven, sent: Header) -> Self {
        match unproven {
            Unproven::Dead(dead) => Self::Unproven { dead, sent },
            Unproven::Store(error) => Self::Failure(Failure::from(error)),
        }
    }
}

impl Refusal {
    /// The headers that go with it in every face: `Allow`, `Retry-After`, and what was said.
    pub fn dress(&self, headers: &mut HeaderMap) {
        if let Some(wait) = self.wait() {
            headers.insert(RETRY_AFTER, retry_after(wait));
        }
        match self {
            Self::Method { allow } => {
                headers.insert(ALLOW, allow.clone());
            }
            Self::Said(said) => headers.extend(said.headers.iter().cloned()),
            _ => {}
        }
    }

    /// When to try again, where that is worth saying.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::TooMany { retry_after } => Some(*retry_after),
            Self::Deadline => Some(SOON),
            Self::Failure(failure) => match failure.kind {
                Kind::TooMany { retry_after } | Kind::Unavailable { retry_after } => Some(retry_after),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A refusal on its way from the handler to the frame.
#[derive(Clone)]
pub(crate) struct Carried(pub Arc<Refusal>);

/// Headers that go out with the answer and with a refusal alike, on their way to the frame.
#[derive(Clone)]
pub(crate) struct Beside(pub HeaderMap);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response.extensions_mut().insert(Carried(Arc::new(self)));
        response
    }
}

/// Seconds for a `Retry-After`: whole, rounded up, at least 1.
pub fn retry_after(wait: Duration) -> HeaderValue {
    let secs = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    HeaderValue::from(secs.max(1))
}

/// How long a caller is asked to wait where nothing better is known.
pub const SOON: Duration = Duration::from_secs(2);
