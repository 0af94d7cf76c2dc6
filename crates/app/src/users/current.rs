//! The current password, asked for before something of one's own is changed that leads to everything else: whoever holds a
//! session alone does not become the account.

use domain::{EmailAddress, Timestamp, UserId};
use secrecy::SecretString;
use store::{StoreError, WriteTx, users};

use crate::Ctx;
use crate::failure::{Failure, Kind};
use crate::principal::{Caller, Profile};
use crate::sessions::{Refused, count_failure, hold_failures, try_password};

/// A password that was right a moment ago. To be judged again in the transaction of what it is for.
#[derive(Clone)]
pub(super) struct Current {
    user: UserId,
    address: EmailAddress,
    /// The hash that was verified.
    hash: String,
}

impl Current {
    /// Slow. A wrong one counts for lockout.
    ///
    /// # Errors
    /// `Forbidden` with code `wrong_password`; `Unavailable` where the pool is full.
    pub(super) async fn prove(
        ctx: &Ctx,
        caller: &Caller,
        profile: &Profile,
        password: &SecretString,
    ) -> Result<Self, Failure> {
        let address = profile.user.email.clone();
        match try_password(ctx, address.as_str(), password).await {
            Ok(tried) => Ok(Self { user: profile.user.id, address, hash: tried.hash }),
            Err(Refused::Invalid(_)) => {
                count_failure(ctx, address.as_str(), "password", &caller.origin, Some(profile)).await?;
                Err(wrong())
            }
            Err(Refused::Busy(busy)) => Err(busy.into()),
            Err(Refused::Store(error)) => Err(error.into()),
        }
    }

    /// Comes first in the transaction: guesses that were under way when a lockout began do not come in.
    pub(super) async fn not_locked_out(&self, tx: &mut WriteTx<'_>, now: Timestamp) -> Result<(), Failure> {
        if hold_failures(tx, &self.address).await?.is_locked_out(now) { Err(wrong()) } else { Ok(()) }
    }

    /// Behind `store::users::hold`: whether it is still the password.
    pub(super) async fn stands(&self, tx: &mut WriteTx<'_>) -> Result<bool, StoreError> {
        let login = users::login_by_id(tx, self.user).await?;
        Ok(login.and_then(|login| login.password_hash).as_deref() == Some(self.hash.as_str()))
    }
}

fn wrong() -> Failure {
    Failure::new(Kind::Forbidden, "wrong_password", "The current password is wrong.")
}

pub(super) fn meanwhile() -> Failure {
    Failure::new(Kind::Conflict, "conflict", "The password was changed meanwhile.")
}
