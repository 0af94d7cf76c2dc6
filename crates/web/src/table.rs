//! The route table: one line an endpoint, from which routing, `Allow`, `OpenAPI` and the matrix of strangers are made.

use axum::http::Method;
use axum::routing::MethodRouter;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, Paths};
use utoipa::openapi::{RefOr, Schema};

pub use utoipa_axum::routes;

use crate::face::Face;
use crate::state::State;

/// Whom a route lets in, for the document and for the matrix of strangers; the extractors of its handler do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// No credential is asked for, or one in the body.
    Public,
    /// Any live credential: a user's, a client's, a tenant's own.
    Live,
    /// A live credential of a user.
    User,
    /// One of a user who signed in: no key, no signed token.
    Interactive,
    /// A client's own, by HTTP Basic or in the form.
    Client,
    /// A vendor's (Frontegg's environment client).
    Vendor,
}

/// What becomes of HEAD where GET is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// Answered, and named in `Allow`.
    Served,
    /// Answered; the contract's `Allow` does not name it.
    Unlisted,
    /// 405: here GET changes something.
    Refused,
}

/// What `routes!(handler)` makes.
pub type Handler = (Vec<(String, RefOr<Schema>)>, Paths, MethodRouter<State>);

/// What a contract wants around one endpoint, refusals of its body included.
pub type Around = fn(MethodRouter<State>) -> MethodRouter<State>;

/// One endpoint.
pub struct Row {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    pub(crate) sign_in: bool,
    pub(crate) reads_late: bool,
    pub(crate) streams: bool,
    pub(crate) around: Option<Around>,
    /// The query parameters that it knows: others are refused. Empty where it takes none, and in the dialects, which pass
    /// over what they do not know.
    pub(crate) query: Vec<String>,
    pub(crate) head: Head,
    pub(crate) schemas: Vec<(String, RefOr<Schema>)>,
    pub(crate) operation: Operation,
    /// The method that the handler's annotation names: a test compares it with the row's.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the test asks"))]
    pub(crate) annotated: Option<Method>,
    pub(crate) service: MethodRouter<State>,
}

/// The endpoints of one dialect.
pub struct Table {
    pub(crate) face: Face,
    pub(crate) rows: Vec<Row>,
    /// Roots under which every path is served, each with an operation of its own in the document.
    pub(crate) mounts: &'static [&'static str],
    /// Other roots that answer the same; the document names them as servers of each operation.
    pub(crate) aliases: &'static [&'static str],
    /// Whether one trailing slash is accepted, answered in place.
    pub(crate) slash: bool,
    head: Head,
}

impl Table {
    pub fn new(face: Face) -> Self {
        Self { face, rows: Vec::new(), mounts: &[""], aliases: &[], slash: false, head: Head::Served }
    }

    /// Serves every path below each of these roots; the first should be `""`.
    #[must_use]
    pub fn mounted(self, mounts: &'static [&'static str]) -> Self {
        Self { mounts, ..self }
    }

    /// Serves every path below each of these roots too, where a contract has one API at several roots.
    #[must_use]
    pub fn also_below(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// Accepts one trailing slash on every path.
    #[must_use]
    pub fn with_slash(self) -> Self {
        Self { slash: true, ..self }
    }

    /// What becomes of HEAD on the GET rows that follow.
    #[must_use]
    pub fn head(self, head: Head) -> Self {
        Self { head, ..self }
    }

    #[must_use]
    pub fn get(self, path: &'static str, access: Access, handler: Handler) -> Self {
        self.row(Method::GET, path, access, handler)
    }

    #[must_use]
    pub fn post(self, path: &'static str, access: Access, handler: Handler) -> Self {
        self.row(Method::POST, path, access, handler)
    }

    #[must_use]
    pub fn put(self, path: &'static str, access: Access, handler: Handler) -> Self {
        self.row(Method::PUT, path, access, handler)
    }

    #[must_use]
    pub fn patch(self, path: &'static str, access: Access, handler: Handler) -> Self {
        self.row(Method::PATCH, path, access, handler)
    }

    #[must_use]
    pub fn delete(self, path: &'static str, access: Access, handler: Handler) -> Self {
        self.row(Method::DELETE, path, access, handler)
    }

    /// The last row tries a password: it counts for `limits.sign_in_per_ip`, before its handler runs.
    #[must_use]
    pub fn sign_in(mut self) -> Self {
        if let Some(row) = self.rows.last_mut() {
            row.sign_in = true;
        }
        self
    }

    /// The handler of the last row reads the body itself, since its contract decides something else before 413.
    #[must_use]
    pub fn reads_late(mut self) -> Self {
        if let Some(row) = self.rows.last_mut() {
            row.reads_late = true;
        }
        self
    }

    /// The handler of the last row reads a body without end: no limit of its size, and a deadline that begins anew as
    /// long as something comes. It holds for all methods of the path.
    #[must_use]
    pub fn streams(mut self) -> Self {
        if let Some(row) = self.rows.last_mut() {
            row.reads_late = true;
            row.streams = true;
        }
        self
    }

    /// Wraps the last row.
    #[must_use]
    pub fn around(mut self, around: Around) -> Self {
        if let Some(row) = self.rows.last_mut() {
            row.around = Some(around);
        }
        self
    }

    fn row(mut self, method: Method, path: &'static str, access: Access, handler: Handler) -> Self {
        let (schemas, paths, service) = handler;
        let item = paths.paths.into_iter().next().map(|(_, item)| item).unwrap_or_default();
        let (annotated, operation) = [
            (Method::GET, item.get),
            (Method::POST, item.post),
            (Method::PUT, item.put),
            (Method::PATCH, item.patch),
            (Method::DELETE, item.delete),
        ]
        .into_iter()
        .find_map(|(method, operation)| Some((Some(method), operation?)))
        .unwrap_or_default();
        let head = self.head;
        self.rows.push(Row {
            method,
            path,
            access,
            sign_in: false,
            reads_late: false,
            streams: false,
            around: None,
            query: if self.face == Face::Native { asked(&operation) } else { Vec::new() },
            head,
            schemas,
            operation,
            annotated,
            service,
        });
        self
    }
}

/// The query parameters that the document tells of.
fn asked(operation: &Operation) -> Vec<String> {
    let name = |parameter: &RefOr<Parameter>| match parameter {
        RefOr::T(Parameter { name, parameter_in: ParameterIn::Query, .. }) => Some(name.clone()),
        RefOr::T(_) | RefOr::Ref(_) => None,
    };
    operation.parameters.iter().flatten().filter_map(name).collect()
}

impl Row {
    /// The methods that this row answers, as `Allow` names them.
    pub(crate) fn allows(&self) -> &'static [&'static str] {
        match (self.method.as_str(), self.head) {
            ("GET", Head::Served) => &["GET", "HEAD"],
            ("GET", Head::Unlisted | Head::Refused) => &["GET"],
            ("POST", _) => &["POST"],
            ("PUT", _) => &["PUT"],
            ("PATCH", _) => &["PATCH"],
            ("DELETE", _) => &["DELETE"],
            _ => &[],
        }
    }
}
