//! `/v1/tenants/{tenant}/invitations`.

use std::time::Duration;

use app::invitations::create::{self, Command};
use app::invitations::list::{self, After, Open};
use app::invitations::withdraw;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::ids::LinkId;
use domain::{EmailAddress, Timestamp};

use super::{convert, wire};
use crate::dialects::native::Native;
use crate::dialects::native::fields::Fields;
use crate::dialects::native::page::{Cursor, Listed, Page, PageParams};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, InTenant, Object, WithinTenant};
use crate::refusal::Refusal;

/// The tenant's open invitations, oldest first. Needs `users:read`.
#[utoipa::path(get, path = "", params(("tenant" = String, Path), PageParams), responses(
    (status = 200, body = Listed<wire::Invitation>),
))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    InTenant(tenant): InTenant,
    page: Page,
) -> Result<Response, Refusal> {
    let after = page.after.map_or(After::START, |cursor| After(cursor.at, LinkId::from_uuid(cursor.id)));
    let open = list::run(&web.ctx, &caller, &tenant, after, page.fetch()).await?;
    let at = |open: &Open| Cursor { at: open.link.created_at, number: 0, id: open.link.id.uuid() };
    let listed = page.cut(open, at, |open| convert::open(&open));
    Ok(answer(StatusCode::OK, JSON, &listed))
}

/// Invite somebody. Needs `users:write`, and only roles that the credential may give.
///
/// The link goes out by mail, and the answer says so; where no mail server is configured, the answer holds the link,
/// shown this once. A new invitation ends an older one to the same address. Whether the address is known makes no
/// difference to the answer.
#[utoipa::path(post, path = "", params(("tenant" = String, Path)), request_body = wire::NewInvitation, responses(
    (status = 201, body = wire::Invited),
    (status = 403, description = "`forbidden`, or `quota_exceeded`"),
    (status = 409, description = "The person is a member already"),
))]
pub async fn create(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    InTenant(tenant): InTenant,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let email = fields.required("email", |text| EmailAddress::parse(text).ok(), "must be an e-mail address");
    let roles = fields.optional_texts("roles");
    let sites = fields.optional_texts("sites");
    let member_until = fields.optional("expires_at", Timestamp::parse, "must be a time of RFC 3339");
    let name = fields.optional_text("name");
    let lives = fields.optional_count("lives").map(Duration::from_secs);
    let email = fields.done_with(email)?;
    let (roles, sites) = (roles.unwrap_or_default(), sites.unwrap_or_default());
    let command = Command { email, roles, sites, member_until, name, lives };
    let invited = create::run(&web.ctx, &caller, &tenant, command).await?;
    Ok(answer(StatusCode::CREATED, JSON, &convert::invited(&invited)))
}

/// Withdraw an open invitation. Needs `users:write`.
#[utoipa::path(delete, path = "", params(("tenant" = String, Path), ("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Withdrawn: its link no longer works"),
    (status = 404, description = "Not an open invitation of this tenant"),
))]
pub async fn withdraw(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    WithinTenant(tenant, id): WithinTenant,
) -> Result<StatusCode, Refusal> {
    withdraw::run(&web.ctx, &caller, &tenant, LinkId::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
