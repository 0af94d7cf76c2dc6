//! The caller himself (akto.md §3.1).

use axum::extract::State;
use axum::response::Response;

use super::{Akto, convert, wire};
use crate::dialects::{JSON, Ready, ready};
use crate::extract::{Known, Object, OfUserUnscoped};
use crate::refusal::Refusal;

/// Login, name, role and accounts of the caller. A body may be sent, and says nothing.
#[utoipa::path(post, path = "", responses(
    (status = 200, body = wire::Me),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn me(
    State(web): State<crate::State>,
    caller: Known<Akto, OfUserUnscoped>,
    _: Object<Akto>,
) -> Result<Response, Refusal> {
    let principal = &caller.entry.principal;
    let profile = principal.profile().ok_or(Refusal::NotAUser)?;
    // An entry is read anew before any of its memberships ends, so the accounts may be kept with it.
    let make = || convert::me(profile, principal.tenant, web.ctx.now());
    Ok(ready(&caller.entry, Ready::AktoMe, JSON, make))
}
