//! What an agent did on a device (akto.md §3.8).

use app::agents::analysis;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value};

use super::guard::{Agents, Guarded};
use super::{Akto, convert, faulty, wire};
use crate::dialects::{JSON, answer};
use crate::extract::Object;
use crate::refusal::Refusal;

/// What is known of one agent on one device; `null` where nothing is. Needs `agents:read`.
#[utoipa::path(post, path = "", 
    request_body(content = wire::Asked, example = json!({"agentId": "claude-desktop", "deviceId": "lt-4471"})),
    responses(
    (status = 200, body = wire::Analysis, example = json!({"userAnalysis": {
        "agentId": "claude-desktop", "deviceId": "lt-4471", "analysisData": {
            "userName": "mira.holt", "totalInputTokens": 2000, "totalOutputTokens": 4000,
            "topicHierarchy": {"software": {"code review": 1, "sql tuning": 1}}, "dominantTopics": ["software"],
            "harmfulTopics": {"credential_sharing":
                {"count": 1, "lastSeenAt": 1_795_255_200_000_i64, "lastReason": "pasted a key"}},
            "aiSummary": "", "lastUpdatedAt": 1_795_255_200_000_i64}}})),
    (status = 422, body = wire::Refused),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn user_analysis(
    State(web): State<crate::State>,
    caller: Guarded<Agents>,
    body: Object<Akto>,
) -> Result<Response, Refusal> {
    let agent = id(&body.map, "agentId", "Agent ID is required")?;
    let device = id(&body.map, "deviceId", "Device ID is required")?;
    // Nobody reports a name with U+0000.
    let tally = if agent.contains('\0') || device.contains('\0') {
        None
    } else {
        analysis::run(&web.ctx, &caller, None, agent, device).await?
    };
    let user_analysis = tally.map(|tally| convert::analysis(agent, device, tally));
    Ok(answer(StatusCode::OK, JSON, &wire::Analysis { user_analysis }))
}

/// Without the blanks around it.
fn id<'b>(body: &'b Map<String, Value>, field: &str, fault: &'static str) -> Result<&'b str, Refusal> {
    let text = body.get(field).and_then(Value::as_str).map(str::trim);
    text.filter(|text| !text.is_empty()).ok_or_else(|| faulty(fault))
}
