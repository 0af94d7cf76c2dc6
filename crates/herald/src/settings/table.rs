//! The settings, each defined once: field, key, kind, default; its docstring is its help.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;
use uuid::Uuid;

use super::choices::{Algorithm, Dialect, LogFormat, LogLevel};
use super::given::Given;
use super::kind::{Address, File, Id, Key, ListOf, Network, Number, OneOf, Opaque, Period, Text, Url};
use super::row::{About, Maybe, Row, With};
use super::secret::{MasterKey, MasterKeyRow, Secret};

/// From one list of rows: the struct, its reading, and what help and reference say.
macro_rules! settings {
    ($( $(#[doc = $help:literal])+ $field:ident: $value:ty = $row:expr; )+) => {
        /// Every setting, read and checked. Secrets do not print.
        #[derive(Debug)]
        pub struct Settings {
            $( $(#[doc = $help])+ pub $field: $value, )+
        }

        impl Settings {
            /// Reads every setting, so that every fault is found; nothing when there is one.
            pub(super) fn read(given: &mut Given) -> Option<Self> {
                $( let $field = read::<$value, _>(&$row, given); )+
                Some(Self { $( $field: $field?, )+ })
            }
        }

        /// What every setting is for, in the order of the table.
        pub fn about() -> Vec<About> {
            vec![ $( describe::<$value, _>(&$row, concat!($($help),+).trim_ascii()), )+ ]
        }
    };
}

/// Reads one row; says to the compiler that it gives a `V`.
fn read<V, R: Row<Value = V>>(row: &R, given: &mut Given) -> Option<V> {
    row.read(given)
}

/// What one row says of itself; says to the compiler that it gives a `V`.
fn describe<V, R: Row<Value = V>>(row: &R, help: &'static str) -> About {
    row.about(help)
}

const DIALECTS: OneOf<Dialect> = OneOf(&[
    ("akto", Dialect::Akto),
    ("testiny", Dialect::Testiny),
    ("insights", Dialect::Insights),
    ("frontegg", Dialect::Frontegg),
    ("aegis", Dialect::Aegis),
]);
const ALGORITHMS: OneOf<Algorithm> = OneOf(&[("ES256", Algorithm::Es256), ("EdDSA", Algorithm::EdDsa)]);
const LEVELS: OneOf<LogLevel> = OneOf(&[
    ("error", LogLevel::Error),
    ("warn", LogLevel::Warn),
    ("info", LogLevel::Info),
    ("debug", LogLevel::Debug),
    ("trace", LogLevel::Trace),
]);
const FORMATS: OneOf<LogFormat> = OneOf(&[("text", LogFormat::Text), ("json", LogFormat::Json)]);
const WEB: Url = Url::of(&["http", "https"], "https://herald.example");
const ORIGIN: Url = Url::origin("https://app.example");
const POSTGRES: Url = Url::of(&["postgres", "postgresql"], "postgres://herald@db.example/herald");
const SMTP: Url = Url::of(&["smtp", "smtps"], "smtps://herald:password@mail.example");
const TOKEN_LIFE: Period = Period::between("1s", "3650d");

settings! {
    /// Where to listen; port 0 picks a free port.
    listen: SocketAddr = With("listen", Address, "127.0.0.1:8080");
    /// The URL under which clients reach Herald: the issuer of tokens and the base of links. Set it, or a fixed
    /// port, where signed tokens shall survive a restart.
    public_url: Option<String> = Maybe("public_url", WEB, "`http://` + the bound address");
    /// The folder of the SQLite store, the master key and the lock, made with mode 0700. `herald demo` uses
    /// `./herald-demo` unless this is set.
    data: PathBuf = With("data", File, "./herald-data");
    /// The PostgreSQL database to use instead of SQLite.
    database_url: Option<SecretString> = Secret("database_url", POSTGRES, "SQLite in `data`");
    /// Connections to the database, at most.
    database_pool: u32 = With("database.pool", Number::between(1, 1000), "16");
    /// How long one statement may take before it is given up.
    database_statement_timeout: Duration = With("database.statement_timeout", Period::between("100ms", "1h"), "5s");
    /// Proxies whose `X-Forwarded-For` is believed: the client is the rightmost address that is none of them.
    trusted_proxies: Vec<IpNet> = With("trusted_proxies", ListOf(Network), "");
    /// The certificate chain (PEM) to serve HTTPS with; needs `tls.key`.
    tls_cert: Option<PathBuf> = Maybe("tls.cert", File, "none: plain HTTP");
    /// The private key (PEM) of `tls.cert`.
    tls_key: Option<PathBuf> = Maybe("tls.key", File, "none");
    /// The key that seals the secrets in the store. The file is made, with mode 0600, when it is not there and
    /// nothing is sealed yet.
    master_key: MasterKey = MasterKeyRow("master_key", Key, "the file `master.key` in `data`");

    /// Memory that one password hash takes (Argon2id), in KiB; at least 8 for each lane of `passwords.parallelism`.
    passwords_memory_kib: u32 = With("passwords.memory_kib", Number::between(8, 4_194_304), "19456");
    /// Passes over that memory.
    passwords_passes: u32 = With("passwords.passes", Number::between(1, 100), "2");
    /// Lanes of one hash.
    passwords_parallelism: u32 = With("passwords.parallelism", Number::between(1, 64), "1");
    /// Threads that hash passwords.
    passwords_threads: Option<usize> = Maybe("passwords.threads", Number::between(1, 1024), "one a core");
    /// Hashes that may wait for a thread; when the queue is full, sign-in answers 503 with `Retry-After`.
    passwords_queue: usize = With("passwords.queue", Number::between(1, 1_000_000), "256");
    /// The shortest password that can be set, in characters.
    passwords_min_length: usize = With("passwords.min_length", Number::between(1, 1024), "12");
    /// The longest password that is looked at, in bytes.
    passwords_max_bytes: usize = With("passwords.max_bytes", Number::bytes(16, 65_536), "1024");

    /// The mail server: `smtps://` with TLS from the first byte, `smtp://` with STARTTLS (without it to this machine
    /// itself, or with `?tls=none`). A user and a password may stand in the URL.
    smtp_url: Option<SecretString> = Secret("smtp.url", SMTP, "none: no mail");
    /// The sender of mail.
    smtp_from: Option<String> = Maybe("smtp.from", Text("a sender such as Herald <herald@example.org>"), "none");
    /// Web origins whose pages may call the API.
    cors_origins: Vec<String> = With("cors.origins", ListOf(ORIGIN), "");

    /// How long a session lives without being used.
    sessions_idle: Duration = With("sessions.idle", TOKEN_LIFE, "12h");
    /// How long a session lives at most.
    sessions_absolute: Duration = With("sessions.absolute", TOKEN_LIFE, "30d");
    /// How long an access token lives.
    tokens_access_ttl: Duration = With("tokens.access_ttl", TOKEN_LIFE, "1h");
    /// How long a refresh token lives, never past its session.
    tokens_refresh_ttl: Duration = With("tokens.refresh_ttl", TOKEN_LIFE, "30d");
    /// How long a refresh token that was already used gives the same successor again, for replies that were lost.
    tokens_refresh_grace: Duration = With("tokens.refresh_grace", Period::between("0s", "1h"), "10s");
    /// The longest life that an API token can be given.
    tokens_max_ttl: Duration = With("tokens.max_ttl", TOKEN_LIFE, "365d");
    /// What signs tokens, but for those whose clients know one algorithm only.
    tokens_algorithm: Algorithm = With("tokens.algorithm", ALGORITHMS, "ES256");
    /// How long, at most, a node may honour what another has revoked.
    revocation_bound: Duration = With("revocation_bound", Period::between("200ms", "1h"), "1s");

    /// Failures within `lockout.window` after which an e-mail address can no longer sign in.
    lockout_attempts: u32 = With("lockout.attempts", Number::between(1, 1_000_000), "10");
    /// How far back failures count.
    lockout_window: Duration = With("lockout.window", Period::between("1s", "1d"), "15m");
    /// How long the first lockout lasts; it doubles with each, up to 24 hours.
    lockout_duration: Duration = With("lockout.duration", Period::between("1s", "1d"), "15m");
    /// The longest request body; streams have limits of their own.
    limits_body_bytes: usize = With("limits.body_bytes", Number::bytes(1024, 1_073_741_824), "1048576");
    /// How long one request may take.
    limits_deadline: Duration = With("limits.deadline", Period::between("100ms", "1h"), "30s");
    /// Sign-ins from one address in a minute; 0 is no limit.
    limits_sign_in_per_ip: u32 = With("limits.sign_in_per_ip", Number::between(0, 1_000_000), "60");
    /// Requests from one address in a minute; 0 is no limit.
    limits_requests_per_ip: u32 = With("limits.requests_per_ip", Number::between(0, 10_000_000), "0");

    /// The products whose APIs are served.
    dialects_enabled: Vec<Dialect> =
        With("dialects.enabled", ListOf(DIALECTS), "akto,testiny,insights,frontegg,aegis");
    /// The `vendorId` that Frontegg's dialect shows.
    dialects_frontegg_vendor_id: Option<Uuid> = Maybe("dialects.frontegg.vendor_id", Id, "made on first start");
    /// The secret that signs Stigg customer tokens in Akto's dialect.
    dialects_akto_stigg_signing_secret: Option<SecretString> =
        Secret("dialects.akto.stigg_signing_secret", Opaque("text of at most 4096 bytes"), "none");
    /// The providers for which Aegis' dialect mints tokens; `local` is always one.
    dialects_aegis_providers: Vec<String> =
        With("dialects.aegis.providers", ListOf(Text("the name of a provider")), "local");

    /// A country database (MMDB with `country_code`) to use instead of the built-in one.
    geo_database: Option<PathBuf> = Maybe("geo.database", File, "the one in the binary");
    /// The least important messages that are logged.
    log_level: LogLevel = With("log.level", LEVELS, "info");
    /// How log lines look.
    log_format: Option<LogFormat> = Maybe("log.format", FORMATS, "`text` on a terminal, else `json`");
}
