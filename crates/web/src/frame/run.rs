//! One request from its first byte to its log line.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use app::authorize::{bar, tell};
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use futures_util::FutureExt;
use tower::Service;

use super::progress::{Progress, within};
use super::{Place, RequestMeta, cors, headers, linger, log};
use crate::dialects::native::problem;
use crate::face::Face;
use crate::refusal::{Beside, Carried, Refusal};
use crate::state::State;

pub(super) async fn request<S>(
    state: State,
    place: Arc<Place>,
    service: S,
    (request, streams): (Request, bool),
) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let began = state.ctx.clock.monotonic();
    let request = linger::lend(request);
    let _here = state.metrics.enter();
    let face = place.face.unwrap_or_else(|| Face::of_unknown_path(request.uri().path(), &state.config));
    let meta = RequestMeta::of(&state, (face, place.template), &request);
    let method = request.method().clone();
    let origin = cors::allowed(&state.config, request.headers());
    let mut response = match cors::preflight(origin.as_ref(), &request) {
        Some(answer) => answer,
        None => run(&state, &meta, service, (request, streams)).await,
    };
    let refusal = match response.extensions_mut().remove::<Carried>() {
        Some(Carried(refusal)) => Some(Carried(told(&state, &meta, refusal).await)),
        None => None,
    };
    let beside = response.extensions_mut().remove::<Beside>();
    if let Some(Carried(refusal)) = &refusal {
        response = face.refuse(refusal, &meta);
    }
    if let Some(Beside(headers)) = beside {
        response.headers_mut().extend(headers);
    }
    headers::finish(&mut response, &meta);
    if let Some(origin) = origin {
        cors::finish(&mut response, origin, face);
    }
    let took = state.ctx.clock.monotonic().saturating_sub(began);
    place.metrics.count(response.status(), took);
    if let Some(Carried(refusal)) = &refusal {
        state.metrics.refused(refusal);
        log::cause(refusal, &meta);
    }
    log::line(&meta, place.template, &method, response.status(), took);
    response
}

/// A refusal by permission that a write ended in is written down before it is worded.
async fn told(state: &State, meta: &RequestMeta, refusal: Arc<Refusal>) -> Arc<Refusal> {
    if let (Some(why), Some(caller)) = (problem::undecided(&refusal), meta.caller())
        && meta.face == Face::Native
    {
        meta.is_decided(bar(&state.ctx, caller, why).await);
    }
    match &*refusal {
        Refusal::Failure(failure) if failure.untold.is_some() => {
            Arc::new(Refusal::Failure(tell(&state.ctx, failure.clone()).await))
        }
        _ => refusal,
    }
}

/// The route itself, within the address's share, the deadline, and a net for panics.
async fn run<S>(
    state: &State,
    meta: &RequestMeta,
    mut service: S,
    (mut request, streams): (Request, bool),
) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    use axum::response::IntoResponse;

    if let Err(retry_after) = state.limits.request(meta.ip) {
        return Refusal::TooMany { retry_after }.into_response();
    }
    // A body that nobody asked for is not read; hyper drops it.
    if request.method() == Method::GET || request.method() == Method::HEAD {
        *request.body_mut() = axum::body::Body::empty();
    }
    request.extensions_mut().insert(meta.clone());
    let progress = Progress::default();
    let mut deadline = state.config.deadline;
    if streams {
        request = request.map(|body| progress.watch(body));
        // Who reads the stream gives it up first, and writes what came.
        deadline += deadline / 4;
    }
    let answer = AssertUnwindSafe(service.call(request)).catch_unwind();
    match within(deadline, &progress, answer).await {
        Some(Ok(Ok(response))) => response,
        Some(Ok(Err(never))) => match never {},
        Some(Err(_)) => Refusal::Panicked.into_response(),
        None => Refusal::Deadline.into_response(),
    }
}
