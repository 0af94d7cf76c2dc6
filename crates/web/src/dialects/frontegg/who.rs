//! Who may (frontegg.md §2, 3).

use app::Principal;
use axum::http::Method;
use domain::credential::CredentialKind;

use crate::extract::Demand;
use crate::extract::caller::{in_scope, of_user};
use crate::refusal::Refusal;

/// `U`: a user who signed in, here or in another dialect. An OAuth access token of a user counts, with scope `read`
/// for GET, else `write`; keys and signed tokens do not.
pub struct U;

impl Demand for U {
    fn admit(principal: &Principal, method: &Method) -> Result<(), Refusal> {
        match principal.credential.kind {
            CredentialKind::FronteggUser | CredentialKind::SessionToken | CredentialKind::OauthAccess => {}
            CredentialKind::ApiKey | CredentialKind::SignedToken => return Err(Refusal::NotAUser),
        }
        of_user(principal)?;
        in_scope(principal, method)
    }
}
