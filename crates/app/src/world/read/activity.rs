use super::fields::Fields;
use super::{TEXT, WORD, kind};
use crate::world::file::Activity;

/// All of it is its identity.
const ALL: &[&str] = &[
    "tenant",
    "agent",
    "device",
    "user",
    "domain",
    "topic",
    "input_tokens",
    "output_tokens",
    "harmful",
    "reason",
    "at",
];

/// `[[activity]]`
pub(super) fn read(f: &mut Fields<'_>) -> Activity {
    let cx = f.cx;
    let row = Activity {
        place: f.place.clone(),
        tenant: f.must("tenant", kind::tenant(cx)),
        agent: f.must("agent", kind::filled(WORD)),
        device: f.must("device", kind::filled(WORD)),
        user: f.must("user", kind::filled(WORD)),
        domain: f.opt("domain", kind::text(WORD)),
        topic: f.opt("topic", kind::text(WORD)),
        input_tokens: f.opt("input_tokens", kind::amount),
        output_tokens: f.opt("output_tokens", kind::amount),
        harmful: f.opt("harmful", kind::text(WORD)),
        reason: f.opt("reason", kind::text(TEXT)),
        at: f.opt("at", kind::moment),
    };
    let who = (&row.tenant, &row.agent, &row.device, &row.user);
    let what = (&row.domain, &row.topic, &row.input_tokens, &row.output_tokens, &row.harmful, &row.reason);
    f.identity(ALL, "an activity", format!("{:?}", (who, what, row.at)), " that is the same in every key");
    row
}
