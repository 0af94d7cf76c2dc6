//! Herald's own API, what the frame does for every face, and who counts as the caller.

mod agents;
mod call;
mod callers;
mod clients;
mod day;
mod decisions;
mod endpoints;
mod frame;
mod invitations;
mod roles;
mod tenants;
mod trail;
mod users;
mod v1;
