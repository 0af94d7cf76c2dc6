//! The inventory as JSON.

use serde::Serialize;
use utoipa::ToSchema;

use crate::dialects::native::texts;
use crate::extract::ndjson::Streamed;

/// An endpoint.
#[derive(Serialize, ToSchema)]
pub struct Endpoint {
    pub collection: i64,
    #[schema(value_type = texts::Method, example = "GET")]
    pub method: String,
    /// Often a path alone.
    #[schema(example = "/v1/orders")]
    pub url: String,
    /// Of `PARTNER`, `PRIVATE`, `PUBLIC`, `THIRD_PARTY`; sorted.
    #[schema(value_type = Vec<texts::Access>, example = json!(["PRIVATE", "PUBLIC"]))]
    pub access: Vec<&'static str>,
}

/// An endpoint to be there.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct NewEndpoint {
    #[schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
    collection: i64,
    #[schema(value_type = texts::Method, example = "GET")]
    method: String,
    /// 1 to 2048 bytes, matched byte for byte; often a path alone.
    #[schema(max_length = 2048, format = "name", example = "/v1/orders")]
    url: String,
    #[schema(value_type = Vec<texts::Access>, example = json!(["PRIVATE", "PUBLIC"]))]
    access: Vec<&'static str>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct NewEndpoints {
    #[schema(max_items = 500)]
    items: Vec<NewEndpoint>,
}

/// The body of `PUT /v1/endpoints`: one endpoint, or `items` with up to 500 of them.
#[derive(ToSchema)]
#[serde(untagged)]
#[schema(example = json!({"items": [
    {"collection": 1_714_500_001, "method": "GET", "url": "/v1/orders", "access": ["PRIVATE", "PUBLIC"]}]}))]
#[expect(dead_code, reason = "only the document reads it")]
pub enum Endpoints {
    One(NewEndpoint),
    Many(NewEndpoints),
}

/// What became of endpoints.
#[derive(Serialize, ToSchema)]
pub struct Written {
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
}

/// One line of `POST /v1/endpoints/observations`.
#[derive(ToSchema)]
#[schema(example = json!({"collection": 1_714_500_001, "method": "GET", "url": "/v1/orders",
    "source": "203.0.113.7", "headers": {"X-Forwarded-For": "198.51.100.4, 203.0.113.7"}}))]
#[expect(dead_code, reason = "only the document reads it")]
pub struct Observation {
    #[schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
    collection: i64,
    #[schema(value_type = texts::Method)]
    method: String,
    #[schema(max_length = 2048, format = "name")]
    url: String,
    /// `incoming` (also where it is absent) or `outgoing`.
    #[schema(value_type = Option<texts::Direction>)]
    direction: Option<String>,
    /// Who called; with or without port.
    source: Option<String>,
    /// Who was called, of an outgoing one.
    destination: Option<String>,
    /// Of an incoming one: `X-Forwarded-For`, `X-Real-IP`, `X-Cluster-Client-IP`, `True-Client-IP`,
    /// `X-Original-Forwarded-For`, `X-Client-IP` and `Client-IP` count, in any case; a string, or a list of strings.
    #[schema(value_type = Object)]
    headers: Option<()>,
}

/// What became of observations.
#[derive(Serialize, ToSchema)]
pub struct Observed {
    #[serde(flatten)]
    pub lines: Streamed,
    /// Endpoints that were new.
    pub created: u64,
    /// Endpoints whose access types grew.
    pub changed: u64,
}
