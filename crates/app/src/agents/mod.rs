//! What agents did on devices.

pub mod analysis;
pub mod report;

use domain::Timestamp;
use domain::activity::Activity;
use serde_json::json;

use crate::principal;

/// Over all of an activity as it was told; a moment that was not told is not in it, else telling it again would make
/// another one.
pub(crate) fn digest(one: &Activity, at: Option<Timestamp>) -> [u8; 32] {
    let who = json!([one.agent, one.device, one.user, one.domain, one.topic]);
    let what = json!([one.input_tokens, one.output_tokens, one.harmful, one.reason]);
    principal::digest(&json!([who, what, at.map(Timestamp::as_micros)]).to_string())
}
