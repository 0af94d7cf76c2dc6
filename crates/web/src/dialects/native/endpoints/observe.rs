//! `POST /v1/endpoints/observations`.

use app::endpoints::observe::Observer;
use app::{Ctx, Failure};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value};

use super::{convert, wire};
use crate::dialects::native::Native;
use crate::dialects::native::named::tenant;
use crate::dialects::{JSON, answer};
use crate::extract::ndjson::{LineFault, Sink, Stopped};
use crate::extract::{Caller, Ndjson, OfAnyone};

/// Report calls that were seen: one JSON object a line, any number of them. Needs `endpoints:write`.
///
/// An endpoint that is not known yet is made; the addresses of who called, or was called, add to its access types. A
/// line at fault is named by its number, and the rest is kept; what else a line holds is passed over. Lines are written while more come: where the stream
/// breaks off or is refused on its way, `X-Herald-Kept` says how many were kept; sending them again changes nothing.
#[utoipa::path(post, path = "",
    params(("tenant" = Option<String>, Query, description = "Key or id; without it, the tenant of the credential")),
    request_body(content = wire::Observation, content_type = "application/x-ndjson"),
    responses((status = 200, body = wire::Observed)))]
pub async fn observe(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    RawQuery(query): RawQuery,
    body: Ndjson<Native>,
) -> Result<Response, Stopped> {
    let tenant = tenant(&query.unwrap_or_default())?;
    let observer = Observer::begin(&web.ctx, &caller, tenant.as_ref()).await?;
    let mut sink = Observed { ctx: &web.ctx, observer };
    let lines = body.into_sink(&mut sink).await?;
    let written = sink.observer.written();
    let told = wire::Observed { lines, created: written.created, changed: written.changed };
    Ok(answer(StatusCode::OK, JSON, &told))
}

struct Observed<'w> {
    ctx: &'w Ctx,
    observer: Observer,
}

impl Sink for Observed<'_> {
    fn take(&mut self, line: &Map<String, Value>) -> Result<(), LineFault> {
        self.observer.add(convert::read_observation(line)?);
        Ok(())
    }

    fn is_due(&self) -> bool {
        self.observer.is_due(self.ctx)
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        self.observer.flush(self.ctx).await
    }
}
