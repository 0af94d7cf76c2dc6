//! What the settings say to the use cases and to the web.

use std::path::Path;
use std::sync::Arc;

use app::Config;
use app::config::{PasswordLimits, SessionLimits, TokenLimits};
use app::jwt::Algorithm;
use app::mail::MailConfig;
use app::passwords::HasherConfig;
use domain::lockout;
use web::{Geo, Product, WebConfig};

use crate::failed::Failed;
use crate::settings::{self, Dialect, Settings};

/// For the use cases of an installation reached at `public_url`.
pub fn app_config(settings: &Settings, public_url: &str) -> Config {
    Config {
        public_url: public_url.to_owned(),
        vendor_id: settings.dialects_frontegg_vendor_id,
        sessions: SessionLimits { idle: settings.sessions_idle, absolute: settings.sessions_absolute },
        tokens: TokenLimits {
            access_ttl: settings.tokens_access_ttl,
            refresh_ttl: settings.tokens_refresh_ttl,
            refresh_grace: settings.tokens_refresh_grace,
            max_ttl: settings.tokens_max_ttl,
            algorithm: match settings.tokens_algorithm {
                settings::Algorithm::Es256 => Algorithm::Es256,
                settings::Algorithm::EdDsa => Algorithm::EdDsa,
            },
        },
        revocation_bound: settings.revocation_bound,
        lockout: lockout::Policy {
            attempts: settings.lockout_attempts.into(),
            window: settings.lockout_window,
            duration: settings.lockout_duration,
        },
        passwords: password_limits(settings),
        hasher: hasher_config(settings),
        mail: mail_config(settings),
        stigg_signing_secret: settings.dialects_akto_stigg_signing_secret.clone(),
        aegis_providers: settings.dialects_aegis_providers.clone(),
    }
}

/// The mail server, where one is set; the settings were read, so it is one.
pub fn mail_config(settings: &Settings) -> Option<MailConfig> {
    let (url, from) = (settings.smtp_url.as_ref()?, settings.smtp_from.as_deref()?);
    MailConfig::parse(url, from).ok()
}

/// How long a password may be.
pub fn password_limits(settings: &Settings) -> PasswordLimits {
    PasswordLimits { min_length: settings.passwords_min_length, max_bytes: settings.passwords_max_bytes }
}

/// What the hashing pool is told.
pub fn hasher_config(settings: &Settings) -> HasherConfig {
    let usual = HasherConfig::default();
    HasherConfig {
        memory_kib: settings.passwords_memory_kib,
        passes: settings.passwords_passes,
        parallelism: settings.passwords_parallelism,
        threads: settings.passwords_threads.unwrap_or(usual.threads),
        queue: settings.passwords_queue,
    }
}

/// For HTTP, under `public_url`.
pub fn web_config(settings: &Settings, public_url: &str) -> Result<WebConfig, Failed> {
    let geo = match &settings.geo_database {
        None => Geo::built_in(),
        Some(file) => open_geo(file)?,
    };
    Ok(WebConfig {
        public_url: public_url.to_owned(),
        body_bytes: settings.limits_body_bytes,
        deadline: settings.limits_deadline,
        sign_in_per_ip: settings.limits_sign_in_per_ip,
        requests_per_ip: settings.limits_requests_per_ip,
        trusted_proxies: settings.trusted_proxies.clone(),
        cors_origins: settings.cors_origins.clone(),
        dialects: settings.dialects_enabled.iter().copied().map(product).collect(),
        geo: Arc::new(geo),
    })
}

fn open_geo(file: &Path) -> Result<Geo, Failed> {
    // The error names the file.
    Geo::open(file)
        .map_err(|error| Failed::because(format!("{error}; name a country database in `geo.database`")))
}

fn product(dialect: Dialect) -> Product {
    match dialect {
        Dialect::Akto => Product::Akto,
        Dialect::Testiny => Product::Testiny,
        Dialect::Insights => Product::Insights,
        Dialect::Frontegg => Product::Frontegg,
        Dialect::Aegis => Product::Aegis,
    }
}
