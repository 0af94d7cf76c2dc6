//! Hashes that came with users from elsewhere: verified only, and replaced at the next sign-in.

use argon2::password_hash::phc::{Output, PasswordHash};
use pbkdf2::pbkdf2_hmac;
use pbkdf2::sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::argon::Fault;

/// 2^16 rounds: about four seconds. 10 to 12 is what one meets.
const MAX_BCRYPT_COST: u32 = 16;
/// About two seconds; OWASP asks for 600,000.
const MAX_PBKDF2_ROUNDS: u32 = 5_000_000;
/// Memory of one hash, in KiB; OWASP asks for 128 MiB. The library takes it without asking whether there is any.
const MAX_SCRYPT_MEMORY_KIB: u64 = 256 * 1024;
/// In KiB of mixing over all lanes: about four seconds.
const MAX_SCRYPT_KIB: u64 = 2 * 1024 * 1024;

/// bcrypt's own form, not PHC: `$2b$10$…`, 60 characters. `$2x$` is the hash of a buggy program and not taken.
pub(super) fn is_bcrypt(stored: &str) -> bool {
    ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| stored.starts_with(prefix))
}

/// bcrypt looks at the first 72 bytes only: that is how these hashes were made.
pub(super) fn verify_bcrypt(password: &[u8], stored: &str) -> Result<bool, Fault> {
    let parts: bcrypt::HashParts = stored.parse().map_err(|_| Fault::Unusable)?;
    if parts.get_cost() > MAX_BCRYPT_COST {
        return Err(Fault::Unusable);
    }
    bcrypt::verify(password, stored).map_err(|_| Fault::Unusable)
}

/// `$scrypt$ln=…,r=…,p=…$salt$hash`, `$pbkdf2-sha256$i=…$salt$hash` and `$pbkdf2-sha512$…`.
pub(super) fn verify_phc(password: &[u8], phc: &PasswordHash) -> Result<bool, Fault> {
    let (Some(salt), Some(expected)) = (&phc.salt, &phc.hash) else {
        return Err(Fault::Unusable);
    };
    let mut buffer = [0_u8; Output::MAX_LENGTH];
    let out = buffer.get_mut(..expected.len()).ok_or(Fault::Unusable)?;
    match phc.algorithm.as_str() {
        "scrypt" => scrypt::scrypt(password, salt, &scrypt_params(phc)?, out).map_err(|_| Fault::Unusable)?,
        "pbkdf2-sha256" => pbkdf2_hmac::<Sha256>(password, salt, rounds(phc)?, out),
        "pbkdf2-sha512" => pbkdf2_hmac::<Sha512>(password, salt, rounds(phc)?, out),
        _ => return Err(Fault::Unusable),
    }
    Ok(out.ct_eq(expected.as_bytes()).into())
}

fn rounds(phc: &PasswordHash) -> Result<u32, Fault> {
    let rounds = phc.params.get_decimal("i").ok_or(Fault::Unusable)?;
    if (1..=MAX_PBKDF2_ROUNDS).contains(&rounds) { Ok(rounds) } else { Err(Fault::Unusable) }
}

/// Judged before the library sees them, whose own check may overflow.
fn scrypt_params(phc: &PasswordHash) -> Result<scrypt::Params, Fault> {
    let number = |name| phc.params.get_decimal(name).ok_or(Fault::Unusable);
    let (log_n, r, p) = (number("ln")?, number("r")?, number("p")?);
    if !(1..=20).contains(&log_n) || !(1..=64).contains(&r) || !(1..=64).contains(&p) {
        return Err(Fault::Unusable);
    }
    let kib = (u64::from(r) << log_n) / 8;
    if kib > MAX_SCRYPT_MEMORY_KIB || kib * u64::from(p) > MAX_SCRYPT_KIB {
        return Err(Fault::Unusable);
    }
    let log_n = u8::try_from(log_n).map_err(|_| Fault::Unusable)?;
    scrypt::Params::new(log_n, r, p).map_err(|_| Fault::Unusable)
}
