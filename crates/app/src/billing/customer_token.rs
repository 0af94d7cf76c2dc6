//! A customer's token for Stigg's widget (akto.md §3.7). Asks for `billing:read`, in the tenant of the credential and
//! in the one that is named.

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use domain::decision::Authority;
use domain::membership::Membership;
use domain::{Permission, TenantId};
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::{Failure, Kind};
use crate::principal::Caller;

#[derive(Debug)]
pub enum Error {
    /// Neither `billing_id` nor id of a tenant in which the caller may ask for this.
    NoSuchCustomer,
    /// `dialects.akto.stigg_signing_secret` is not set.
    NoSecret,
    Refused(Failure),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NoSuchCustomer => {
                Self::new(Kind::Invalid, "no_such_customer", "No such organization found")
            }
            Error::NoSecret => {
                Self::new(Kind::Invalid, "not_configured", "Stigg signing secret is not configured")
            }
            Error::Refused(failure) => failure,
        }
    }
}

/// `HMAC-SHA256 <id>:<hex>`, the form that Stigg's SDKs verify; it has no expiry.
pub async fn run(ctx: &Ctx, caller: &Caller, customer: Uuid) -> Result<String, Error> {
    authorize(ctx, caller, &Permission::BILLING_READ, caller.principal().tenant).await?;
    let live = caller.user().into_iter().flat_map(|profile| profile.live(ctx.now()));
    let is_meant = |membership: &&Membership| {
        let tenant = &membership.tenant;
        tenant.billing_id == Some(customer) || tenant.id == TenantId::from_uuid(customer)
    };
    if !live.filter(is_meant).any(|membership| permits(caller, membership)) {
        return Err(Error::NoSuchCustomer);
    }
    let secret = ctx.config.stigg_signing_secret.as_ref().ok_or(Error::NoSecret)?;
    Ok(sign(secret.expose_secret(), customer))
}

/// Whether the same credential, were it bound to that tenant, would permit it: its cap goes along.
fn permits(caller: &Caller, membership: &Membership) -> bool {
    let tenant = Some(membership.tenant.id);
    let here = &caller.principal().authority;
    let there = Authority { tenant, roles: membership.roles.clone(), ..here.clone() };
    there.decide(&Permission::BILLING_READ, tenant, caller.door).allowed
}

fn sign(secret: &str, customer: Uuid) -> String {
    let id = customer.hyphenated().to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, id.as_bytes());
    let mut token = format!("HMAC-SHA256 {id}:");
    for byte in tag.as_ref() {
        // A String takes whatever is written to it.
        let _ = write!(token, "{byte:02x}");
    }
    token
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_contract() {
        for (id, tag) in [
            (
                "550e8400-e29b-41d4-a716-446655440000",
                "218257cd53ab537c9768901463a861cb2f37410bffce42917d518f581d413ef2",
            ),
            (
                "3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01",
                "312bf92385d7480dac25e4de4c2337588365f99692976a6cab7b082292b2311c",
            ),
        ] {
            let customer = Uuid::try_parse(&id.to_uppercase()).unwrap();
            assert_eq!(sign("test-signing-secret", customer), format!("HMAC-SHA256 {id}:{tag}"));
        }
    }
}
