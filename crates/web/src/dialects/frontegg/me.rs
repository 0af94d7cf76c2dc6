//! Who am I (group Users, frontegg.md §5).

use app::{Failure, catalogue};
use axum::extract::State;
use axum::response::Response;

use super::convert::{self, Scene};
use super::who::U;
use super::{Frontegg, wire};
use crate::dialects::{JSON, Ready, ready};
use crate::extract::Known;
use crate::refusal::Refusal;

/// The profile of the logged-in user.
#[utoipa::path(get, path = "", responses(
    (status = 200, body = wire::User, example = json!({
        "id": "0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01", "email": "mira.holt@northwind.example", "name": "Mira Holt",
        "profilePictureUrl": "", "sub": "0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01", "verified": true,
        "mfaEnrolled": false, "mfaBypass": false, "phoneNumber": "+351 555 0100", "provider": "local",
        "tenantId": "3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01",
        "tenantIds": ["3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01", "01a20244-e800-7d41-8b1f-2c9a7e4d5f02"],
        "activatedForTenant": true, "isLocked": false,
        "tenants": [{"tenantId": "01a20244-e800-7d41-8b1f-2c9a7e4d5f02", "roles": [{
            "id": "8d11ea39-18ae-58b9-8ba2-02f5123ee23e", "vendorId": "5d2f7c1e-8a43-4b60-9c1d-7e0a2b4c6d01",
            "tenantId": "01a20244-e800-7d41-8b1f-2c9a7e4d5f02", "key": "guest", "name": "Guest",
            "description": "", "isDefault": true, "firstUserRole": false, "level": 5,
            "createdAt": "2026-11-22T08:00:00.000Z", "updatedAt": "2026-11-22T08:00:00.000Z",
            "permissions": ["fa5c2135-23f7-55f0-8dd0-be404acd5219"]}]}],
        "invisible": false, "superUser": false, "metadata": "{\"theme\":\"dark\"}", "vendorMetadata": "{}",
        "createdAt": "2026-11-22T08:00:00.000Z", "lastLogin": "2026-11-22T09:00:00.000Z",
        "subAccountAccessAllowed": false, "managedBy": "frontegg"})),
    (status = "4XX", body = wire::Refused<'static>),
    (status = "5XX", body = wire::Refused<'static>),
))]
pub async fn me(State(web): State<crate::State>, caller: Known<Frontegg, U>) -> Result<Response, Refusal> {
    let ctx = &web.ctx;
    let principal = &caller.entry.principal;
    let (Some(profile), Some(tenant)) = (principal.profile(), principal.tenant) else {
        return Err(Refusal::NotAUser);
    };
    // The entry hangs on the catalogue too, so what was made of it stands as long as the entry.
    let made = caller.entry.answers.get(Ready::FronteggMe as usize).is_some_and(|slot| slot.get().is_some());
    let catalogue =
        if made { Vec::new() } else { catalogue::permissions(ctx).await.map_err(Failure::from)? };
    let scene = Scene { vendor_id: ctx.vendor_id, catalogue: &catalogue, now: ctx.now() };
    Ok(ready(&caller.entry, Ready::FronteggMe, JSON, || convert::me(profile, tenant, scene)))
}
