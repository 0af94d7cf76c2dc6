//! `POST /oauth/token`.

use axum::extract::State;
use axum::response::Response;

use super::grant::GrantType;
use super::request::TokenRequest;
use super::{client, client_credentials, password, refresh, scope, wire};
use crate::extract::caller::From;
use crate::refusal::Refusal;

/// Hand out an access token, for a password, a refresh token, or to a client in its own name.
///
/// The client proves itself by HTTP Basic, or by `client_id` and `client_secret` in the form.
#[utoipa::path(
    post,
    path = "",
    request_body(content = wire::TokenForm, content_type = "application/x-www-form-urlencoded", examples(
        ("password" = (value = json!({
            "grant_type": "password", "username": "mira.holt@northwind.example",
            "password": "correct horse battery staple", "client_id": "fixstreamapp", "client_secret": "fixstream",
            "scope": "read write trust"}))),
        ("refresh" = (value = json!({
            "grant_type": "refresh_token", "refresh_token": "hr_Vb2", "client_id": "fixstreamapp",
            "client_secret": "fixstream"}))),
        ("client" = (value = json!({
            "grant_type": "client_credentials", "client_id": "7f4b6f0e-52c4-4c37-8f0a-2d6c1c5b9e01",
            "client_secret": "4e8a2c1b-90d3-4f57-a6de-3b7c5a1f2d01"}))),
    )),
    responses(
        (status = 200, body = wire::Granted, example = json!({
            "access_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.e30.c2ln", "token_type": "bearer",
            "refresh_token": "hr_Vb2", "expires_in": 3600, "scope": "read write trust",
            "user": {"name": "Mira Holt", "userName": "mira.holt@northwind.example",
                "emailAddress": "mira.holt@northwind.example", "group": "ADMIN_GROUP"},
            "jti": "0193a1c2-6b1e-7c55-9a51-2f5d3b7c9a11",
        })),
        (status = 401, description = "The client did not prove itself.", body = wire::Problem),
        (status = 429, description = "Too many sign-ins; see `Retry-After`.", body = wire::Problem),
        (status = "4XX", body = wire::Problem),
        (status = "5XX", body = wire::Problem),
    ),
)]
pub async fn token(
    State(web): State<crate::State>,
    from: From,
    request: TokenRequest,
) -> Result<Response, Refusal> {
    let client = client::authenticate(&web, &from, &request).await?;
    let grant = GrantType::asked(&request.form, &client)?;
    let scope = scope::asked(request.form.get("scope"), &client)?;
    match grant {
        GrantType::Password => password::grant(&web, from, (client, scope), &request.form).await,
        GrantType::RefreshToken => refresh::grant(&web, from, (client, scope), &request.form).await,
        GrantType::ClientCredentials => client_credentials::grant(&web, from, (client, scope)).await,
    }
}
