//! Ids in paths.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use uuid::Uuid;

use crate::refusal::Refusal;
use crate::state::State;

/// The one parameter of the path, a UUID in any case; whatever is none names nothing that is there.
pub struct Id(pub Uuid);

impl FromRequestParts<State> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let none = || Refusal::from(app::Failure::not_found());
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| none())?;
        domain::UserId::parse(&text).map(|id| Self(id.uuid())).ok_or_else(none)
    }
}
