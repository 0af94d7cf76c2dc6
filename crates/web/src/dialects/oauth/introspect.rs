//! `POST /oauth/introspect` (insights.md §2c, RFC 7662).

use app::oauth::introspect::{self, Asker};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::answer::{required, said};
use super::request::{AboutToken, TokenRequest};
use super::{OAuth, client, convert, wire};
use crate::dialect::Dialect;
use crate::extract::caller::{From, prove};
use crate::extract::credential::One;
use crate::refusal::Refusal;

/// What a presented token proves, for a gateway or a resource server.
///
/// Asked by a client with a secret, or with a bearer that has `tokens:admin`, which is told of its own tenant's tokens
/// alone. All that opens no door, refresh tokens too, is `{"active": false}` and nothing else.
#[utoipa::path(
    post,
    path = "",
    security(("client" = []), ("bearer" = []), ()),
    request_body(content = wire::TokenInHand, content_type = "application/x-www-form-urlencoded", example = json!({
        "token": "hr_Vb2", "token_type_hint": "refresh_token", "client_id": "fixstreamapp",
        "client_secret": "fixstream"})),
    responses(
        (status = 200, body = wire::Introspection, example = json!({
            "active": true, "scope": "read write trust", "client_id": "fixstreamapp",
            "username": "mira.holt@northwind.example", "token_type": "bearer", "exp": 1_795_510_800,
            "iat": 1_795_507_200, "sub": "0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01", "aud": "https://id.example.com",
            "iss": "https://id.example.com", "jti": "0193a1c2-6b1e-7c55-9a51-2f5d3b7c9a11",
            "tenant_id": "3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01",
        })),
        (status = 401, description = "Neither a client nor a bearer proved itself.", body = wire::Problem),
        (status = 403, description = "The bearer lacks `tokens:admin`.", body = wire::Problem),
        (status = "4XX", body = wire::Problem),
        (status = "5XX", body = wire::Problem),
    ),
)]
pub async fn introspect(
    State(web): State<crate::State>,
    from: From,
    AboutToken(request): AboutToken,
) -> Result<Response, Refusal> {
    let asker = asker(&web, from, &request).await?;
    let token = required(&request.form, "token")?;
    let found = introspect::run(&web.ctx, &asker, token).await?;
    Ok(said(&convert::introspection(found.as_deref(), &web.ctx.config.public_url)))
}

async fn asker(web: &crate::State, from: From, request: &TokenRequest) -> Result<Asker, Refusal> {
    if matches!(OAuth::presented(&request.headers).main, One::Nothing) {
        return client::by_secret(web, &from, request).await.map(|_| Asker::Client);
    }
    if ["client_id", "client_secret"].iter().any(|name| request.form.get(name).is_some()) {
        let text = "More than one client authentication";
        return Err(Refusal::said(StatusCode::BAD_REQUEST, "invalid_request", text));
    }
    let entry = prove::<OAuth>(&request.headers, web).await?;
    Ok(Asker::Caller(Box::new(app::Caller::new(entry, OAuth::DOOR, from.origin))))
}
