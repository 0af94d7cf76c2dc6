//! Who calls: the one way from a request to a principal, for every dialect.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use app::principal::{Entry, Principal, Subject};
use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use domain::audit::Origin;
use domain::credential::CredentialKind;
use domain::decision::Door;
use domain::standing::Dead;

use super::credential::{One, Sent};
use crate::dialect::Dialect;
use crate::frame::RequestMeta;
use crate::refusal::Refusal;
use crate::state::State;

/// What a route asks of a live credential before its use case is reached. A dialect with classes of its own
/// (Frontegg's `U`, `V`, `T`) writes its own.
pub trait Demand: Send + Sync + 'static {
    /// # Errors
    /// The refusal that the dialect words.
    fn admit(principal: &Principal, method: &Method) -> Result<(), Refusal>;
}

/// A user; a credential that is bound by scopes needs `read` for GET and HEAD, `write` for the rest.
pub struct OfUser;
/// A user, whatever the scope.
pub struct OfUserUnscoped;
/// Anything live: a user's, a client's, a tenant's own; scope as with [`OfUser`].
pub struct OfAnyone;

impl Demand for OfUser {
    fn admit(principal: &Principal, method: &Method) -> Result<(), Refusal> {
        of_user(principal)?;
        in_scope(principal, method)
    }
}

impl Demand for OfUserUnscoped {
    fn admit(principal: &Principal, _: &Method) -> Result<(), Refusal> {
        of_user(principal)
    }
}

impl Demand for OfAnyone {
    fn admit(principal: &Principal, method: &Method) -> Result<(), Refusal> {
        in_scope(principal, method)
    }
}

/// # Errors
/// `NotAUser` for a client's or a tenant's own.
pub fn of_user(principal: &Principal) -> Result<(), Refusal> {
    match principal.subject {
        Subject::User(_) => Ok(()),
        Subject::Tenant(_) | Subject::Client(_) => Err(Refusal::NotAUser),
    }
}

/// # Errors
/// `ScopeLacks` for a credential bound by scopes without the scope that the method asks for.
pub fn in_scope(principal: &Principal, method: &Method) -> Result<(), Refusal> {
    let scope = if method == Method::GET || method == Method::HEAD { "read" } else { "write" };
    if principal.credential.in_scope(scope) { Ok(()) } else { Err(Refusal::ScopeLacks(scope)) }
}

/// What the caller's credential proves, and nothing else: for the hot "who am I" routes. Whoever writes an audit
/// event takes [`Caller`].
pub struct Known<D, A = OfUser> {
    pub entry: Arc<Entry>,
    marker: PhantomData<fn() -> (D, A)>,
}

impl<D: Dialect, A: Demand> FromRequestParts<State> for Known<D, A> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let entry = prove::<D>(&parts.headers, state).await?;
        if let Some(meta) = parts.extensions.get::<RequestMeta>() {
            meta.is_with(entry.principal.credential.id);
        }
        if let Err(refusal) = A::admit(&entry.principal, &parts.method) {
            // Whoever words it may want to say who was refused.
            known(parts, &app::Caller::new(entry, D::DOOR, origin(parts)));
            return Err(refusal);
        }
        Ok(Self { entry, marker: PhantomData })
    }
}

/// Who calls, through which door, from where: what use cases ask for. Reads as the `app::Caller` it holds.
pub struct Caller<D, A = OfUser> {
    caller: app::Caller,
    marker: PhantomData<fn() -> (D, A)>,
}

impl<D, A> Caller<D, A> {
    pub fn into_inner(self) -> app::Caller {
        self.caller
    }
}

impl<D, A> Deref for Caller<D, A> {
    type Target = app::Caller;

    fn deref(&self) -> &app::Caller {
        &self.caller
    }
}

impl<D: Dialect, A: Demand> FromRequestParts<State> for Caller<D, A> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let Known { entry, .. } = Known::<D, A>::from_request_parts(parts, state).await?;
        let caller = app::Caller::new(entry, D::DOOR, origin(parts));
        known(parts, &caller);
        Ok(Self { caller, marker: PhantomData })
    }
}

/// Tells the frame who calls.
fn known(parts: &Parts, caller: &app::Caller) {
    if let Some(meta) = parts.extensions.get::<RequestMeta>() {
        meta.is_by(caller);
    }
}

/// Bytes of a path that the trail keeps.
const PATH: usize = 256;

/// From where a request comes; also for the public routes that sign people in: `origin: Origin` as an argument is
/// [`From`].
fn origin(parts: &Parts) -> Origin {
    let agent = parts.headers.get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
    // Cut here, once: whoever keeps it keeps no more than that.
    let user_agent = agent.map(|raw| domain::text::agent(&raw)).unwrap_or_default();
    let path = parts.uri.path();
    let call = format!("{} {}", parts.method, path.get(..PATH).unwrap_or(path));
    let of = |meta: &RequestMeta| Origin {
        ip: meta.ip.to_string(),
        request_id: meta.id().to_owned(),
        route: meta.template,
        ..Origin::default()
    };
    let from = parts.extensions.get::<RequestMeta>().map(of).unwrap_or_default();
    Origin { user_agent, call, ..from }
}

/// Where a public request comes from.
pub struct From {
    pub origin: Origin,
    /// The country of its address, `""` where unknown.
    pub place: String,
    pub ip: std::net::IpAddr,
}

impl FromRequestParts<State> for From {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let meta = parts.extensions.get::<RequestMeta>();
        let ip = meta.map_or(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), |meta| meta.ip);
        Ok(Self { origin: origin(parts), place: state.place(ip), ip })
    }
}

/// The principal behind what was presented, by the rules all dialects share.
pub(crate) async fn prove<D: Dialect>(headers: &HeaderMap, state: &State) -> Result<Arc<Entry>, Refusal> {
    let presented = D::presented(headers);
    let main = match (presented.main, presented.beside) {
        (One::Clash, _) => return Err(Refusal::Conflicting),
        (One::Value(_), One::Clash) if !presented.beside_may_be_dead => return Err(Refusal::Conflicting),
        (One::Nothing, _) => return Err(Refusal::NoCredential),
        (One::Value(sent), _) => sent,
    };
    let entry = live::<D>(main, state).await?;
    // Asked of the one that counts alone: beside it, such a token proves another identity like any other.
    if !D::TAKES_OAUTH && entry.principal.credential.kind == CredentialKind::OauthAccess {
        return Err(Refusal::Unproven { dead: Dead::Unknown, sent: main.by });
    }
    match presented.beside {
        One::Nothing => Ok(entry),
        // Two values in a header that does not count: whichever lives, one of them is somebody else.
        One::Clash => Err(Refusal::Conflicting),
        One::Value(beside) if beside.value == main.value => Ok(entry),
        One::Value(beside) => match live::<D>(beside, state).await {
            Ok(other) if other.principal.same_as(&entry.principal) => Ok(entry),
            Ok(_) => Err(Refusal::Conflicting),
            Err(Refusal::Unproven { .. }) if presented.beside_may_be_dead => Ok(entry),
            Err(refusal) => Err(refusal),
        },
    }
}

/// One look-up, and whether this door is open to what it found.
async fn live<D: Dialect>(sent: Sent<'_>, state: &State) -> Result<Arc<Entry>, Refusal> {
    let unknown = Refusal::Unproven { dead: Dead::Unknown, sent: sent.by };
    let Ok(text) = std::str::from_utf8(sent.value) else { return Err(unknown) };
    let entry = state.ctx.prove(text).await.map_err(|unproven| Refusal::of_unproven(unproven, sent.by))?;
    let principal = &entry.principal;
    if !principal.credential.opens_doors() {
        return Err(unknown);
    }
    // Above all tenants is nobody inside a product.
    let above = principal.tenant.is_none() && matches!(principal.subject, Subject::User(_));
    if above && D::DOOR == Door::Product {
        return Err(Refusal::Unproven { dead: Dead::MembershipEnded, sent: sent.by });
    }
    Ok(entry)
}
