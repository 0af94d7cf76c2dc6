//! The kinds of value: each makes one of the file's values into ours, or says what is wrong with it.

mod choice;
mod json;
mod moment;
mod name;
mod number;
mod secret;
mod text;

pub(super) use choice::{builtin, choice, enforcement, flag, utility};
pub(super) use json::{object, quotas};
pub(super) use moment::moment;
pub(super) use name::{assignable, pattern, role, site, tenant, user};
pub(super) use number::{amount, count, positive, whole};
pub(super) use secret::{
    Given, client_secret, digest, or_sealed, password, password_hash, seed, token_secret,
};
pub(super) use text::{
    client_id, email, endpoint_url, filled, key, network, permission, redirect_uri, scope, text, url, uuid,
};
