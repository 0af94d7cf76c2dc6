//! Users: their own profile and password, and what the operator does from the command line.

pub mod change_password;
pub mod change_profile;
pub mod create;
pub mod list;
pub mod lock;
mod password;
pub mod set_password;
