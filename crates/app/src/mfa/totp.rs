//! Time-based one-time passwords (RFC 6238): SHA-1, 6 digits, 30 s, one step either side, each step once.

use domain::{Timestamp, UserId};
use store::users::Totp;
use totp_rs::{Algorithm, Builder, Secret};

use crate::Ctx;
use crate::seal::{OpenError, Place};

/// Where a seed is sealed: bound to its user's row.
pub fn place(user: &UserId) -> Place<'_> {
    Place { table: "users", column: "totp_sealed", row: user.as_bytes() }
}

impl Ctx {
    /// The step for which `code` is right, if it is later than the last one used. The caller still has to
    /// spend it (`store::users::use_totp_step`), since two requests may hold the same code.
    ///
    /// # Errors
    /// The seed does not open: another master key, or a damaged row.
    pub(crate) fn totp_step(
        &self,
        user: UserId,
        totp: &Totp,
        code: &str,
        now: Timestamp,
    ) -> Result<Option<i64>, OpenError> {
        let seed = self.sealer.open(place(&user), &totp.sealed)?;
        Ok(matching_step(&seed, code, now).filter(|step| totp.step.is_none_or(|last| *step > last)))
    }
}

fn matching_step(seed: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let secret = Secret::new(seed.to_vec().into_boxed_slice());
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret)
        // Shorter seeds than the RFC recommends are in use out there.
        .build_noncompliant();
    let step = totp.check(code, u64::try_from(now.as_secs()).ok()?)?;
    i64::try_from(step).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_6238() {
        let seed = b"12345678901234567890";
        let at = Timestamp::from_secs;
        assert_eq!(matching_step(seed, "287082", at(59)), Some(1));
        assert_eq!(matching_step(seed, "081804", at(1_111_111_109)), Some(37_037_036));
        assert_eq!(matching_step(seed, "081804", at(1_111_111_109 + 30)), Some(37_037_036), "one step late");
        assert_eq!(matching_step(seed, "081804", at(1_111_111_109 + 90)), None);
        for bad in ["", "28708", "2870822", "28708a", "287 082", "２８７０８２"] {
            assert_eq!(matching_step(seed, bad, at(59)), None, "{bad}");
        }
    }
}
