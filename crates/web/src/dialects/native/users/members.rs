//! `/v1/tenants/{tenant}/members`.

use app::members::{add, change, list, remove};
use app::tenants::reach;
use app::users::UserName;
use app::{Failure, members};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{EmailAddress, Timestamp, UserId};

use super::fields::Fields;
use super::page::{Listed, TextPage};
use super::query::{Searched, asked};
use super::{Native, convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, InTenant, Object, OfAnyone, WithinTenant};
use crate::refusal::Refusal;

/// The members of a tenant by e-mail, memberships that are over or inactive among them. Needs `users:read`.
#[utoipa::path(get, path = "", params(("tenant" = String, Path, description = "Id or key"), Searched),
    responses((status = 200, body = Listed<wire::TenantMember>)))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
    page: TextPage,
) -> Result<Response, Refusal> {
    let tenant = reach(&web.ctx, &caller, &tenant).await?;
    let members = list::run(&web.ctx, &caller, tenant, asked(&page)).await?;
    let listed = page.cut(members, |member| member.user.email.to_string(), |member| convert::member(&member));
    Ok(answer(StatusCode::OK, JSON, &listed))
}

/// One member. Needs `users:read`.
#[utoipa::path(get, path = "", params(("tenant" = String, Path, description = "Id or key"),
    ("user" = uuid::Uuid, Path)), responses(
    (status = 200, body = wire::TenantMember),
    (status = 404, description = "Not a member, or not a tenant that is yours to see"),
))]
pub async fn show(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    WithinTenant(tenant, user): WithinTenant,
) -> Result<Response, Refusal> {
    let tenant = reach(&web.ctx, &caller, &tenant).await?;
    let member = list::one(&web.ctx, &caller, tenant, UserId::from_uuid(user)).await?;
    Ok(shown(StatusCode::OK, &member))
}

/// Make somebody who is there already a member. For operators; a tenant's administrator invites.
#[utoipa::path(post, path = "", params(("tenant" = String, Path, description = "Id or key")),
    request_body = wire::NewMember, responses(
    (status = 201, body = wire::TenantMember),
    (status = 404, description = "No such user, or not a tenant that is yours to see"),
    (status = 409, description = "A member already"),
))]
pub async fn add(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let id = fields.optional("user", UserId::parse, "must be the id of a user");
    let email = fields.optional("email", |text| EmailAddress::parse(text).ok(), "must be an e-mail address");
    let roles = fields.optional_texts("roles");
    let sites = fields.optional_texts("sites").unwrap_or_default();
    let expires_at = fields.optional("expires_at", Timestamp::parse, MOMENT);
    let active = fields.optional_bool("active").unwrap_or(true);
    fields.done()?;
    let user = one_of(id, email)?;
    let tenant = reach(&web.ctx, &caller, &tenant).await?;
    let command = add::Command { tenant, user, roles, sites, expires_at, active };
    let member = add::run(&web.ctx, &caller, command).await?;
    Ok(shown(StatusCode::CREATED, &member))
}

/// Change a membership. Needs `users:write`, and that every role the member has, had or gets is the caller's to give. The
/// last administrator of a tenant stays (409). While the membership is inactive its tokens rest; where it had ended and counts
/// again, they stay revoked, and sessions ended.
#[utoipa::path(patch, path = "", params(("tenant" = String, Path, description = "Id or key"),
    ("user" = uuid::Uuid, Path)), request_body = wire::MemberChange, responses(
    (status = 200, body = wire::TenantMember),
    (status = 404, description = "Not a member, or not a tenant that is yours to see"),
    (status = 409, description = "`last_administrator`"),
))]
pub async fn change(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    WithinTenant(tenant, user): WithinTenant,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::change(body.map);
    let roles = fields.optional_texts("roles");
    let sites = fields.optional_texts("sites");
    let expires_at = fields.clearable("expires_at", Timestamp::parse, MOMENT);
    let active = fields.optional_bool("active");
    fields.done()?;
    let tenant = reach(&web.ctx, &caller, &tenant).await?;
    let user = UserId::from_uuid(user);
    let command = change::Command { tenant, user, roles, sites, expires_at, active };
    let member = change::run(&web.ctx, &caller, command).await?;
    Ok(shown(StatusCode::OK, &member))
}

/// Take a member out of the tenant: sessions there end, tokens held there are revoked; the user stays. Needs `users:write`.
#[utoipa::path(delete, path = "", params(("tenant" = String, Path, description = "Id or key"),
    ("user" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Removed"),
    (status = 404, description = "Not a member, or not a tenant that is yours to see"),
    (status = 409, description = "`last_administrator`"),
))]
pub async fn remove(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    WithinTenant(tenant, user): WithinTenant,
) -> Result<StatusCode, Refusal> {
    let tenant = reach(&web.ctx, &caller, &tenant).await?;
    remove::run(&web.ctx, &caller, tenant, UserId::from_uuid(user)).await?;
    Ok(StatusCode::NO_CONTENT)
}

const MOMENT: &str = "must be a moment as RFC 3339 writes it";

fn shown(status: StatusCode, member: &members::Member) -> Response {
    answer(status, JSON, &convert::member(member))
}

fn one_of(id: Option<UserId>, email: Option<EmailAddress>) -> Result<UserName, Failure> {
    match (id, email) {
        (Some(id), None) => Ok(UserName::Id(id)),
        (None, Some(email)) => Ok(UserName::Email(email)),
        (None, None) => Err(Failure::invalid_field("user", "is required, or email")),
        (Some(_), Some(_)) => Err(Failure::invalid_field("email", "must not stand beside user")),
    }
}
