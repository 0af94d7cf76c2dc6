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
    (status = 200, body = wire::User),
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
