//! One signing key.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use jsonwebtoken::EncodingKey;
use thiserror::Error;
use zeroize::Zeroizing;

use super::kind::{Algorithm, Purpose};
use super::provider::install_provider;
use super::public::{PublicKey, pem};

/// A private key with the one purpose and the one algorithm that it is for. Its private half does not print.
pub struct SigningKey {
    kid: String,
    algorithm: Algorithm,
    purpose: Purpose,
    private_der: Zeroizing<Vec<u8>>,
    encoding: EncodingKey,
    public: PublicKey,
}

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    #[error("the private key is not PKCS #8 of its algorithm")]
    Unusable,
    #[error("a private key could not be made")]
    NotMade,
}

impl SigningKey {
    /// Makes a key, with AWS-LC's own source of chance. RSA takes a good part of a second: do it off the
    /// request threads.
    pub fn generate(
        algorithm: Algorithm,
        purpose: Purpose,
        kid: impl Into<String>,
    ) -> Result<Self, KeyError> {
        let private = match algorithm {
            Algorithm::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
                .and_then(|pair| pair.to_pkcs8v1())
                .map(|document| document.as_ref().to_vec()),
            Algorithm::EdDsa => Ed25519KeyPair::generate()
                .and_then(|pair| pair.to_pkcs8v1())
                .map(|document| document.as_ref().to_vec()),
            Algorithm::Rs256 => rsa::KeyPair::generate(rsa::KeySize::Rsa2048)
                .and_then(|pair| AsDer::<Pkcs8V1Der<'_>>::as_der(&pair))
                .map(|der| der.as_ref().to_vec()),
        };
        let private = Zeroizing::new(private.map_err(|_| KeyError::NotMade)?);
        Self::from_pkcs8(algorithm, purpose, kid, private)
    }

    /// Rebuilds a key from what [`SigningKey::private_der`] gave.
    pub fn from_pkcs8(
        algorithm: Algorithm,
        purpose: Purpose,
        kid: impl Into<String>,
        private_der: Zeroizing<Vec<u8>>,
    ) -> Result<Self, KeyError> {
        install_provider();
        let der = private_der.as_slice();
        let (public, encoding) = match algorithm {
            Algorithm::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der)
                    .map_err(|_| KeyError::Unusable)?;
                (PublicKey::of_p256(&pair)?, EncodingKey::from_ec_der(der))
            }
            Algorithm::EdDsa => {
                let pair = Ed25519KeyPair::from_pkcs8(der).map_err(|_| KeyError::Unusable)?;
                (PublicKey::of_ed25519(&pair)?, EncodingKey::from_ed_der(der))
            }
            Algorithm::Rs256 => {
                let pair = rsa::KeyPair::from_pkcs8(der).map_err(|_| KeyError::Unusable)?;
                // The library signs with PKCS #1 and unwraps PKCS #8 from PEM only.
                let text = pem("PRIVATE KEY", der);
                let encoding = EncodingKey::from_rsa_pem(text.as_bytes()).map_err(|_| KeyError::Unusable)?;
                (PublicKey::of_rsa(&pair)?, encoding)
            }
        };
        Ok(Self { kid: kid.into(), algorithm, purpose, private_der, encoding, public })
    }

    /// The `kid` of headers and of the JWKS.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// PKCS #8 DER (RFC 5958), to be sealed before it is stored.
    pub fn private_der(&self) -> &[u8] {
        &self.private_der
    }

    pub(super) fn encoding(&self) -> &EncodingKey {
        &self.encoding
    }

    pub(super) fn public(&self) -> &PublicKey {
        &self.public
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {} {} …)", self.kid, self.algorithm, self.purpose)
    }
}
