//! What a world file writes: rows that are compared whole and replaced whole, table by table.
//!
//! A plan is made on what was read before; in the transaction each row is locked, read again ([`again`]) and
//! written ([`update`]) only where it is still what the plan saw. The locking is an update that changes nothing,
//! since `FOR UPDATE` is outside the subset (engine.md §3).

mod cell;
#[macro_use]
mod record;
pub mod activity;
pub mod client;
pub mod endpoint;
pub mod export;
mod judge;
mod links;
pub mod membership;
pub mod network;
pub mod permission;
pub mod prune;
pub mod role;
pub mod site;
pub mod tenant;
pub mod token;
pub mod user;
mod way;
pub mod webhook;

pub use judge::{lock_operators, stamp, take_stamp, tenants_of_role, tenants_of_user};
pub use links::{MEMBERSHIP_ROLES, MEMBERSHIP_SITES, Relation, TOKEN_ROLES, link, linked, unlink};
pub use prune::Holder;
pub use record::{Record, Table, add, again, hold, insert, remove, save, update};
pub use way::make_way;

use crate::Statement;

pub(crate) static STATEMENTS: &[&[&Statement]] = &[
    activity::STATEMENTS,
    client::STATEMENTS,
    endpoint::STATEMENTS,
    export::STATEMENTS,
    judge::STATEMENTS,
    links::STATEMENTS,
    membership::STATEMENTS,
    network::STATEMENTS,
    permission::STATEMENTS,
    prune::STATEMENTS,
    role::STATEMENTS,
    site::STATEMENTS,
    tenant::STATEMENTS,
    token::STATEMENTS,
    user::STATEMENTS,
    way::STATEMENTS,
    webhook::STATEMENTS,
];
