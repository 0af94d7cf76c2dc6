//! The cryptography behind `jsonwebtoken`, chosen once and by name.

use std::sync::Once;

use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;

/// Chooses AWS-LC for the process. The library would guess from its features, and panic at its first use when
/// another crate of the build turns on a second provider. Cheap to call again; keys and rings call it
/// themselves.
pub fn install_provider() {
    static CHOICE: Once = Once::new();
    CHOICE.call_once(|| {
        if DEFAULT_PROVIDER.install_default().is_err() {
            tracing::warn!("another provider was chosen for signed tokens before this one");
        }
    });
}
