//! Ids in paths.

use app::tenants::TenantName;
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
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| none())?;
        uuid(&text).map(Self)
    }
}

/// The two parameters of the path, UUIDs.
pub struct Ids(pub Uuid, pub Uuid);

impl FromRequestParts<State> for Ids {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let Path((one, other)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| none())?;
        Ok(Self(uuid(&one)?, uuid(&other)?))
    }
}

/// The tenant that the path names by UUID or key: its one parameter.
pub struct InTenant(pub TenantName);

impl FromRequestParts<State> for InTenant {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| none())?;
        Ok(Self(TenantName::parse(&text)))
    }
}

/// A tenant, by UUID or key, and something in it, by UUID: the two parameters of the path.
pub struct WithinTenant(pub TenantName, pub Uuid);

impl FromRequestParts<State> for WithinTenant {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let Path((tenant, id)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| none())?;
        Ok(Self(TenantName::parse(&tenant), uuid(&id)?))
    }
}

fn uuid(text: &str) -> Result<Uuid, Refusal> {
    domain::UserId::parse(text).map(domain::UserId::uuid).ok_or_else(none)
}

fn none() -> Refusal {
    Refusal::from(app::Failure::not_found())
}
