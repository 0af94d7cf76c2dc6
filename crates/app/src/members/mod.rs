//! Users in a tenant: listing, adding, changing, removing. What belongs to the person as a whole stands in `users`.

pub mod add;
mod addressed;
pub mod appoint;
pub mod change;
pub mod dismiss;
mod held;
pub mod list;
pub mod matching;
mod named;
pub mod remove;
mod seat;
pub(crate) mod term;
mod told;

use std::sync::Arc;

use domain::tenant::Site;
use domain::user::User;
use domain::{Role, Timestamp};

pub use addressed::Error as AddressedError;
pub(crate) use named::{by_key as role_by_key, default_roles, roles as named_roles, sites as named_sites};
use seat::leave;
pub(crate) use seat::{Wanted, all_assignable, all_takeable, join};
pub(crate) use told::keys;

/// A member as lists show one: the membership live or not.
#[derive(Clone, Debug)]
pub struct Member {
    pub user: User,
    /// Of the membership, by itself.
    pub active: bool,
    pub expires_at: Option<Timestamp>,
    pub joined_at: Timestamp,
    /// Strongest first.
    pub roles: Vec<Arc<Role>>,
    /// By name.
    pub sites: Vec<Site>,
}

/// Roles or sites that one membership may be given at most.
pub const MOST: usize = 100;
