//! All the keys of the installation: signs with the newest of a purpose, verifies with any.

use std::sync::Arc;

use jsonwebtoken::{DecodingKey, Header, Validation, decode, decode_header, encode};
use serde::Serialize;
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::key::SigningKey;
use super::kind::Purpose;

/// Longer tokens are refused unread. In bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// Immutable: a rotation builds a new ring.
#[derive(Debug)]
pub struct KeyRing {
    entries: Vec<Arc<Entry>>,
}

#[derive(Debug)]
struct Entry {
    key: SigningKey,
    decoding: DecodingKey,
    validation: Validation,
}

/// Why a ring was not built.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RingError {
    #[error("two signing keys have the kid {kid}")]
    DuplicateKid { kid: String },
}

/// Why nothing was signed.
#[derive(Debug, Error)]
pub enum SignError {
    #[error("there is no signing key for {0}")]
    NoKey(Purpose),
    #[error("a token could not be signed")]
    Failed(#[source] jsonwebtoken::errors::Error),
}

/// Why a token was not accepted: for the log. To the caller they are all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Rejected {
    #[error("the token is longer than {MAX_TOKEN_BYTES} bytes")]
    TooLong,
    #[error("the token is not a signed JWT of JSON objects")]
    Malformed,
    #[error("the token names no key of this installation")]
    UnknownKey,
    #[error("the token names another algorithm than its key's")]
    WrongAlgorithm,
    #[error("the token's signature does not hold")]
    BadSignature,
}

/// A token whose signature holds. Nothing in it has been compared with a clock, an issuer or an audience.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What the key that signed it is for.
    pub purpose: Purpose,
    /// `typ` of the header, as it stands there.
    pub typ: Option<String>,
    pub claims: Map<String, Value>,
}

impl KeyRing {
    /// The last key of each purpose signs; all of them verify.
    pub fn new(keys: Vec<SigningKey>) -> Result<Self, RingError> {
        Self::of(keys.into_iter().map(|key| Arc::new(Entry::new(key))))
    }

    fn of(all: impl Iterator<Item = Arc<Entry>>) -> Result<Self, RingError> {
        let mut entries: Vec<Arc<Entry>> = Vec::new();
        for entry in all {
            if entries.iter().any(|other| other.key.kid() == entry.key.kid()) {
                return Err(RingError::DuplicateKid { kid: entry.key.kid().to_owned() });
            }
            entries.push(entry);
        }
        Ok(Self { entries })
    }

    /// The ring of these keys in this order; `open` is asked for those alone that are not in this one.
    ///
    /// # Errors
    /// What `open` said, or a kid twice.
    pub fn renewed<E: From<RingError>>(
        &self,
        kids: &[String],
        open: impl Fn(usize) -> Result<SigningKey, E>,
    ) -> Result<Self, E> {
        let known = |kid: &str| self.entries.iter().find(|entry| entry.key.kid() == kid).cloned();
        let entry = |(at, kid): (usize, &String)| match known(kid) {
            Some(entry) => Ok(entry),
            None => open(at).map(|key| Arc::new(Entry::new(key))),
        };
        let all: Result<Vec<_>, E> = kids.iter().enumerate().map(entry).collect();
        Ok(Self::of(all?.into_iter())?)
    }

    /// A compact JWS (RFC 7515 §7.1) with `typ`, `alg` and `kid` in its header.
    pub fn sign(&self, purpose: Purpose, typ: &str, claims: &impl Serialize) -> Result<String, SignError> {
        let entry = self.newest(purpose).ok_or(SignError::NoKey(purpose))?;
        let mut header = Header::new(entry.key.algorithm().jose());
        header.typ = Some(typ.to_owned());
        header.kid = Some(entry.key.kid().to_owned());
        encode(&header, claims, entry.key.encoding()).map_err(SignError::Failed)
    }

    /// Checks size, form, key, algorithm and signature. Time, issuer, audience and revocation are the caller's.
    pub fn verify(&self, token: &str) -> Result<Verified, Rejected> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Rejected::TooLong);
        }
        // `alg: none` and unknown algorithms do not even parse here.
        let header = decode_header(token).map_err(|_| Rejected::Malformed)?;
        // RFC 7515 §4.1.11: none of the critical extensions is understood here.
        if header.crit.is_some() {
            return Err(Rejected::Malformed);
        }
        let kid = header.kid.as_deref().ok_or(Rejected::UnknownKey)?;
        let entry = self.entries.iter().find(|entry| entry.key.kid() == kid).ok_or(Rejected::UnknownKey)?;
        if header.alg != entry.key.algorithm().jose() {
            return Err(Rejected::WrongAlgorithm);
        }
        let read = decode::<Map<String, Value>>(token, &entry.decoding, &entry.validation);
        let data = read.map_err(|cause| rejection(&cause))?;
        Ok(Verified { purpose: entry.key.purpose(), typ: data.header.typ, claims: data.claims })
    }

    /// The public keys as a JWK set (RFC 7517 §5), oldest first.
    pub fn jwks(&self) -> Value {
        let keys: Vec<Value> = self.entries.iter().map(|entry| jwk(&entry.key)).collect();
        json!({ "keys": keys })
    }

    /// The SPKI PEM of the key that signs for `purpose`.
    pub fn public_pem(&self, purpose: Purpose) -> Option<String> {
        self.newest(purpose).map(|entry| entry.key.public().pem())
    }

    /// Whether a key signs for `purpose`.
    pub fn signs(&self, purpose: Purpose) -> bool {
        self.newest(purpose).is_some()
    }

    fn newest(&self, purpose: Purpose) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.key.purpose() == purpose).map(|entry| &**entry)
    }
}

impl Entry {
    fn new(key: SigningKey) -> Self {
        let decoding = key.public().decoding_key();
        let validation = signature_only(key.algorithm().jose());
        Self { key, decoding, validation }
    }
}

fn jwk(key: &SigningKey) -> Value {
    let mut members = key.public().jwk();
    members.insert("kid".to_owned(), key.kid().into());
    members.insert("alg".to_owned(), key.algorithm().as_str().into());
    members.insert("use".to_owned(), "sig".into());
    Value::Object(members)
}

/// The library's own clock and its audience check are off: it knows the wall only, and no leeway but its own.
fn signature_only(algorithm: jsonwebtoken::Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

fn rejection(cause: &jsonwebtoken::errors::Error) -> Rejected {
    use jsonwebtoken::errors::ErrorKind;
    match cause.kind() {
        ErrorKind::InvalidSignature => Rejected::BadSignature,
        ErrorKind::InvalidAlgorithm => Rejected::WrongAlgorithm,
        _ => Rejected::Malformed,
    }
}
