//! The half of a key that everybody may have.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::key::KeyError;

/// The numbers of a public key, as RFC 7518 §6 and RFC 8037 §2 name them, and its SPKI DER (RFC 5280 §4.1).
#[derive(Clone, Debug)]
pub(super) struct PublicKey {
    parts: Parts,
    spki: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Parts {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256 { point: Vec<u8> },
    Ed25519 { x: Vec<u8> },
}

/// Bytes of one coordinate on P-256.
const COORDINATE: usize = 32;

impl PublicKey {
    pub(super) fn of_rsa(pair: &rsa::KeyPair) -> Result<Self, KeyError> {
        let public = pair.public_key();
        let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(public);
        let spki: PublicKeyX509Der<'_> = public.as_der().map_err(|_| KeyError::Unusable)?;
        Ok(Self { parts: Parts::Rsa { n, e }, spki: spki.as_ref().to_vec() })
    }

    pub(super) fn of_p256(pair: &EcdsaKeyPair) -> Result<Self, KeyError> {
        let public = pair.public_key();
        let point = public.as_ref().to_vec();
        // SEC 1 §2.3.3: 4, x, y.
        if point.len() != 1 + 2 * COORDINATE || point.first() != Some(&4) {
            return Err(KeyError::Unusable);
        }
        let spki: PublicKeyX509Der<'_> = public.as_der().map_err(|_| KeyError::Unusable)?;
        Ok(Self { parts: Parts::P256 { point }, spki: spki.as_ref().to_vec() })
    }

    pub(super) fn of_ed25519(pair: &Ed25519KeyPair) -> Result<Self, KeyError> {
        let public = pair.public_key();
        let spki: PublicKeyX509Der<'_> = public.as_der().map_err(|_| KeyError::Unusable)?;
        Ok(Self { parts: Parts::Ed25519 { x: public.as_ref().to_vec() }, spki: spki.as_ref().to_vec() })
    }

    pub(super) fn decoding_key(&self) -> DecodingKey {
        match &self.parts {
            Parts::Rsa { n, e } => DecodingKey::from_rsa_raw_components(n, e),
            Parts::P256 { point } => DecodingKey::from_ec_der(point),
            Parts::Ed25519 { x } => DecodingKey::from_ed_der(x),
        }
    }

    /// The members of a JWK that hold the key itself.
    pub(super) fn jwk(&self) -> Map<String, Value> {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let members = match &self.parts {
            Parts::Rsa { n, e } => json!({ "kty": "RSA", "n": text(n), "e": text(e) }),
            Parts::P256 { point } => {
                let (x, y) =
                    point.get(1..).unwrap_or_default().split_at_checked(COORDINATE).unwrap_or_default();
                json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) })
            }
            Parts::Ed25519 { x } => json!({ "kty": "OKP", "crv": "Ed25519", "x": text(x) }),
        };
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// `-----BEGIN PUBLIC KEY-----` (RFC 7468 §13).
    pub(super) fn pem(&self) -> String {
        pem("PUBLIC KEY", &self.spki).to_string()
    }
}

/// RFC 7468 §3, strict: lines of 64 characters.
pub(super) fn pem(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(STANDARD.encode(der));
    let mut text = Zeroizing::new(String::with_capacity(body.len() + body.len() / 64 + 2 * label.len() + 40));
    for part in ["-----BEGIN ", label, "-----\n"] {
        text.push_str(part);
    }
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = tail;
    }
    for part in ["-----END ", label, "-----\n"] {
        text.push_str(part);
    }
    text
}
