//! What an installation says of itself.

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;

use crate::dialects::{JSON, answer, rendered};
use crate::metrics::Gauges;
use crate::refusal::Refusal;

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// The process is up.
#[utoipa::path(get, path = "", responses((status = 200, content_type = "text/plain", body = String)))]
pub async fn healthz() -> Response {
    rendered(StatusCode::OK, TEXT, Bytes::from_static(b"ok\n"))
}

/// The process can answer: the store is there and takes writes, and the change feed was heard within the bound.
#[utoipa::path(get, path = "", responses(
    (status = 200, content_type = "text/plain", body = String),
    (status = 503, description = "Not now; see Retry-After"),
))]
pub async fn readyz(State(web): State<crate::State>) -> Result<Response, Refusal> {
    web.ctx.ready().await?;
    Ok(rendered(StatusCode::OK, TEXT, Bytes::from_static(b"ready\n")))
}

/// Metrics for Prometheus.
#[utoipa::path(get, path = "", responses(
    (status = 200, content_type = "application/openmetrics-text", body = String),
))]
pub async fn metrics(State(web): State<crate::State>) -> Response {
    const MEDIA: HeaderValue =
        HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    let gauges = Gauges {
        hash_waiting: web.ctx.hasher.depth(),
        hash_running: web.ctx.hasher.running(),
        read_model: web.ctx.read_model_entries(),
        mail: web.ctx.mail.post(),
    };
    rendered(StatusCode::OK, MEDIA, web.metrics.text(&gauges).into())
}

/// This document.
#[utoipa::path(get, path = "", responses((status = 200, description = "OpenAPI 3.1")))]
pub async fn openapi(State(web): State<crate::State>) -> Response {
    let document = web.openapi.get_or_init(|| crate::openapi().into());
    rendered(StatusCode::OK, JSON, document.clone())
}

/// The public keys that signed tokens verify with (RFC 7517).
#[utoipa::path(get, path = "", responses((status = 200, description = "A JWK set")))]
pub async fn jwks(State(web): State<crate::State>) -> Result<Response, Refusal> {
    let keys = web.ctx.jwks().await.map_err(app::Failure::from)?;
    let mut response = answer(StatusCode::OK, JSON, &keys);
    // Verifiers ask for a `kid` that they do not know at once, and for the rest not at every token.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    Ok(response)
}
