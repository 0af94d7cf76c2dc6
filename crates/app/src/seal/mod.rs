//! Secrets at rest: everything that the store must be able to give back, under one master key.
//!
//! A sealed value says which key opens it and opens only in the row that it was sealed for.

mod master;
#[cfg(test)]
mod tests;

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::{hkdf, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Rng;
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

pub use master::{MasterKey, MasterKeyError};

/// First byte of a sealed value: AES-256-GCM with a random nonce.
const VERSION: u8 = 1;
const KEY_ID: usize = 8;
const HEAD: usize = 1 + KEY_ID + NONCE_LEN;

/// Where a sealed value lives. Copied into another row or column it does not open.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub table: &'a str,
    pub column: &'a str,
    /// The row's primary key; a UUID's 16 bytes where it is one.
    pub row: &'a [u8],
}

/// Why a sealed value did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    #[error("the value was sealed under another master key")]
    WrongKey,
    #[error("the sealed value is damaged, or stands in another row than it was sealed for")]
    Damaged,
}

/// The system's cryptography refused to work. It does not happen with the sizes used here, but is not hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the cryptographic library failed")]
pub struct CryptoFailure;

impl From<Unspecified> for CryptoFailure {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

/// Seals and opens under one master key, and derives further keys from it.
pub struct Sealer {
    prk: hkdf::Prk,
    aead: LessSafeKey,
    successors: hmac::Key,
    key_id: [u8; KEY_ID],
}

impl Sealer {
    pub fn new(master: &MasterKey) -> Result<Self, CryptoFailure> {
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, b"herald").extract(master.bytes());
        let name = expand(&prk, "herald key id")?;
        let mut key_id = [0; KEY_ID];
        for (to, from) in key_id.iter_mut().zip(digest(&SHA256, name.as_slice()).as_ref()) {
            *to = *from;
        }
        let key = expand(&prk, "herald seal v1")?;
        let aead = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_slice())?);
        let key = expand(&prk, "herald refresh successor v1")?;
        let successors = hmac::Key::new(hmac::HMAC_SHA256, key.as_slice());
        Ok(Self { prk, aead, successors, key_id })
    }

    /// Names the master key without telling anything of it.
    pub fn key_id(&self) -> [u8; KEY_ID] {
        self.key_id
    }

    /// Version, key id, nonce, ciphertext, tag: 37 bytes more than `plaintext`.
    pub fn seal(&self, place: Place<'_>, plaintext: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, CryptoFailure> {
        let mut nonce = [0; NONCE_LEN];
        rng.fill(&mut nonce);
        let mut body = Zeroizing::new(plaintext.to_vec());
        let tag = self.aead.seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(self.binding(place)),
            &mut body,
        )?;
        let mut sealed = Vec::with_capacity(HEAD + body.len() + tag.as_ref().len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&self.key_id);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&body);
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// What was sealed for this place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (head, body) = sealed.split_at_checked(HEAD).ok_or(OpenError::Damaged)?;
        let (version, head) = head.split_first().ok_or(OpenError::Damaged)?;
        let (key_id, nonce) = head.split_at_checked(KEY_ID).ok_or(OpenError::Damaged)?;
        if *version != VERSION {
            return Err(OpenError::Damaged);
        }
        if !bool::from(key_id.ct_eq(&self.key_id)) {
            return Err(OpenError::WrongKey);
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| OpenError::Damaged)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self
            .aead
            .open_in_place(nonce, Aad::from(self.binding(place)), &mut body)
            .map_err(|_| OpenError::Damaged)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    /// A 32-byte key for another purpose, named by its label.
    pub fn derive(&self, label: &str) -> Result<Zeroizing<[u8; 32]>, CryptoFailure> {
        expand(&self.prk, &format!("herald derived: {label}"))
    }

    /// The refresh token that follows the presented one: the same on every node and at every try, so that a
    /// lost reply can be repeated although only digests are stored.
    pub fn successor(&self, presented: &str) -> String {
        let tag = hmac::sign(&self.successors, presented.as_bytes());
        format!("hr_{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// Version, key and place, each with its length, so that no two places read the same.
    fn binding(&self, place: Place<'_>) -> Vec<u8> {
        let mut bound = vec![VERSION];
        bound.extend_from_slice(&self.key_id);
        for part in [place.table.as_bytes(), place.column.as_bytes(), place.row] {
            bound.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            bound.extend_from_slice(part);
        }
        bound
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer(key {:016x} …)", u64::from_be_bytes(self.key_id))
    }
}

/// RFC 5869 §2.3, 32 bytes.
fn expand(prk: &hkdf::Prk, label: &str) -> Result<Zeroizing<[u8; 32]>, CryptoFailure> {
    let mut key = Zeroizing::new([0; 32]);
    prk.expand(&[label.as_bytes()], hkdf::HKDF_SHA256)?.fill(key.as_mut_slice())?;
    Ok(key)
}
