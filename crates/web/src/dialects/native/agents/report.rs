//! `POST /v1/agents/activity`.

use app::agents::report::Reporter;
use app::{Ctx, Failure};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value};

use super::{convert, wire};
use crate::dialects::native::Native;
use crate::dialects::native::named::tenant;
use crate::dialects::{JSON, answer};
use crate::extract::ndjson::{LineFault, Sink, Stopped, Streamed};
use crate::extract::{Caller, Ndjson, OfAnyone};

/// Report what agents did: one JSON object a line, any number of them. Needs `agents:write`.
///
/// A line at fault is named by its number, and the rest is kept; what else a line holds is passed over. Lines are written while more come: where the stream
/// breaks off or is refused on its way, `X-Herald-Kept` says how many were kept; sent again, they count again.
#[utoipa::path(post, path = "",
    params(("tenant" = Option<String>, Query, description = "Key or id; without it, the tenant of the credential")),
    request_body(content = wire::Activity, content_type = "application/x-ndjson"),
    responses((status = 200, body = Streamed)))]
pub async fn report(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    RawQuery(query): RawQuery,
    body: Ndjson<Native>,
) -> Result<Response, Stopped> {
    let tenant = tenant(&query.unwrap_or_default())?;
    let reporter = Reporter::begin(&web.ctx, &caller, tenant.as_ref()).await?;
    let told = body.into_sink(&mut Reported { ctx: &web.ctx, reporter }).await?;
    Ok(answer(StatusCode::OK, JSON, &told))
}

struct Reported<'w> {
    ctx: &'w Ctx,
    reporter: Reporter,
}

impl Sink for Reported<'_> {
    fn take(&mut self, line: &Map<String, Value>) -> Result<(), LineFault> {
        let (activity, at) = convert::read(line)?;
        self.reporter.add(self.ctx, activity, at).map_err(LineFault::from)
    }

    fn is_due(&self) -> bool {
        self.reporter.is_due(self.ctx)
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        self.reporter.flush(self.ctx).await
    }
}
