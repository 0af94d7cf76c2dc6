//! The caller himself (akto.md §3.1, §3.2).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::guard::Reads;
use super::{Akto, convert, wire};
use crate::dialects::{JSON, Ready, answer, ready};
use crate::extract::{Known, Object};
use crate::refusal::Refusal;

/// Login, name, role and accounts of the caller. A body may be sent, and says nothing.
#[utoipa::path(post, path = "", responses(
    (status = 200, body = wire::Me, example = json!({"user": {
        "login": "mira.holt@northwind.example", "name": "Mira Holt", "role": "ADMIN",
        "accounts": {"1712000111": "Northwind Traders", "1712000222": "Contoso Logistics"}}})),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn me(
    State(web): State<crate::State>,
    caller: Known<Akto, Reads>,
    _: Object<Akto>,
) -> Result<Response, Refusal> {
    let principal = &caller.entry.principal;
    let profile = principal.profile().ok_or(Refusal::NotAUser)?;
    // An entry is read anew before any of its memberships ends, so the accounts may be kept with it.
    let make = || convert::me(profile, principal.tenant, web.ctx.now());
    Ok(ready(&caller.entry, Ready::AktoMe, JSON, make))
}

/// When the caller last signed in himself, in any dialect. A call with a key or a refresh never moves it.
#[utoipa::path(post, path = "", responses(
    (status = 200, body = wire::LastLogin, example = json!({"lastLoginTs": 1_795_508_130})),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn last_login(caller: Known<Akto, Reads>, _: Object<Akto>) -> Result<Response, Refusal> {
    let profile = caller.entry.principal.profile().ok_or(Refusal::NotAUser)?;
    Ok(answer(StatusCode::OK, JSON, &convert::last_login(profile)))
}
