//! Custom roles and the hierarchy (akto.md §3.3, §3.4).

use app::roles::{assignable, custom};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::guard::{Guarded, Roles};
use super::{Akto, convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::Object;
use crate::refusal::Refusal;

/// The custom roles of the current account. Needs `roles:read`.
#[utoipa::path(post, path = "", responses(
    (status = 200, body = wire::CustomRoles, example = json!({"roles": [{
        "name": "PAYMENTS-REVIEW", "baseRole": "DEVELOPER",
        "apiCollectionIds": [1_714_500_001, 1_714_500_002], "apiCollectionsId": [1_714_500_001, 1_714_500_002],
        "defaultInviteRole": true, "allowedFeaturesForUser": [], "threatProtectionEnabled": false}]})),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn custom_roles(
    State(web): State<crate::State>,
    caller: Guarded<Roles>,
    _: Object<Akto>,
) -> Result<Response, Refusal> {
    let roles = custom::run(&web.ctx, &caller).await?;
    Ok(answer(StatusCode::OK, JSON, &convert::custom_roles(roles)))
}

/// The roles that the caller may give to others, his own included. Needs `roles:read`.
#[utoipa::path(post, path = "", responses(
    (status = 200, body = wire::Hierarchy, example = json!({"userRoleHierarchy": ["DEVELOPER", "GUEST"]})),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn hierarchy(
    State(web): State<crate::State>,
    caller: Guarded<Roles>,
    _: Object<Akto>,
) -> Result<Response, Refusal> {
    let keys = assignable::run(&web.ctx, &caller).await?;
    Ok(answer(StatusCode::OK, JSON, &convert::hierarchy(&keys)))
}
