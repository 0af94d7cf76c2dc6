//! Locking and unlocking from the command line. A lock ends sessions and suspends tokens until unlocked.
//! Audits `user.locked`, `user.unlocked`.

use domain::EmailAddress;
use domain::audit::{Actor, Origin};
use store::{WriteTx, memberships, sessions, tenants, users};

use crate::Ctx;
use crate::failure::{Failure, Kind};
use crate::sessions::forget_failures;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Changed,
    /// It was so before.
    Unchanged,
}

/// # Errors
/// `NotFound` where nobody has that address; `Conflict` where the last administrator of a tenant, or the last
/// operator, would be locked out.
pub async fn run(ctx: &Ctx, email: EmailAddress, locked: bool) -> Result<Done, Failure> {
    let action = if locked { "user.locked" } else { "user.unlocked" };
    let event = ctx.event(Actor::COMMAND_LINE, action, &Origin::default());
    let now = ctx.now();
    ctx.store
        .write(move |tx| {
            let (email, event) = (email.clone(), event.clone());
            Box::pin(async move {
                let user = users::by_email(tx, &email).await?.ok_or_else(Failure::not_found)?;
                if locked && !user.locked && user.active {
                    someone_remains(tx, &user, now).await?;
                }
                let changed = users::set_locked(tx, user.id, locked, "system", now).await?;
                // Unlocking lets somebody in again: also out of a lockout by failed attempts.
                let forgotten = !locked && forget_failures(tx, &email).await?;
                if !changed && !forgotten {
                    return Ok(Done::Unchanged);
                }
                if locked {
                    sessions::end_all(tx, user.id, None, now).await?;
                }
                event.on("user", user.id.uuid()).write(tx).await?;
                Ok(Done::Changed)
            })
        })
        .await
}

/// Every tenant that the user administers keeps another administrator; the installation another operator.
async fn someone_remains(
    tx: &mut WriteTx<'_>,
    user: &domain::user::User,
    now: domain::Timestamp,
) -> Result<(), Failure> {
    let mut administered: Vec<_> = memberships::of_user(tx, user.id)
        .await?
        .into_iter()
        .filter(|m| m.is_live(now) && m.roles.iter().any(|role| role.administers()))
        .map(|m| m.tenant)
        .collect();
    administered.sort_by_key(|tenant| tenant.id);
    for tenant in administered {
        tenants::revise(tx, tenant.id).await?;
        if memberships::other_administrators(tx, tenant.id, user.id, now).await? == 0 {
            let text = format!("This is the last administrator of {}; make another one first.", tenant.key);
            return Err(Failure::new(Kind::Conflict, "last_administrator", text));
        }
    }
    if user.operator {
        store::world::lock_operators(tx).await?;
    }
    if user.operator && memberships::other_operators(tx, user.id).await? == 0 {
        let text = "This is the last operator of the installation; make another one first.";
        return Err(Failure::new(Kind::Conflict, "last_operator", text));
    }
    Ok(())
}
