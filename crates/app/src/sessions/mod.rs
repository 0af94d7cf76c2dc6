//! Interactive sign-ins: opening, refreshing, listing and ending them.

pub mod end;
mod failures;
mod grant;
pub mod list;
pub mod of_others;
mod prove;
pub mod refresh;
mod second_factor;
pub mod sign_in;
pub mod sign_out;

pub(crate) use failures::{
    Refused, count as count_failure, forget as forget_failures, hold as hold_failures, try_password,
};
pub use grant::Grant;
pub(crate) use prove::{Proven, link_proves, password_proves};
pub(crate) use sign_in::opaque;
