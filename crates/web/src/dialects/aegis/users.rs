//! Users (aegis.md §4). The one segment behind `/api/users/` is a pattern or an e-mail, by method.

use app::members::{AddressedError, Member, appoint, dismiss, matching};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{EmailAddress, EmailPattern, Permission};
use serde_json::{Map, Value};

use super::segment::Segment;
use super::{Aegis, convert, guard, listed, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, Object};
use crate::refusal::Refusal;

/// The members of the tenant whose address matches; `*` is any run of characters. Needs `users:read`.
#[utoipa::path(get, path = "", params(("x" = String, Path, description = "Pattern", example = "ragu*")), responses(
    (status = 200, body = Vec<wire::User>,
        headers(("X-Herald-Truncated" = bool, description = "`true` where more match than are listed")),
        example = json!([{
            "email": "ragu.iyer@northwind.example", "name": "Ragu Iyer", "provider": "local",
            "role": "payments-review", "isActive": true,
        }])),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Aegis>,
    Segment(pattern): Segment,
) -> Result<Response, Refusal> {
    guard(&web, &caller, &Permission::USERS_READ).await?;
    let invalid = || Refusal::said(StatusCode::BAD_REQUEST, "", "pattern is invalid");
    let pattern = pattern.as_deref().and_then(EmailPattern::parse).ok_or_else(invalid)?;
    let found = matching::run(&web.ctx, &caller, pattern).await?;
    let now = web.ctx.now();
    let rows: Vec<_> = found.members.iter().map(|member| convert::user(member, now)).collect();
    Ok(listed(&rows, found.truncated))
}

/// Give a member one role, activate or deactivate; both or neither. Needs `users:write`.
#[utoipa::path(put, path = "",
    params(("x" = String, Path, description = "E-mail", example = "noor.aziz@northwind.example")),
    request_body(content = wire::UserChange, example = json!({"role": "admin", "isActive": true})),
    responses(
        (status = 200, body = wire::Changed,
            example = json!({"status": "pass", "email": "noor.aziz@northwind.example"})),
        (status = "4XX", body = wire::Refused),
        (status = "5XX", body = wire::Refused),
    ))]
pub async fn update(
    State(web): State<crate::State>,
    caller: Caller<Aegis>,
    Segment(email): Segment,
    body: Result<Object<Aegis>, Refusal>,
) -> Result<Response, Refusal> {
    let member = change(&web, &caller, email, body).await?;
    Ok(passed(member.user.email.as_str()))
}

/// The same as PUT, which should be used instead; answers the state after the change. Needs `users:write`.
#[utoipa::path(post, path = "",
    params(("x" = String, Path, description = "E-mail", example = "tova.berg@northwind.example")),
    request_body(content = wire::UserChange, example = json!({"role": "admin", "isActive": true})),
    responses(
        (status = 200, body = wire::State, example = json!({"role": "admin", "isActive": true})),
        (status = "4XX", body = wire::Refused),
        (status = "5XX", body = wire::Refused),
    ))]
#[deprecated = "PUT it"]
pub async fn update_deprecated(
    State(web): State<crate::State>,
    caller: Caller<Aegis>,
    Segment(email): Segment,
    body: Result<Object<Aegis>, Refusal>,
) -> Result<Response, Refusal> {
    let member = change(&web, &caller, email, body).await?;
    Ok(answer(StatusCode::OK, JSON, &convert::state(&member, web.ctx.now())))
}

/// Take a member out of the tenant; who is left without any is deleted. Needs `users:write`.
#[utoipa::path(delete, path = "",
    params(("x" = String, Path, description = "E-mail", example = "gus.lind@northwind.example")),
    responses(
        (status = 200, body = wire::Changed,
            example = json!({"status": "pass", "email": "gus.lind@northwind.example"})),
        (status = "4XX", body = wire::Refused),
        (status = "5XX", body = wire::Refused),
    ))]
pub async fn delete(
    State(web): State<crate::State>,
    caller: Caller<Aegis>,
    Segment(email): Segment,
) -> Result<Response, Refusal> {
    guard(&web, &caller, &Permission::USERS_WRITE).await?;
    let email = address(email)?;
    let done = dismiss::run(&web.ctx, &caller, email.clone()).await;
    done.map_err(|error| refused(error, false))?;
    Ok(passed(email.as_str()))
}

async fn change(
    web: &crate::State,
    caller: &app::Caller,
    email: Option<String>,
    body: Result<Object<Aegis>, Refusal>,
) -> Result<Member, Refusal> {
    guard(web, caller, &Permission::USERS_WRITE).await?;
    let (role, active) = fields(&body?.map)?;
    let assigns = role.is_some();
    // A role that is none is told before a person who is none: who is nobody has an address that nobody has.
    let email = address(email).or_else(|missing| if assigns { Ok(nobody()) } else { Err(missing) })?;
    let command = appoint::Command { email, role, active };
    appoint::run(&web.ctx, caller, command).await.map_err(|error| refused(error, assigns))
}

fn fields(map: &Map<String, Value>) -> Result<(Option<String>, Option<bool>), Refusal> {
    let bad = |text: &'static str| Refusal::said(StatusCode::BAD_REQUEST, "", text);
    let role = match map.get("role") {
        None => None,
        Some(Value::String(role)) => Some(convert::role_key(role).to_owned()),
        Some(_) => return Err(bad(NO_ROLE)),
    };
    let active = match map.get("isActive") {
        None => None,
        Some(Value::Bool(active)) => Some(*active),
        Some(_) => return Err(bad("isActive must be true or false")),
    };
    if role.is_none() && active.is_none() {
        return Err(bad("role or isActive is required"));
    }
    Ok((role, active))
}

/// The whole segment in any case; a blank at an end is part of it, and of no address.
fn address(raw: Option<String>) -> Result<EmailAddress, Refusal> {
    let raw = raw.filter(|raw| raw.trim() == raw);
    raw.and_then(|raw| EmailAddress::parse(&raw).ok()).ok_or_else(missing)
}

/// No address: so it is nobody's.
fn nobody() -> EmailAddress {
    EmailAddress::from_stored(String::new())
}

const NO_ROLE: &str = "role is unknown";
const LAST: &str = "the last administrator of a tenant cannot be demoted, deactivated or deleted";

fn missing() -> Refusal {
    Refusal::said(StatusCode::NOT_FOUND, "", "user not found")
}

/// `assigns`: a role was to be given.
fn refused(error: AddressedError, assigns: bool) -> Refusal {
    let denied = || Refusal::Failure(app::Failure::forbidden());
    match error {
        AddressedError::Missing => missing(),
        AddressedError::Role => Refusal::said(StatusCode::BAD_REQUEST, "", NO_ROLE),
        AddressedError::NotAssignable if assigns => {
            Refusal::said(StatusCode::FORBIDDEN, "", "role is not yours to assign")
        }
        AddressedError::NotAssignable => denied(),
        AddressedError::Refused(failure) if failure.code == "last_administrator" => {
            Refusal::said(StatusCode::CONFLICT, "", LAST)
        }
        AddressedError::Refused(failure) => failure.into(),
    }
}

fn passed(email: &str) -> Response {
    answer(StatusCode::OK, JSON, &wire::Changed { status: wire::Pass::Pass, email })
}
