//! `/v1/decisions`: what a credential may do, and why.

use app::Principal;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::decision::Reason;
use domain::{Permission, TenantId};

use super::fields::Fields;
use super::{Native, wire};
use crate::dialects::{JSON, answer};
use crate::extract::caller::in_scope;
use crate::extract::{Caller, Demand, Object};
use crate::refusal::Refusal;

/// Whoever asks about himself; it changes nothing, so the scope `read` is enough.
pub struct Asks;

impl Demand for Asks {
    fn admit(principal: &Principal, _: &Method) -> Result<(), Refusal> {
        in_scope(principal, &Method::GET)
    }
}

/// May the presented credential do this, and why?
///
/// `tenant` is an id; without it, the tenant of the credential.
#[utoipa::path(post, path = "", request_body = wire::Question, responses((status = 200, body = wire::Decision)))]
pub async fn decide(caller: Caller<Native, Asks>, body: Object<Native>) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let permission = fields.required("permission", Permission::parse, "must be of the form resource:verb");
    let tenant = fields.optional("tenant", TenantId::parse, "must be the id of a tenant");
    let permission = fields.done_with(permission)?;
    let decision = app::decisions::for_oneself(&caller, &permission, tenant);
    let decision = wire::Decision {
        permission: decision.permission.as_str().to_owned(),
        allowed: decision.allowed,
        reasons: decision.reasons.iter().map(reason).collect(),
    };
    Ok(answer(StatusCode::OK, JSON, &decision))
}

fn reason(reason: &Reason) -> wire::Reason {
    let of = |kind, role: Option<&String>, pattern: Option<&domain::Pattern>| wire::Reason {
        kind,
        role: role.cloned(),
        pattern: pattern.map(|pattern| pattern.as_str().to_owned()),
        roles: None,
        scope: None,
    };
    match reason {
        Reason::Operator => of("operator", None, None),
        Reason::Role { role, pattern } => of("role", Some(role), Some(pattern)),
        Reason::CapAllows { role, pattern } => of("cap_allows", Some(role), Some(pattern)),
        Reason::CapDenies { role } => of("cap_denies", Some(role), None),
        Reason::ScopeLacks { scope } => wire::Reason { scope: Some(scope), ..of("scope_lacks", None, None) },
        Reason::NoRole { roles } => wire::Reason { roles: Some(roles.clone()), ..of("no_role", None, None) },
        Reason::OtherTenant => of("other_tenant", None, None),
    }
}
