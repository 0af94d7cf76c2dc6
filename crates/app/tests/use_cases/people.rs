//! Users and members: who may do what to whom, and what must hold whoever does it at once.

mod address;
mod addressed;
mod ended;
mod last;
mod model;
mod paging;
mod patterns;
mod quota;
mod sight;
mod told;

use domain::{TenantId, UserId};
use herald_app::members::{Member, change, list::Query};
use herald_app::{Caller, Failure};
use testkit::Installation;

/// A session of a person of the demo, as a caller.
async fn caller(it: &Installation, email: &str) -> Caller {
    it.caller(&it.sign_in(email).await.token).await
}

fn roles(tenant: TenantId, user: UserId, roles: &[&str]) -> change::Command {
    let roles = Some(roles.iter().map(|role| (*role).to_owned()).collect());
    change::Command { tenant, user, roles, sites: None, expires_at: None, active: None }
}

async fn give(it: &Installation, by: &Caller, command: change::Command) -> Result<Member, Failure> {
    change::run(&it.ctx, by, command).await
}

fn from(after: &str, limit: i64) -> Query {
    Query { search: String::new(), after: after.to_owned(), limit }
}
