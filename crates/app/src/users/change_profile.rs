//! Changing one's own profile. Asks for oneself, interactively. Audits `user.profile_changed`.

use domain::user::User;
use store::users::{self, Profile};

use crate::Ctx;
use crate::authorize::{interactive, person};
use crate::failure::{Failure, FieldFault};
use crate::principal::{Caller, judge_again};

/// `None`: leave it; `Some(None)`: take it away.
#[derive(Clone, Debug, Default)]
pub struct Command {
    pub name: Option<Option<String>>,
    pub first_name: Option<Option<String>>,
    pub middle_name: Option<Option<String>>,
    pub last_name: Option<Option<String>>,
    pub phone: Option<Option<String>>,
    pub picture: Option<Option<String>>,
    /// JSON text of an object, 16 KiB at most.
    pub metadata: Option<String>,
}

const NAME_CHARS: usize = 255;
const PICTURE_CHARS: usize = 4_095;
const METADATA_BYTES: usize = 16 * 1024;

/// What changes nothing is not written and not audited.
///
/// # Errors
/// `Invalid` names every field at fault.
pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<(), Failure> {
    let id = person(caller)?;
    interactive(caller)?;
    judge(&command)?;
    let event = ctx.event_by(caller, "user.profile_changed").on("user", id.uuid());
    let by = caller.user().map(|p| p.user.email.to_string()).unwrap_or_default();
    let (now, caller) = (ctx.now(), caller.clone());
    ctx.store
        .write(move |tx| {
            let (command, event, by) = (command.clone(), event.clone(), by.clone());
            let caller = caller.clone();
            Box::pin(async move {
                judge_again(tx, &caller, &None, now).await?;
                // Two at once that change different fields must both be kept.
                users::hold(tx, id).await?;
                let user = users::by_id(tx, id).await?.ok_or_else(Failure::not_found)?;
                let Some(profile) = merged(user, command) else { return Ok(()) };
                users::set_profile(tx, id, &profile, &by, now).await?;
                event.write(tx).await?;
                Ok(())
            })
        })
        .await
}

fn judge(command: &Command) -> Result<(), Failure> {
    let texts = [
        ("name", &command.name, NAME_CHARS),
        ("first_name", &command.first_name, NAME_CHARS),
        ("middle_name", &command.middle_name, NAME_CHARS),
        ("last_name", &command.last_name, NAME_CHARS),
        ("phone", &command.phone, NAME_CHARS),
        ("picture", &command.picture, PICTURE_CHARS),
    ];
    let mut faults: Vec<FieldFault> = Vec::new();
    for (field, value, max) in texts {
        if let Some(Some(text)) = value
            && let Err(unfit) = domain::text::name(text, max)
        {
            faults.push(FieldFault { field, message: unfit.to_string().into() });
        }
    }
    if command.metadata.as_ref().is_some_and(|text| text.len() > METADATA_BYTES) {
        faults.push(FieldFault { field: "metadata", message: "must have at most 16 KiB".into() });
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(faults)) }
}

/// The profile as it shall be; `None`: as it is.
fn merged(user: User, command: Command) -> Option<Profile> {
    let is = Profile {
        name: user.name,
        first_name: user.first_name,
        middle_name: user.middle_name,
        last_name: user.last_name,
        phone: user.phone,
        picture: user.picture,
        metadata: user.metadata,
    };
    let shall = Profile {
        name: command.name.unwrap_or_else(|| is.name.clone()),
        first_name: command.first_name.unwrap_or_else(|| is.first_name.clone()),
        middle_name: command.middle_name.unwrap_or_else(|| is.middle_name.clone()),
        last_name: command.last_name.unwrap_or_else(|| is.last_name.clone()),
        phone: command.phone.unwrap_or_else(|| is.phone.clone()),
        picture: command.picture.unwrap_or_else(|| is.picture.clone()),
        metadata: command.metadata.unwrap_or_else(|| is.metadata.clone()),
    };
    (shall != is).then_some(shall)
}
