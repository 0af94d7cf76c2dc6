//! A new password for somebody who has none or forgot it: by a link that works once, within an hour.

pub mod ask;
pub mod complete;
pub mod issue;

use std::time::Duration;

use domain::ids::LinkId;
use domain::link::{Aim, Link};
use domain::{Timestamp, UserId};

use crate::Ctx;

/// What a link to a new password lives.
pub const LIVES: Duration = Duration::from_hours(1);
/// Between two letters to one person.
const PAUSE: Duration = Duration::from_mins(1);
/// That long a link that was mailed does not make way for one that anybody may ask for.
const STAYS: Duration = Duration::from_mins(10);

fn link(ctx: &Ctx, user: UserId, by: Option<UserId>, mailed: bool) -> Link {
    let now: Timestamp = ctx.now();
    Link {
        id: LinkId::from_uuid(ctx.new_id()),
        aim: Aim::PasswordReset(user),
        created_by: by,
        mailed,
        created_at: now,
        expires_at: now.plus(LIVES),
        used_at: None,
    }
}
