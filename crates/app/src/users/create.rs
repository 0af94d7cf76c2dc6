//! Making a user from the command line. Audits `user.created`.

use domain::audit::{Actor, Origin};
use domain::{EmailAddress, UserId};
use secrecy::SecretString;
use store::numbers::Counted;
use store::users::NewUser;
use store::{StoreError, memberships, roles, tenants, users};

use super::password;
use crate::Ctx;
use crate::failure::{Failure, Kind};

pub struct Command {
    pub email: EmailAddress,
    pub name: Option<String>,
    /// Keys of a tenant and of a role in it.
    pub membership: Option<(String, String)>,
    pub operator: bool,
    pub password: SecretString,
}

/// Attempts at a number that a world file may have taken meanwhile.
const NUMBERS: usize = 3;

/// # Errors
/// `Conflict` where the address is taken; `NotFound` names the tenant or role that is not there.
pub async fn run(ctx: &Ctx, command: Command) -> Result<UserId, Failure> {
    let hash = password::hash(ctx, "password", &command.password).await?;
    let id = UserId::from_uuid(ctx.new_id());
    for attempt in 1.. {
        let user = NewUser {
            id,
            number: ctx.store.next_number(Counted::User).await?,
            email: command.email.clone(),
            name: command.name.clone(),
            operator: command.operator,
            password_hash: Some(hash.clone()),
            default_tenant: None,
            created_by: "system".to_owned(),
        };
        match keep(ctx, user, command.membership.clone()).await {
            Err(Refused::Store(StoreError::Conflict { field: "number" })) if attempt < NUMBERS => {}
            Ok(()) => break,
            Err(Refused::Store(error)) => return Err(error.into()),
            Err(Refused::Missing(what)) => return Err(Failure::new(Kind::NotFound, "not_found", what)),
        }
    }
    Ok(id)
}

enum Refused {
    Missing(String),
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

async fn keep(ctx: &Ctx, user: NewUser, membership: Option<(String, String)>) -> Result<(), Refused> {
    let event = ctx.event(Actor::COMMAND_LINE, "user.created", &Origin::default()).on("user", user.id.uuid());
    let now = ctx.now();
    ctx.store
        .write(move |tx| {
            let (mut user, membership, event) = (user.clone(), membership.clone(), event.clone());
            Box::pin(async move {
                let Some((tenant, role)) = membership else {
                    users::add(tx, &user, now).await?;
                    return Ok(event.write(tx).await?);
                };
                let missing = |kind: &str, key: &str| Refused::Missing(format!("There is no {kind} {key}."));
                let home = tenants::by_key(tx, &tenant).await?.ok_or_else(|| missing("tenant", &tenant))?;
                let held = roles::by_key(tx, home.id, &role).await?.ok_or_else(|| missing("role", &role))?;
                user.default_tenant = Some(home.id);
                users::add(tx, &user, now).await?;
                memberships::add(tx, user.id, home.id, held.id, now).await?;
                Ok(event.in_tenant(Some(home.id)).write(tx).await?)
            })
        })
        .await
}
