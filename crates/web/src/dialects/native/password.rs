//! `/v1/me/password`.

use app::users::change_password::{self, Command};
use axum::extract::State;
use axum::http::StatusCode;

use super::fields::Fields;
use super::{Native, wire};
use crate::extract::{Caller, Object};
use crate::refusal::Refusal;

/// Change one's password. Ends every other session.
#[utoipa::path(post, path = "", request_body = wire::NewPassword, responses(
    (status = 204, description = "Changed"),
    (status = 403, description = "`wrong_password`, or a credential that a program holds"),
))]
pub async fn change(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    body: Object<Native>,
) -> Result<StatusCode, Refusal> {
    let mut fields = Fields::of(body.map);
    let command = Command { current: fields.secret("current_password"), new: fields.secret("new_password") };
    fields.done()?;
    change_password::run(&web.ctx, &caller, command).await?;
    Ok(StatusCode::NO_CONTENT)
}
