//! design.md §5: invitations and password resets end by use, by replacement, by their time; and they are judged when
//! they are used.

mod accept;
mod ended;
mod first;
mod known;
mod mail;
mod race;
mod reset;

use domain::EmailAddress;
use herald_app::Failure;
use herald_app::invitations::accept::{self as accepting, Accepted};
use herald_app::invitations::create::{self, Invited};
use herald_app::links::Delivery;
use herald_app::tenants::TenantName;
use secrecy::{ExposeSecret, SecretString};
use testkit::{Installation, origin};

/// Of nobody yet.
pub const NEU: &str = "neu.kraft@northwind.example";
pub const PASSWORD: &str = "a password of neu's own";

pub fn inviting(email: &str, role: &str) -> create::Command {
    create::Command {
        email: EmailAddress::parse(email).unwrap(),
        roles: vec![role.to_owned()],
        sites: Vec::new(),
        member_until: None,
        name: None,
        lives: None,
    }
}

pub async fn invite_with(
    it: &Installation,
    by: &str,
    tenant: &str,
    command: create::Command,
) -> Result<Invited, Failure> {
    let caller = it.caller(by).await;
    create::run(&it.ctx, &caller, &TenantName::parse(tenant), command).await
}

/// The token of an invitation that was handed over.
pub async fn invite(it: &Installation, by: &str, tenant: &str, (email, role): (&str, &str)) -> String {
    let invited = invite_with(it, by, tenant, inviting(email, role)).await.unwrap();
    handed(&invited.delivery)
}

pub fn handed(delivery: &Delivery) -> String {
    let Delivery::Hand(link) = delivery else { panic!("it went by mail") };
    testkit::mail::token(link.expose_secret())
}

pub fn accepting(token: &str, password: &str) -> accepting::Command {
    accepting::Command {
        token: SecretString::from(token),
        password: Some(SecretString::from(password)),
        code: None,
        name: None,
        origin: origin(),
    }
}

pub async fn accept(it: &Installation, token: &str, password: &str) -> Result<Accepted, Failure> {
    accepting::run(&it.ctx, None, accepting(token, password)).await
}

/// `"in"`, or the code of the refusal.
pub async fn accepted(it: &Installation, token: &str, password: &str) -> &'static str {
    match accept(it, token, password).await {
        Ok(_) => "in",
        Err(failure) => failure.code,
    }
}
