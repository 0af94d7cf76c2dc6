//! What agents did, as JSON.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// One line of `POST /v1/agents/activity`.
#[derive(ToSchema)]
#[schema(example = json!({"agent": "claude-desktop", "device": "lt-4471", "user": "mira.holt",
    "domain": "software", "topic": "sql tuning", "input_tokens": 800, "output_tokens": 600,
    "harmful": "credential_sharing", "reason": "pasted a key", "at": "2026-11-21T10:00:00Z"}))]
#[expect(dead_code, reason = "only the document reads it")]
pub struct Activity {
    #[schema(max_length = 128, format = "name")]
    agent: String,
    #[schema(max_length = 128, format = "name")]
    device: String,
    #[schema(max_length = 128, format = "name")]
    user: String,
    #[schema(max_length = 128, format = "line")]
    domain: Option<String>,
    #[schema(max_length = 128, format = "line")]
    topic: Option<String>,
    #[schema(minimum = 0)]
    input_tokens: Option<i64>,
    #[schema(minimum = 0)]
    output_tokens: Option<i64>,
    /// The category, where it was harmful.
    #[schema(max_length = 128, format = "line")]
    harmful: Option<String>,
    #[schema(max_length = 2_048, format = "line")]
    reason: Option<String>,
    /// RFC 3339; without it, when it is received.
    #[schema(format = DateTime)]
    at: Option<String>,
}

/// What the activities of an agent on a device add up to.
#[derive(Serialize, ToSchema)]
pub struct Deeds {
    pub agent: String,
    pub device: String,
    /// Of the newest activity.
    pub user: String,
    pub input_tokens: i64,
    pub output_tokens: i64,
    /// Domain → topic → count.
    pub topics: BTreeMap<String, BTreeMap<String, i64>>,
    /// Domains by count, then by name: five at most.
    pub dominant_topics: Vec<String>,
    /// By category.
    pub harmful: BTreeMap<String, Harm>,
    /// Topics and categories that count as `other`: of an agent on a device, 1,000 topics and 200 categories of harm
    /// are told apart.
    pub as_other: i64,
    /// When the newest activity was.
    pub updated_at: String,
}

#[derive(Serialize, ToSchema)]
pub struct Harm {
    pub count: i64,
    pub last_seen_at: String,
    /// Of the newest; `""` where it gave none.
    pub last_reason: String,
}
