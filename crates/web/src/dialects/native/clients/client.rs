//! `/v1/clients`.

use app::clients::create::Command;
use app::clients::{Given, Shown, change, create, delete, list, secret};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::ClientUid;
use secrecy::ExposeSecret;

use super::super::Native;
use super::super::fields::Fields;
use super::super::page::{Listed, TextPage};
use super::super::tenants::wire::ByKey;
use super::wire;
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, Id, Object, OfAnyone};
use crate::refusal::Refusal;

/// The OAuth clients, by `client_id`. Operators only.
#[utoipa::path(get, path = "", params(ByKey), responses((status = 200, body = Listed<wire::Client>)))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    page: TextPage,
) -> Result<Response, Refusal> {
    let rows = list::run(&web.ctx, &caller, &page.after, page.fetch()).await?;
    Ok(answer(StatusCode::OK, JSON, &page.cut(rows, |row| row.client_id.clone(), convert)))
}

/// Register a client; its secret is shown this once. Operators only.
#[utoipa::path(post, path = "", request_body = wire::NewClient, responses(
    (status = 201, body = wire::CreatedClient),
    (status = 409, description = "Another client calls itself so"),
))]
pub async fn create(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let command = Command {
        client_id: fields.optional_text("client_id"),
        public: fields.optional_bool("public").unwrap_or_default(),
        given: given(&mut fields),
    };
    fields.done()?;
    let created = create::run(&web.ctx, &caller, command).await?;
    let row = convert(list::one(&web.ctx, &caller, created.uid).await?);
    let client_secret = created.secret.map(|secret| secret.expose_secret().to_owned());
    Ok(answer(StatusCode::CREATED, JSON, &wire::CreatedClient { client_secret, row }))
}

/// One client. Operators only.
#[utoipa::path(get, path = "", params(("id" = uuid::Uuid, Path)), responses((status = 200, body = wire::Client)))]
pub async fn show(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let row = list::one(&web.ctx, &caller, ClientUid::from_uuid(id)).await?;
    Ok(answer(StatusCode::OK, JSON, &convert(row)))
}

/// Change a client. Operators only.
#[utoipa::path(patch, path = "", params(("id" = uuid::Uuid, Path)), request_body = wire::ClientChange,
    responses((status = 200, body = wire::Client)))]
pub async fn change(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::change(body.map);
    fields.refuse(&["client_id", "public"], "never changes so; ask for a new secret, or make another client");
    let given = given(&mut fields);
    fields.done()?;
    let uid = ClientUid::from_uuid(id);
    change::run(&web.ctx, &caller, uid, given).await?;
    Ok(answer(StatusCode::OK, JSON, &convert(list::one(&web.ctx, &caller, uid).await?)))
}

/// Delete a client: all that was opened through it ends at once. Operators only.
#[utoipa::path(delete, path = "", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Deleted"),
))]
pub async fn delete(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    delete::run(&web.ctx, &caller, ClientUid::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a client a new secret, shown this once; the one before counts no more. Operators only.
#[utoipa::path(post, path = "", params(("id" = uuid::Uuid, Path)), responses(
    (status = 201, body = wire::ClientSecret),
))]
pub async fn secret(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let secret = secret::run(&web.ctx, &caller, ClientUid::from_uuid(id)).await?;
    let shown = wire::ClientSecret { client_secret: secret.expose_secret().to_owned() };
    Ok(answer(StatusCode::CREATED, JSON, &shown))
}

fn given(fields: &mut Fields) -> Given {
    fields.refuse(&["id", "client_secret", "secret", "secret_digest"], "is not given: Herald makes it");
    Given {
        name: fields.clearable_text("name"),
        grants: fields.optional_texts("grants"),
        scopes: fields.optional_texts("scopes"),
        redirect_uris: fields.optional_texts("redirect_uris"),
        environment: fields.optional_bool("environment"),
    }
}

fn convert(row: Shown) -> wire::Client {
    wire::Client {
        id: row.uid.uuid(),
        client_id: row.client_id,
        name: row.name,
        grants: row.grants,
        scopes: row.scopes,
        redirect_uris: row.redirect_uris,
        environment: row.environment,
        public: row.public,
        created_at: row.created_at.rfc3339_millis(),
        updated_at: row.updated_at.rfc3339_millis(),
    }
}
