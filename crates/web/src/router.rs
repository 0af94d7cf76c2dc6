//! From the tables of all dialects to one router.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::Ctx;
use axum::extract::{Request, State as Held};
use axum::http::{HeaderValue, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::MethodRouter;
use tower::Layer;

use crate::config::WebConfig;
use crate::dialects::{native, tables};
use crate::face::Face;
use crate::frame::{Frame, RequestMeta};
use crate::refusal::Refusal;
use crate::state::State;
use crate::table::{Access, Head, Row, Table};

/// One endpoint, as the matrix of strangers asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    pub method: Method,
    /// With `{name}` for parameters, without trailing slash; below an alias the same answers.
    pub path: String,
    pub face: Face,
    pub access: Access,
}

/// Every endpoint of every dialect.
pub fn routes() -> Vec<RouteInfo> {
    let of = |table: Table| {
        let (face, rows) = (table.face, table.rows);
        table.mounts.iter().flat_map(move |root| {
            let at = |row: &Row| (row.method.clone(), format!("{root}{}", row.path), row.access);
            let info = |(method, path, access)| RouteInfo { method, path, face, access };
            rows.iter().map(|row| info(at(row))).collect::<Vec<_>>()
        })
    };
    tables().into_iter().flat_map(of).collect()
}

/// The whole of Herald's HTTP. The server puts `ConnectInfo<SocketAddr>` into the requests.
pub fn router(ctx: Arc<Ctx>, config: WebConfig) -> axum::Router {
    let state = State::new(ctx, config);
    let mut router = axum::Router::new();
    for table in tables() {
        if table.face.is_enabled(&state.config) {
            router = add(router, table, &state);
        }
    }
    let unknown = axum::routing::any(|| async { Refusal::NoRoute });
    let unknown = Frame::unknown(&state).layer(unknown);
    router.fallback_service(unknown).with_state(state)
}

/// The rows of one path become one method router, served at every mount.
fn add(mut router: axum::Router<State>, table: Table, state: &State) -> axum::Router<State> {
    let mut paths: BTreeMap<&'static str, Vec<Row>> = BTreeMap::new();
    for row in table.rows {
        paths.entry(row.path).or_default().push(row);
    }
    for (path, rows) in paths {
        let streams = rows.iter().any(|row| row.streams);
        let frame = Frame::of(state, table.face, path).streaming(streams);
        let service = methods(rows, state).layer(frame);
        for mount in table.mounts.iter().chain(table.aliases) {
            router = router.route(&format!("{mount}{path}"), service.clone());
            if table.slash {
                router = router.route(&format!("{mount}{path}/"), service.clone());
            }
        }
    }
    router
}

fn methods(rows: Vec<Row>, state: &State) -> MethodRouter<State> {
    let allow = rows.iter().flat_map(Row::allows).copied().collect::<Vec<_>>().join(", ");
    let allow = HeaderValue::try_from(allow).unwrap_or(HeaderValue::from_static(""));
    let refuse = move || {
        let allow = allow.clone();
        async move { Refusal::Method { allow } }
    };
    let mut all = MethodRouter::new();
    for row in rows {
        let mut one = row.service;
        if !row.query.is_empty() {
            let names: Arc<[String]> = row.query.into();
            one = one.route_layer(from_fn_with_state(names, native::known));
        }
        if row.method != Method::GET && !row.reads_late {
            one = one.route_layer(from_fn_with_state(state.clone(), whole_body));
        }
        if row.sign_in {
            one = one.route_layer(from_fn_with_state(state.clone(), sign_in));
        }
        if let Some(around) = row.around {
            one = around(one);
        }
        if row.method == Method::GET && row.head == Head::Refused {
            one = one.head(refuse.clone());
        }
        all = all.merge(one);
    }
    all.fallback(refuse)
}

/// Reads the body before anything else looks at the request: 413 comes before 401.
async fn whole_body(Held(state): Held<State>, request: Request, next: Next) -> Result<Response, Refusal> {
    let request = crate::extract::hold(request, state.config.body_bytes).await?;
    Ok(next.run(request).await)
}

/// One more sign-in of this address.
async fn sign_in(Held(state): Held<State>, request: Request, next: Next) -> Result<Response, Refusal> {
    if let Some(meta) = request.extensions().get::<RequestMeta>() {
        state.admit_sign_in(meta.ip)?;
    }
    Ok(next.run(request).await)
}
