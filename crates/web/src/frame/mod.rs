//! The frame around every request: id, limits, deadline, caught panics, refusals in the face's form, headers,
//! metrics, one log line.

mod cors;
mod headers;
mod limits;
mod linger;
mod log;
mod meta;
mod progress;
mod run;
#[cfg(test)]
mod tests;

pub(crate) use limits::Limits;
pub use meta::RequestMeta;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::Response;
use tower::{Layer, Service};

use crate::face::Face;
use crate::metrics::RouteMetrics;
use crate::state::State;

/// What the frame knows of the path before a request comes.
pub(crate) struct Place {
    /// `None`: no route matched, and the path decides.
    face: Option<Face>,
    /// With `{name}` for parameters: nothing that a caller chose.
    template: &'static str,
    metrics: RouteMetrics,
}

/// The layer of one path.
#[derive(Clone)]
pub(crate) struct Frame {
    state: State,
    place: Arc<Place>,
    /// Bodies come without end: the deadline begins anew as long as something comes.
    streams: bool,
}

impl Frame {
    pub fn of(state: &State, face: Face, template: &'static str) -> Self {
        Self::new(state, Some(face), template)
    }

    /// For what no route matches.
    pub fn unknown(state: &State) -> Self {
        Self::new(state, None, "unknown")
    }

    fn new(state: &State, face: Option<Face>, template: &'static str) -> Self {
        let metrics = state.metrics.route(face.unwrap_or(Face::Native), template);
        Self { state: state.clone(), place: Arc::new(Place { face, template, metrics }), streams: false }
    }

    /// The same, for bodies without end.
    pub fn streaming(self, streams: bool) -> Self {
        Self { streams, ..self }
    }
}

impl<S> Layer<S> for Frame {
    type Service = Framed<S>;

    fn layer(&self, inner: S) -> Framed<S> {
        Framed { inner, frame: self.clone() }
    }
}

#[derive(Clone)]
pub(crate) struct Framed<S> {
    inner: S,
    frame: Frame,
}

impl<S> Service<Request> for Framed<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let fresh = self.inner.clone();
        // The one that was polled ready is the one to call.
        let ready = std::mem::replace(&mut self.inner, fresh);
        let Frame { state, place, streams } = self.frame.clone();
        Box::pin(async move { Ok(run::request(state, place, ready, (request, streams)).await) })
    }
}
