//! The form of an API key: `herald_`, 40 alphanumerics, and 6 of checksum (CRC-32 of what precedes, base62),
//! so that scanners of leaked secrets can tell a key from chance without asking anybody.

use domain::Rng;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX: &str = "herald_";
const BODY: usize = 40;
const SUM: usize = 6;

/// A new key: 238 bits of chance.
pub fn generate(rng: &dyn Rng) -> String {
    let mut key = String::with_capacity(PREFIX.len() + BODY + SUM);
    key.push_str(PREFIX);
    while key.len() < PREFIX.len() + BODY {
        let mut bytes = [0_u8; 64];
        rng.fill(&mut bytes);
        // 248 is the largest multiple of 62 that a byte holds: above it the draw would be biased.
        let fair = bytes.iter().filter(|byte| **byte < 248).map(|byte| letter(u32::from(*byte)));
        key.extend(fair.take(PREFIX.len() + BODY - key.len()));
    }
    let sum = checksum(&key);
    key.push_str(&sum);
    key
}

/// Whether a text has the form and the checksum of a key.
pub fn is_well_formed(key: &str) -> bool {
    let Some((head, sum)) = key.split_at_checked(PREFIX.len() + BODY) else { return false };
    head.starts_with(PREFIX)
        && key.bytes().skip(PREFIX.len()).all(|b| b.is_ascii_alphanumeric())
        && checksum(head) == sum
}

fn checksum(head: &str) -> String {
    let mut rest = crc32fast::hash(head.as_bytes());
    let mut sum = [0_u32; SUM];
    for digit in sum.iter_mut().rev() {
        *digit = rest % 62;
        rest /= 62;
    }
    sum.into_iter().map(letter).collect()
}

fn letter(value: u32) -> char {
    char::from(ALPHABET.get((value % 62) as usize).copied().unwrap_or(b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;

    impl Rng for Counting {
        fn fill(&self, buf: &mut [u8]) {
            for (at, byte) in buf.iter_mut().enumerate() {
                *byte = u8::try_from(at * 7 % 256).unwrap();
            }
        }
    }

    #[test]
    fn a_key_has_its_form_and_a_slip_shows() {
        let key = generate(&Counting);
        assert_eq!(key.len(), 53);
        assert!(is_well_formed(&key));
        let mut slipped = key.clone().into_bytes();
        slipped[10] = if slipped[10] == b'a' { b'b' } else { b'a' };
        assert!(!is_well_formed(&String::from_utf8(slipped).unwrap()));
        for bad in ["", "herald_", "Zk3p0QvT8mB1yLx7Hc5sWd2Rf9uJa4Ne6Gi0Ko1P", &key[..52]] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}
