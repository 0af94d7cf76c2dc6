//! `/v1/tenants/{tenant}/networks`.

use app::networks::{Networks, replace, show};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::super::Native;
use super::super::fields::Fields;
use super::wire;
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, InTenant, Object, OfAnyone};
use crate::refusal::Refusal;

/// The networks by which access types are told. Needs `endpoints:read`.
#[utoipa::path(get, path = "", params(("tenant" = String, Path, description = "Key or id")), responses(
    (status = 200, body = wire::Networks),
))]
pub async fn show(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
) -> Result<Response, Refusal> {
    Ok(answer(StatusCode::OK, JSON, &wire(show::run(&web.ctx, &caller, &tenant).await?)))
}

/// Replace both lists. Needs `tenants:write`.
#[utoipa::path(put, path = "", params(("tenant" = String, Path, description = "Key or id")),
    request_body = wire::NewNetworks, responses((status = 200, body = wire::Networks)))]
pub async fn replace(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let given = Networks { private: fields.texts("private"), partner: fields.texts("partner") };
    fields.done()?;
    Ok(answer(StatusCode::OK, JSON, &wire(replace::run(&web.ctx, &caller, &tenant, given).await?)))
}

fn wire(Networks { private, partner }: Networks) -> wire::Networks {
    wire::Networks { private, partner }
}
