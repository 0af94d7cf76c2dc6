//! Making a user from the command line: the first ones, and on the day when nobody gets in. The rules of giving roles do
//! not bind it, the tenant's quota does: an operator, who needs no tenant, may raise it.

use domain::audit::{Actor, Origin};
use domain::{EmailAddress, TenantId, UserId};
use secrecy::SecretString;
use store::users::NewUser;
use store::{StoreError, roles, tenants};

use super::{Change, Made, Membership, profile, save};
use crate::Ctx;
use crate::authorize::Stop;
use crate::failure::{Failure, Kind};
use crate::users::password;

pub struct Command {
    pub email: EmailAddress,
    pub name: Option<String>,
    /// Keys of a tenant and of a role in it.
    pub membership: Option<(String, String)>,
    pub operator: bool,
    pub password: SecretString,
}

/// # Errors
/// `Invalid` names every field at fault; `Conflict` where the address is taken; `NotFound` names the tenant or role that is
/// not there; `Forbidden` with code `quota_exceeded`.
pub async fn run(ctx: &Ctx, command: Command) -> Result<UserId, Failure> {
    let name = command.name.filter(|name| !name.is_empty());
    // Else an export of the store could not be applied.
    let profile = Change { name: name.map(Some), ..Change::default() };
    profile::judge(&profile)?;
    let hash = password::hash(ctx, "password", &command.password).await?;
    let id = UserId::from_uuid(ctx.new_id());
    let wanted = match command.membership {
        None => None,
        Some((tenant, role)) => {
            let tenant = place(ctx, &tenant, &role).await?;
            Some(Membership { tenant, roles: Some(vec![role]), sites: Vec::new() })
        }
    };
    let event = ctx.event(Actor::COMMAND_LINE, "user.created", &Origin::default()).on("user", id.uuid());
    let user = NewUser {
        id,
        number: 0,
        email: command.email,
        name: None,
        operator: command.operator,
        verified: true,
        password_hash: Some(hash),
        default_tenant: wanted.as_ref().map(|wanted| wanted.tenant),
        created_by: "system".to_owned(),
    };
    let made = Made { user, profile, wanted, event, caller: None };
    match save(ctx, made).await {
        Ok(_) => Ok(id),
        Err(Stop::Failed(failure)) => Err(failure),
        Err(Stop::Refused(_)) => Err(Failure::forbidden()),
    }
}

/// The tenant, where the role is there too.
async fn place(ctx: &Ctx, tenant: &str, role: &str) -> Result<TenantId, Failure> {
    let missing = |kind: &str, key: &str| {
        Failure::new(Kind::NotFound, "not_found", format!("There is no {kind} {key}."))
    };
    let (tenant_key, role_key) = (tenant.to_owned(), role.to_owned());
    let found: Result<_, StoreError> = ctx
        .store
        .read(move |tx| {
            let (tenant, role) = (tenant_key.clone(), role_key.clone());
            Box::pin(async move {
                let Some(tenant) = tenants::by_key(tx, &tenant).await? else { return Ok(None) };
                Ok(Some((tenant.id, roles::by_key(tx, tenant.id, &role).await?.is_some())))
            })
        })
        .await;
    match found? {
        None => Err(missing("tenant", tenant)),
        Some((_, false)) => Err(missing("role", role)),
        Some((id, true)) => Ok(id),
    }
}
