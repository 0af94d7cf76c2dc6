//! The guards of akto.md §2, which decide before the body is looked into. The use cases ask again: this only puts the
//! question where the contract has it, and words the answer.

use std::marker::PhantomData;
use std::ops::Deref;

use app::authorize::authorize;
use app::{Failure, Kind, Principal};
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use domain::Permission;

use super::{Akto, convert};
use crate::extract::caller::{in_scope, of_user};
use crate::extract::{Caller, Demand};
use crate::refusal::Refusal;
use crate::state::State;

/// A user. Who is bound by scopes needs `read`: all calls here do no more, though they are POSTs.
pub struct Reads;

impl Demand for Reads {
    fn admit(principal: &Principal, _: &Method) -> Result<(), Refusal> {
        of_user(principal)?;
        in_scope(principal, &Method::GET)
    }
}

/// A permission that a call is guarded by.
pub trait Guard: Send + Sync + 'static {
    const PERMISSION: Permission;
}

macro_rules! guards {
    ($($name:ident = $permission:ident;)*) => {$(
        pub struct $name;

        impl Guard for $name {
            const PERMISSION: Permission = Permission::$permission;
        }
    )*};
}

guards! {
    Roles = ROLES_READ;
    Endpoints = ENDPOINTS_READ;
    Tokens = TOKENS_READ;
    Billing = BILLING_READ;
    Agents = AGENTS_READ;
}

/// A user who passes the guard. Reads as the `app::Caller` it holds.
pub struct Guarded<G> {
    caller: Caller<Akto, Reads>,
    marker: PhantomData<fn() -> G>,
}

impl<G> Deref for Guarded<G> {
    type Target = app::Caller;

    fn deref(&self) -> &app::Caller {
        &self.caller
    }
}

impl<G: Guard> FromRequestParts<State> for Guarded<G> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let tenant = caller.principal().tenant;
        let asked = authorize(&state.ctx, &caller, &G::PERMISSION, tenant).await;
        asked.map_err(|failure| worded(&caller, &G::PERMISSION, failure))?;
        Ok(Self { caller, marker: PhantomData })
    }
}

/// In Akto's words, naming the role that does not permit it: the cap's where the user's own would.
fn worded(caller: &app::Caller, permission: &Permission, failure: Failure) -> Refusal {
    if failure.kind != Kind::Forbidden {
        return failure.into();
    }
    let authority = &caller.principal().authority;
    let own = authority.roles.iter().any(|role| role.permits(permission).is_some());
    let role = match &authority.cap {
        Some(cap) if own => convert::role(std::slice::from_ref(cap)),
        Some(_) | None => convert::role(&authority.roles),
    };
    let public = format!("The role '{}' does not have access.", convert::display_name(role)).into();
    Failure { public, ..failure }.into()
}
