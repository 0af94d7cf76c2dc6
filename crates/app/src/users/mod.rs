//! Users: the person as a whole, whoever acts on it: oneself, an operator, the administrator of the only tenant, and the
//! command line. What belongs to a tenant stands in `members`.

pub mod change_password;
pub mod change_profile;
pub mod create;
mod current;
pub mod delete;
pub mod list;
pub mod lock;
pub(crate) mod password;
mod profile;
pub mod set_password;
pub mod show;
pub mod update;
mod whose;

use domain::{EmailAddress, UserId};

use crate::principal::Caller;

pub use profile::Change as ProfileChange;
pub(crate) use update::{stand, standing};
pub use whose::Claim;
pub(crate) use whose::{Owned, of_another, owned, sees, told_in};

/// A user as a caller names him.
#[derive(Clone, Debug)]
pub enum UserName {
    Id(UserId),
    Email(EmailAddress),
}

impl From<UserId> for UserName {
    fn from(id: UserId) -> Self {
        Self::Id(id)
    }
}

impl From<EmailAddress> for UserName {
    fn from(email: EmailAddress) -> Self {
        Self::Email(email)
    }
}

/// How a row says who changed it: the e-mail of a person, or `system` (insights.md §4).
pub(crate) fn by(caller: &Caller) -> String {
    caller.user().map_or_else(|| "system".to_owned(), |profile| profile.user.email.to_string())
}
