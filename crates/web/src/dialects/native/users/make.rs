//! Making and changing users.

use app::tenants::{TenantName, reach};
use app::users::create::{self, Membership};
use app::users::{ProfileChange, set_password as password, update};
use app::{Ctx, Failure};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{EmailAddress, UserId};

use super::fields::Fields;
use super::{Native, convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, Id, Object, OfAnyone};
use crate::refusal::Refusal;

/// Make a user. Needs `users:write` in the tenant that the user shall be in; an operator may leave the tenant out. Counts
/// for the tenant's quota `users`. An address that somebody has is refused (409).
#[utoipa::path(post, path = "", request_body = wire::NewUser, responses(
    (status = 201, body = wire::Person),
    (status = 409, description = "Somebody has that address"),
))]
pub async fn create(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let email = fields.required("email", address, ADDRESS);
    let profile = profile(&mut fields);
    let password = fields.optional_text("password").map(Into::into);
    let operator = fields.optional_bool("operator").unwrap_or_default();
    let place = Place::of(&mut fields);
    fields.refuse(&["active", "locked"], LATER);
    fields.refuse(&["memberships"], PLACES);
    let email = fields.done_with(email)?;
    let membership = place.reached(&web.ctx, &caller).await?;
    let command = create::Command { email, profile, password, membership, operator };
    let user = create::run(&web.ctx, &caller, command).await?;
    Ok(answer(StatusCode::CREATED, JSON, &convert::person(&user)))
}

/// Change a user. For the user (who must have signed in), an operator, and with `users:write` in the user's only tenant;
/// `email` and `operator` ask for a credential of an interactive sign-in. Another `email` of one's own asks for
/// `current_password` besides; a wrong one is 403 `wrong_password` and counts for lockout. The old address is told by mail.
#[utoipa::path(patch, path = "", params(("id" = uuid::Uuid, Path)), request_body = wire::UserChange, responses(
    (status = 200, body = wire::Person),
    (status = 404, description = "No such user that is yours to see"),
    (status = 409, description = "Somebody has that address, `last_administrator` or `last_operator`"),
))]
pub async fn change(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::change(body.map);
    let tenant = |text: &str| Some(TenantName::parse(text));
    let command = update::Command {
        profile: profile(&mut fields),
        email: fields.optional("email", address, ADDRESS),
        current_password: fields.optional_text("current_password").map(Into::into),
        verified: fields.optional_bool("verified"),
        active: fields.optional_bool("active"),
        operator: fields.optional_bool("operator"),
        default_tenant: fields.clearable("default_tenant", tenant, "must be a key or id of a tenant"),
    };
    fields.refuse(&["tenant", "roles", "sites", "memberships"], PLACES);
    fields.refuse(&["password"], "is set at /v1/users/{id}/password");
    fields.refuse(&["locked"], "is set at /v1/users/{id}/lock and /unlock");
    fields.done()?;
    let user = update::run(&web.ctx, &caller, UserId::from_uuid(id), command).await?;
    Ok(answer(StatusCode::OK, JSON, &convert::person(&user)))
}

/// Set somebody's password and end every session of the user. For an operator, and with `users:write` in the user's only
/// tenant, by a credential of an interactive sign-in. One's own is changed at `/v1/me/password`.
#[utoipa::path(post, path = "", params(("id" = uuid::Uuid, Path)), request_body = wire::PasswordToSet, responses(
    (status = 204, description = "Set"),
    (status = 404, description = "No such user that is yours to see"),
))]
pub async fn set_password(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
    body: Object<Native>,
) -> Result<StatusCode, Refusal> {
    let mut fields = Fields::of(body.map);
    let new = fields.secret("password");
    fields.done()?;
    password::set(&web.ctx, &caller, UserId::from_uuid(id), &new).await?;
    Ok(StatusCode::NO_CONTENT)
}

const ADDRESS: &str = "must be an e-mail address";
const LATER: &str = "is changed once the user is there";
const PLACES: &str = "belongs to a membership: /v1/tenants/{tenant}/members";

fn address(text: &str) -> Option<EmailAddress> {
    EmailAddress::parse(text).ok()
}

fn profile(fields: &mut Fields) -> ProfileChange {
    ProfileChange {
        name: fields.clearable_text("name"),
        first_name: fields.clearable_text("first_name"),
        middle_name: fields.clearable_text("middle_name"),
        last_name: fields.clearable_text("last_name"),
        phone: fields.clearable_text("phone"),
        picture: fields.clearable_text("picture"),
        metadata: fields.optional_object("metadata").map(|map| serde_json::Value::Object(map).to_string()),
    }
}

/// Where a new user shall be a member.
struct Place {
    tenant: Option<TenantName>,
    roles: Option<Vec<String>>,
    sites: Option<Vec<String>>,
}

impl Place {
    fn of(fields: &mut Fields) -> Self {
        let tenant = fields.optional_text("tenant").map(|text| TenantName::parse(&text));
        Self { tenant, roles: fields.optional_texts("roles"), sites: fields.optional_texts("sites") }
    }

    /// In the tenant named, else in that of the credential; nowhere for an operator who names none.
    async fn reached(self, ctx: &Ctx, caller: &app::Caller) -> Result<Option<Membership>, Failure> {
        let principal = caller.principal();
        let own = principal.tenant.filter(|_| !principal.authority.operates(caller.door));
        let tenant = match (&self.tenant, own) {
            (Some(named), _) => reach(ctx, caller, named).await?,
            (None, Some(own)) => own,
            (None, None) if self.roles.is_some() || self.sites.is_some() => {
                return Err(Failure::invalid_field("tenant", "is required where roles or sites are named"));
            }
            (None, None) => return Ok(None),
        };
        Ok(Some(Membership { tenant, roles: self.roles, sites: self.sites.unwrap_or_default() }))
    }
}
