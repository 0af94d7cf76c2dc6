//! `/v1/decisions`: what somebody may do, why, and what would change it.

use app::decisions::who_can::{self, Command, Granted};
use app::decisions::{Answer, Ask, UserName, ask};
use app::tenants::TenantName;
use app::{Failure, Principal};
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::{EmailAddress, Permission, UserId};
use utoipa::IntoParams;

use super::fields::Fields;
use super::page::{Asked, Listed};
use super::{Native, convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::caller::{OfAnyone, in_scope};
use crate::extract::{Caller, Demand, Object};
use crate::refusal::Refusal;

/// Whoever asks; it changes nothing, so the scope `read` is enough.
pub struct Asks;

impl Demand for Asks {
    fn admit(principal: &Principal, _: &Method) -> Result<(), Refusal> {
        in_scope(principal, &Method::GET)
    }
}

/// May the presented credential do this, or another user, and why? For a no: the smallest change that turns it.
///
/// `tenant` is a key or an id; without it, the tenant of the credential. `user` is an id or an e-mail; it needs
/// `decisions:read`, and is judged by what he may do himself, with a credential that nothing cuts down.
#[utoipa::path(post, path = "", request_body = wire::Question, responses(
    (status = 200, body = wire::Decision),
    (status = 404, description = "No such user in this tenant"),
))]
pub async fn decide(
    State(web): State<crate::State>,
    caller: Caller<Native, Asks>,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let permission = fields.required("permission", Permission::parse, PERMISSION);
    let tenant =
        fields.optional("tenant", |text| Some(TenantName::parse(text)), "must be a key or id of a tenant");
    let user = fields.optional("user", user, "must be the id or the e-mail of a user");
    let permission = fields.done_with(permission)?;
    let Answer { id, decision, change } = ask(&web.ctx, &caller, Ask { permission, tenant, user }).await?;
    let decision = wire::Decision {
        id,
        permission: decision.permission.as_str().to_owned(),
        allowed: decision.allowed,
        reasons: decision.reasons.iter().map(convert::reason).collect(),
        change: change.map(convert::change),
    };
    Ok(answer(StatusCode::OK, JSON, &decision))
}

/// Who of the tenant's members is granted this now, by e-mail. Needs `decisions:read`.
///
/// Members alone: operators, who may do everything, are nobody's to see in a tenant unless they are members, and
/// the tenant's own tokens stand with their roles in `GET /v1/tenants/{tenant}/tokens`.
///
/// A part may hold fewer than `limit`, even none, while `next` says that there is more to look at.
#[utoipa::path(get, path = "", params(WhoCan), responses((status = 200, body = Listed<wire::Granted>)))]
pub async fn who_can(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let mark = asked.mark;
    let part = who_can::run(&web.ctx, &caller, read(asked)?).await?;
    let items = part.items.into_iter().map(granted).collect();
    let listed = Listed { items, next: part.next.map(|email| mark.cursor(email.as_bytes())) };
    Ok(answer(StatusCode::OK, JSON, &listed))
}

/// How it is asked for, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct WhoCan {
    /// `resource:verb`.
    #[param(max_length = 128, format = "permission")]
    permission: String,
    /// Key or id; without it, the tenant of the credential.
    tenant: Option<String>,
    /// `next` of the part before.
    after: Option<String>,
    /// Rows at most: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

const PERMISSION: &str = "must be of the form resource:verb";

fn read(mut asked: Asked) -> Result<Command, Failure> {
    let permission = asked.get("permission", PERMISSION, Permission::parse);
    if asked.text("permission").is_none() {
        asked.fault("permission", "is required");
    }
    let limit = usize::try_from(asked.limit()).unwrap_or_default();
    let after = asked.after(address).unwrap_or_default();
    let tenant = asked.text("tenant").map(TenantName::parse);
    asked.done()?;
    let permission = permission.ok_or_else(|| Failure::invalid_field("permission", "is required"))?;
    Ok(Command { permission, tenant, after, limit })
}

/// The address behind which a list goes on.
fn address(place: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(place).ok()?;
    EmailAddress::parse(&text).ok().map(|email| email.as_str().to_owned())
}

fn user(text: &str) -> Option<UserName> {
    let by_email = || EmailAddress::parse(text).ok().map(UserName::Email);
    UserId::parse(text).map(UserName::Id).or_else(by_email)
}

fn granted(row: Granted) -> wire::Granted {
    let user = wire::Member { id: row.id.uuid(), email: row.email, name: row.name };
    wire::Granted { user, reasons: row.reasons.iter().map(convert::reason).collect() }
}
