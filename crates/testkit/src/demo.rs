//! The demo world's people, passwords and keys, read from `demo.toml`.

use std::sync::OnceLock;

use app::world::file::Secret;
use app::world::{PasswordLimits, World};
use domain::Timestamp;
use secrecy::ExposeSecret;
use totp_rs::{Algorithm, Builder};

pub const TOML: &str = include_str!("../../../demo.toml");

/// Administrator of northwind, guest of contoso.
pub const MIRA: &str = "mira.holt@northwind.example";
/// Member and technician of northwind.
pub const NOOR: &str = "noor.aziz@northwind.example";
/// Holds the custom role `payments-review` of northwind.
pub const RAGU: &str = "ragu.iyer@northwind.example";
/// Guest of northwind until 2031.
pub const GUS: &str = "gus.lind@northwind.example";
/// Developer of northwind, enrolled in TOTP.
pub const TOVA: &str = "tova.berg@northwind.example";
/// Administrator of contoso.
pub const OTTO: &str = "otto.vance@contoso.example";
/// The operator, in no tenant.
pub const ROOT: &str = "root@herald.example";

pub const NORTHWIND: &str = "northwind";
pub const CONTOSO: &str = "contoso";

/// The OAuth client that may use passwords.
pub const CLIENT: &str = "fixstreamapp";
/// The client that stands for the environment (Frontegg's dialect).
pub const BACKEND: &str = "7f4b6f0e-52c4-4c37-8f0a-2d6c1c5b9e01";

/// The whole file, read.
pub fn world() -> &'static World {
    static READ: OnceLock<World> = OnceLock::new();
    READ.get_or_init(|| {
        let limits = PasswordLimits { min_length: 12, max_bytes: 1024 };
        app::world::read(TOML, &limits, &()).unwrap_or_else(|faults| panic!("demo.toml: {faults:?}"))
    })
}

fn user(email: &str) -> &'static app::world::file::User {
    let found = world().users.iter().find(|user| user.email.as_str() == email);
    found.unwrap_or_else(|| panic!("{email} is not in demo.toml"))
}

/// The password of a person of the demo.
///
/// # Panics
/// For nobody of the demo.
pub fn password(email: &str) -> &'static str {
    user(email)
        .password
        .as_ref()
        .map_or_else(|| panic!("{email} has no password"), ExposeSecret::expose_secret)
}

/// The API key of a person of the demo (Mira's, Gus's, Otto's).
///
/// # Panics
/// For somebody without one.
pub fn key(email: &str) -> &'static str {
    let of = |token: &&app::world::file::Token| token.owner.as_ref().is_some_and(|o| o.as_str() == email);
    match world().tokens.iter().find(of).and_then(|token| token.secret.as_ref()) {
        Some(Secret::Text(text)) => text.expose_secret(),
        Some(Secret::Digest(_)) | None => panic!("{email} has no key"),
    }
}

/// The secret of an OAuth client of the demo.
///
/// # Panics
/// For one without a secret.
pub fn client_secret(id: &str) -> &'static str {
    match world().clients.iter().find(|client| client.id == id).and_then(|client| client.secret.as_ref()) {
        Some(Secret::Text(text)) => text.expose_secret(),
        Some(Secret::Digest(_)) | None => panic!("{id} has no secret"),
    }
}

/// What the authenticator app of a person shows at a moment (RFC 6238).
///
/// # Panics
/// For somebody who is not enrolled.
pub fn code(email: &str, at: Timestamp) -> String {
    let seed = user(email)
        .totp_secret
        .as_ref()
        .map_or_else(|| panic!("{email} has no TOTP"), ExposeSecret::expose_secret);
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(totp_rs::Secret::new(seed.to_vec().into_boxed_slice()))
        .build_noncompliant();
    totp.generate(u64::try_from(at.as_secs()).unwrap_or(0)).to_string()
}
