//! HTTPS with a certificate and key from PEM files.

use std::fs;
use std::path::Path;

use axum_server::tls_rustls::RustlsConfig;

use crate::failed::Failed;

/// What a server needs to speak HTTPS.
#[derive(Clone)]
pub struct Tls(pub(super) RustlsConfig);

impl Tls {
    /// Reads the chain `cert` and the private key `key`, both PEM.
    pub async fn read(cert: &Path, key: &Path) -> Result<Self, Failed> {
        // An error says that a provider is installed already, which is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let (chain, secret) = (slurp("tls.cert", cert)?, slurp("tls.key", key)?);
        RustlsConfig::from_pem(chain, secret).await.map(Self).map_err(|error| {
            let (cert, key) = (cert.display(), key.display());
            Failed::because(format!(
                "{cert} and {key} cannot serve HTTPS: {error}; `tls.cert` takes a PEM chain, `tls.key` its key"
            ))
        })
    }
}

fn slurp(setting: &str, path: &Path) -> Result<Vec<u8>, Failed> {
    fs::read(path).map_err(|error| {
        let path = path.display();
        Failed::because(format!("{path} cannot be read: {error}; name the right file in `{setting}`"))
    })
}
