//! The one rule for new passwords, and their hashing.

use secrecy::{ExposeSecret, SecretString};

use crate::Ctx;
use crate::failure::Failure;
use crate::passwords::HashError;

/// # Errors
/// `Invalid` names `field`.
pub(crate) fn judge(ctx: &Ctx, field: &'static str, password: &SecretString) -> Result<(), Failure> {
    let limits = ctx.config.passwords;
    let text = password.expose_secret();
    if text.len() > limits.max_bytes {
        return Err(Failure::invalid_field(field, format!("must have at most {} bytes", limits.max_bytes)));
    }
    if text.chars().count() < limits.min_length {
        return Err(Failure::invalid_field(
            field,
            format!("must have at least {} characters", limits.min_length),
        ));
    }
    // No request can hold it (PostgreSQL has no text with it), so nobody could sign in with such a password.
    if text.contains('\0') {
        return Err(Failure::invalid_field(field, "must not hold the character U+0000"));
    }
    Ok(())
}

/// Judges length and characters, then hashes in the pool.
///
/// # Errors
/// `Invalid` names `field`; `Unavailable` when the pool is full.
pub(crate) async fn hash(ctx: &Ctx, field: &'static str, password: &SecretString) -> Result<String, Failure> {
    judge(ctx, field, password)?;
    match ctx.hasher.hash(password.clone(), ctx.chance()).await {
        Ok(hash) => Ok(hash),
        Err(HashError::Busy(busy)) => Err(busy.into()),
        Err(HashError::TooLong) => Err(Failure::invalid_field(field, "is too long")),
    }
}
