//! Values that an export sealed, opened where they stand for the id that they were sealed for.

use std::collections::HashMap;

use super::error::{ApplyError, Stop};
use crate::Ctx;
use crate::seal::{OpenError, Place};
use crate::world::file::{Secret, Token, User};
use crate::world::{Fault, World};

/// # Errors
/// The faults, of values that do not open and of tokens that have the same secret.
pub(super) fn world(ctx: &Ctx, mut world: World) -> Result<World, Stop> {
    let mut faults = Vec::new();
    for row in &mut world.users {
        faults.extend(user(ctx, row).err());
    }
    for row in &mut world.tokens {
        faults.extend(token(ctx, row).err());
    }
    if world.tokens.iter().any(|row| row.sealed.is_some()) {
        same_secret(&world.tokens, &mut faults);
    }
    if faults.is_empty() { Ok(world) } else { Err(ApplyError::Faults(super::sorted(faults)).into()) }
}

fn user(ctx: &Ctx, row: &mut User) -> Result<(), Fault> {
    let Some((sealed, id)) = row.totp_sealed.as_ref().zip(row.id) else { return Ok(()) };
    let id = id.uuid();
    let place = Place { table: "users", column: "totp_sealed", row: id.as_bytes() };
    let seed = ctx.sealer.open(place, sealed).map_err(|why| row.place.fault(told("totp_secret", why)))?;
    row.totp_secret = Some(seed.to_vec().into());
    Ok(())
}

fn token(ctx: &Ctx, row: &mut Token) -> Result<(), Fault> {
    let Some((sealed, id)) = row.sealed.as_ref().zip(row.id) else { return Ok(()) };
    let id = id.uuid();
    let place = Place { table: "tokens", column: "sealed", row: id.as_bytes() };
    let key = ctx.sealer.open(place, sealed).map_err(|why| row.place.fault(told("secret", why)))?;
    let key = std::str::from_utf8(&key);
    let key = key.map_err(|_| row.place.fault(told("secret", OpenError::Damaged)))?;
    row.secret = Some(Secret::Text(key.into()));
    Ok(())
}

fn told(key: &str, why: OpenError) -> String {
    match why {
        OpenError::WrongKey => {
            format!("{key} was sealed under another master key; give that one, or the value in clear")
        }
        OpenError::Damaged => {
            format!("{key} is damaged, or was sealed for another id; take both as the export has them")
        }
    }
}

/// The reader saw those in clear only.
fn same_secret(tokens: &[Token], faults: &mut Vec<Fault>) {
    let mut seen = HashMap::new();
    for row in tokens {
        let Some(secret) = &row.secret else { continue };
        if let Some(first) = seen.insert(secret.digest(), row.place.line) {
            let message = format!("secret is that of the token on line {first} too; every token has its own");
            faults.push(row.place.fault(message));
        }
    }
}
