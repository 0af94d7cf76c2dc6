//! Argon2 on borrowed memory, and PHC strings of it.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;

use super::config::within_limits;
use super::memory::{Memory, NoMemory};

/// Bytes of output in hashes that Herald makes.
const OUTPUT: usize = 32;
/// Bytes of salt in hashes that Herald makes.
const SALT: usize = 16;

/// Why no verdict was reached.
pub(super) enum Fault {
    /// The string is not a hash, or asks for more than is allowed.
    Unusable,
    NoMemory,
}

impl From<NoMemory> for Fault {
    fn from(_: NoMemory) -> Self {
        Self::NoMemory
    }
}

/// The PHC string of `password` with `params`, Argon2id version 1.3.
pub(super) fn hash(
    memory: &mut Memory,
    params: &Params,
    password: &[u8],
    salt: &[u8; SALT],
) -> Result<String, Fault> {
    let mut out = [0_u8; OUTPUT];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    fill(memory, &argon, password, salt, &mut out)?;
    assemble(params, salt, &out).map(|phc| phc.to_string()).ok_or(Fault::Unusable)
}

/// A hash with `params` that no password has, for users who do not exist: judging it costs what judging a
/// real one does.
pub(super) fn nobody(params: &Params) -> Option<PasswordHash> {
    assemble(params, b"herald-no-user..", &[0; OUTPUT])
}

/// Whether `password` has this Argon2 hash (any variant), by the hash's own parameters; compared in constant time.
pub(super) fn verify(memory: &mut Memory, password: &[u8], phc: &PasswordHash) -> Result<bool, Fault> {
    let (Some(salt), Some(expected)) = (&phc.salt, &phc.hash) else {
        return Err(Fault::Unusable);
    };
    let algorithm = Algorithm::try_from(phc.algorithm.as_str()).map_err(|_| Fault::Unusable)?;
    let version = match phc.version {
        Some(version) => Version::try_from(version).map_err(|_| Fault::Unusable)?,
        // The reference implementation's reading of a string without `v`.
        None => Version::V0x10,
    };
    let params = Params::try_from(phc).map_err(|_| Fault::Unusable)?;
    if !within_limits(&params) {
        return Err(Fault::Unusable);
    }
    let mut buffer = [0_u8; Output::MAX_LENGTH];
    let out = buffer.get_mut(..expected.len()).ok_or(Fault::Unusable)?;
    fill(memory, &Argon2::new(algorithm, version, params), password, salt, out)?;
    Ok(out.ct_eq(expected.as_bytes()).into())
}

/// Whether the hash was made as `params` would make it today.
pub(super) fn is_current(phc: &PasswordHash, params: &Params) -> bool {
    let Ok(theirs) = Params::try_from(phc) else {
        return false;
    };
    phc.algorithm == ARGON2ID_IDENT
        && phc.version == Some(Version::V0x13.into())
        && (theirs.m_cost(), theirs.t_cost(), theirs.p_cost())
            == (params.m_cost(), params.t_cost(), params.p_cost())
        && phc.hash.as_ref().is_some_and(|hash| hash.len() == OUTPUT)
        && phc.salt.as_ref().is_some_and(|salt| salt.len() >= SALT)
}

fn assemble(params: &Params, salt: &[u8; SALT], out: &[u8; OUTPUT]) -> Option<PasswordHash> {
    Some(PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).ok()?,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(Output::new(out).ok()?),
    })
}

fn fill(
    memory: &mut Memory,
    argon: &Argon2<'_>,
    password: &[u8],
    salt: &[u8],
    out: &mut [u8],
) -> Result<(), Fault> {
    let params = argon.params();
    memory.gauges().worked(u64::from(params.m_cost()) * u64::from(params.t_cost()));
    memory
        .with(params.block_count(), |blocks| {
            argon.hash_password_into_with_memory(password, salt, out, blocks)
        })?
        .map_err(|_| Fault::Unusable)
}
