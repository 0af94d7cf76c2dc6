//! One stored hash and one password: the verdict.

use argon2::Params;
use argon2::password_hash::phc::PasswordHash;

use super::argon::{self, Fault};
use super::foreign;
use super::memory::{Memory, NoMemory};

/// No real stored hash is longer.
const MAX_STORED_BYTES: usize = 512;

/// What a verification found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the password. `needs_rehash`: the stored hash is of another kind or cost than configured, so
    /// store a new one.
    Match { needs_rehash: bool },
    /// It is not the password.
    Mismatch,
    /// The stored string is no hash that can be judged, or asks for more memory or time than allowed. Refuse as for
    /// a wrong password, and log the row.
    Unusable,
}

impl Verdict {
    pub fn is_match(self) -> bool {
        matches!(self, Self::Match { .. })
    }
}

/// The configured parameters, and the hash that stands in for users who are not there.
#[derive(Debug)]
pub(super) struct Judge {
    pub(super) params: Params,
    pub(super) nobody: PasswordHash,
}

impl Judge {
    /// Judges `password` against what is stored; an unusable hash costs what a usable one does.
    pub(super) fn verify(
        &self,
        memory: &mut Memory,
        password: &[u8],
        stored: &str,
    ) -> Result<Verdict, NoMemory> {
        match self.attempt(memory, password, stored) {
            Ok((true, current)) => Ok(Verdict::Match { needs_rehash: !current }),
            Ok((false, _)) => Ok(Verdict::Mismatch),
            Err(Fault::NoMemory) => Err(NoMemory),
            Err(Fault::Unusable) => self.verify_absent(memory, password).map(|_| Verdict::Unusable),
        }
    }

    /// The work of a wrong password, without a user.
    pub(super) fn verify_absent(&self, memory: &mut Memory, password: &[u8]) -> Result<Verdict, NoMemory> {
        match argon::verify(memory, password, &self.nobody) {
            Err(Fault::NoMemory) => Err(NoMemory),
            Ok(_) | Err(Fault::Unusable) => Ok(Verdict::Mismatch),
        }
    }

    /// Whether it matches, and whether the hash is as it would be made today.
    fn attempt(&self, memory: &mut Memory, password: &[u8], stored: &str) -> Result<(bool, bool), Fault> {
        if stored.len() > MAX_STORED_BYTES {
            return Err(Fault::Unusable);
        }
        if foreign::is_bcrypt(stored) {
            return Ok((foreign::verify_bcrypt(password, stored)?, false));
        }
        let phc = PasswordHash::new(stored).map_err(|_| Fault::Unusable)?;
        if phc.algorithm.as_str().starts_with("argon2") {
            let same = argon::verify(memory, password, &phc)?;
            Ok((same, argon::is_current(&phc, &self.params)))
        } else {
            Ok((foreign::verify_phc(password, &phc)?, false))
        }
    }
}
