//! Passwords, seeds and keys. No message repeats them.

use argon2::PasswordHash;
use aws_lc_rs::digest::{SHA256, digest as sha};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::text as rules;
use secrecy::{SecretSlice, SecretString};
use toml::de::DeValue;

use super::super::super::PasswordLimits;
use super::super::super::file::Digest;
use super::super::fields::Judged;
use super::text::string;

/// RFC 4226 §4: a shared secret has at least 128 bits.
const MIN_SEED_BYTES: usize = 16;
const MAX_SEED_CHARS: usize = 256;
const MIN_TOKEN: usize = 16;
const MAX_SECRET: usize = 512;
/// Longer stored hashes are not judged at sign-in.
const MAX_HASH: usize = 512;
/// What an export writes before a value that only the master key opens.
pub(in super::super) const SEALED: &str = "sealed:";
/// No sealed value of an export is longer.
const MAX_SEALED: usize = 1_024;

pub(in super::super) fn password(limits: PasswordLimits) -> impl Fn(&DeValue<'_>) -> Judged<SecretString> {
    move |value| {
        let text = string(value)?;
        if text.chars().count() < limits.min_length {
            return Err(format!("is too short; a password has at least {} characters", limits.min_length));
        }
        if text.len() > limits.max_bytes {
            return Err(format!("is too long; a password has at most {} bytes", limits.max_bytes));
        }
        Ok(text.into())
    }
}

/// A hash that sign-in can verify: PHC of Argon2, scrypt or PBKDF2, or bcrypt.
pub(in super::super) fn password_hash(value: &DeValue<'_>) -> Judged<SecretString> {
    let text = string(value)?;
    if text.len() <= MAX_HASH && is_known_hash(text) {
        return Ok(text.into());
    }
    let forms = "$argon2id$…, $scrypt$…, $pbkdf2-sha256$…, $pbkdf2-sha512$… (PHC) and $2b$… (bcrypt)";
    Err(format!("is no password hash that can be verified; the forms are {forms}"))
}

fn is_known_hash(text: &str) -> bool {
    if ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| text.starts_with(prefix)) {
        return text.len() == 60 && text.parse::<bcrypt::HashParts>().is_ok();
    }
    let known = ["argon2id", "argon2i", "argon2d", "scrypt", "pbkdf2-sha256", "pbkdf2-sha512"];
    PasswordHash::new(text)
        .is_ok_and(|phc| known.contains(&phc.algorithm.as_str()) && phc.salt.is_some() && phc.hash.is_some())
}

/// The seed of a TOTP authenticator: base32 (RFC 4648 §6) in any case, with or without blanks and padding.
pub(in super::super) fn seed(value: &DeValue<'_>) -> Judged<SecretSlice<u8>> {
    let text = string(value)?;
    if text.len() > MAX_SEED_CHARS {
        return Err(format!("is too long; a seed has at most {MAX_SEED_CHARS} characters"));
    }
    let bytes = base32(text).ok_or("is no base32; its characters are A-Z and 2-7")?;
    if bytes.len() < MIN_SEED_BYTES {
        return Err("is too short; a seed has at least 26 base32 characters (128 bits)".to_owned());
    }
    Ok(bytes.into())
}

fn base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    let written = text.trim_end_matches('=').chars().filter(|c| *c != ' ' && *c != '-');
    for c in written.map(|c| c.to_ascii_uppercase()) {
        let five = match c {
            'A'..='Z' => u32::from(c) - u32::from('A'),
            '2'..='7' => u32::from(c) - u32::from('2') + 26,
            _ => return None,
        };
        held = (held << 5 | five) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// What a client shows; as short as its maker liked.
pub(in super::super) fn client_secret(value: &DeValue<'_>) -> Judged<SecretString> {
    let text = string(value)?;
    if text.starts_with(SEALED) {
        return Err("is sealed, as no client's secret is; give the secret or its secret_digest".to_owned());
    }
    rules::name(text, MAX_SECRET).map_err(|unfit| unfit.to_string())?;
    Ok(text.into())
}

/// An API key as it will be presented: in a header, and told from every other credential.
pub(in super::super) fn token_secret(value: &DeValue<'_>) -> Judged<SecretString> {
    let text = string(value)?;
    if !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err(
            "must be of printable ASCII characters without blanks, since it travels in a header".to_owned()
        );
    }
    if !(MIN_TOKEN..=MAX_SECRET).contains(&text.len()) {
        return Err(format!("must have {MIN_TOKEN} to {MAX_SECRET} characters"));
    }
    if text.starts_with("hs_") || text.starts_with("hr_") {
        return Err("begins like a session or refresh token (hs_, hr_); choose another beginning".to_owned());
    }
    let jwt = text.split('.').all(|part| !part.is_empty()) || text.starts_with("eyJ");
    if text.split('.').count() == 3 && jwt {
        return Err("has the three parts of a JWT; choose a secret without dots".to_owned());
    }
    Ok(text.into())
}

/// SHA-256 in 64 hexadecimal digits.
pub(in super::super) fn digest(value: &DeValue<'_>) -> Judged<Digest> {
    let text = string(value)?;
    let wrong = || "must be the SHA-256 of the secret: 64 hexadecimal digits".to_owned();
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let mut bytes = [0_u8; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
    }
    Ok(Digest(bytes))
}

impl Digest {
    /// Of a secret in the file.
    pub(in super::super) fn of(secret: &str) -> Self {
        let mut bytes = [0_u8; 32];
        bytes.copy_from_slice(sha(&SHA256, secret.as_bytes()).as_ref());
        Self(bytes)
    }
}

/// A value that an export sealed, or one in clear.
pub(in super::super) enum Given<T> {
    Clear(T),
    Sealed(Vec<u8>),
}

/// What the kind reads, or the same sealed.
pub(in super::super) fn or_sealed<T>(
    clear: impl Fn(&DeValue<'_>) -> Judged<T>,
) -> impl Fn(&DeValue<'_>) -> Judged<Given<T>> {
    move |value| {
        let Some(sealed) = value.as_str().and_then(|text| text.strip_prefix(SEALED)) else {
            return clear(value).map(Given::Clear);
        };
        let bytes = if sealed.len() <= MAX_SEALED { URL_SAFE_NO_PAD.decode(sealed).ok() } else { None };
        bytes
            .map(Given::Sealed)
            .ok_or_else(|| "is no sealed value; give it as the export has it, or in clear".to_owned())
    }
}

impl<T> Given<T> {
    /// The clear value and the sealed one, of which one is there.
    pub(in super::super) fn apart(given: Option<Self>) -> (Option<T>, Option<Vec<u8>>) {
        match given {
            Some(Self::Clear(clear)) => (Some(clear), None),
            Some(Self::Sealed(sealed)) => (None, Some(sealed)),
            None => (None, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (text, bytes) in
            [("", ""), ("MY======", "f"), ("MZXW6YTBOI======", "foobar"), ("mzxw 6ytb", "fooba")]
        {
            assert_eq!(base32(text).unwrap(), bytes.as_bytes(), "{text}");
        }
        for bad in ["1", "M0", "MZ=XW", "ä"] {
            assert_eq!(base32(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_digest_of_a_secret_is_its_sha_256() {
        let given = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let read = digest(&DeValue::String(given.into())).unwrap();
        assert_eq!(read, Digest::of("abc"));
        assert_eq!(format!("{read:?}"), "Digest(…)");
    }
}
