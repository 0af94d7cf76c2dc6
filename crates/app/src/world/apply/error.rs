//! Why an apply wrote nothing.

use store::StoreError;

use crate::seal::CryptoFailure;
use crate::world::Fault;

/// Nothing was written, whichever it is.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Sorted by line.
    #[error("the world file has {} and nothing was written; mend the lines named", faults(.0))]
    Faults(Vec<Fault>),
    /// The plan would leave a tenant or the installation without anybody to run it.
    #[error("{0}")]
    Refused(String),
    #[error(
        "the password hashing queue stayed full and nothing was written; try again when fewer people sign in"
    )]
    Busy,
    #[error("the store changed again and again under the plan and nothing was written; try again")]
    Moving,
    #[error("nothing was written: {0}")]
    Store(#[from] StoreError),
    #[error("a secret could not be sealed and nothing was written: {0}")]
    Crypto(#[from] CryptoFailure),
}

fn faults(list: &[Fault]) -> String {
    if list.len() == 1 { "one fault".to_owned() } else { format!("{} faults", list.len()) }
}

/// Why one attempt ended.
pub(super) enum Stop {
    /// A row is no longer what the plan was made on.
    Moved,
    /// All has been written, and is taken back.
    Rehearsed,
    Failed(ApplyError),
}

impl From<ApplyError> for Stop {
    fn from(error: ApplyError) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<CryptoFailure> for Stop {
    fn from(error: CryptoFailure) -> Self {
        Self::Failed(error.into())
    }
}
