//! What the web is told once, at start.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;

use crate::geo::Geo;

/// A product whose account API Herald speaks, and that can be switched off (`dialects.enabled`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    Akto,
    Testiny,
    Insights,
    Frontegg,
    Aegis,
}

impl Product {
    pub const ALL: [Self; 5] = [Self::Akto, Self::Testiny, Self::Insights, Self::Frontegg, Self::Aegis];
}

/// The settings of world.md that concern HTTP.
#[derive(Clone)]
pub struct WebConfig {
    /// Under which clients reach Herald, without a trailing slash.
    pub public_url: String,
    /// Bytes of a request body at most.
    pub body_bytes: usize,
    /// How long one request may take.
    pub deadline: Duration,
    /// Sign-ins from one address in a minute; 0 is no limit.
    pub sign_in_per_ip: u32,
    /// Requests from one address in a minute; 0 is no limit.
    pub requests_per_ip: u32,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Web origins whose pages may call the API, as browsers send them: `https://app.example`.
    pub cors_origins: Vec<String>,
    pub dialects: BTreeSet<Product>,
    /// Countries of addresses; [`Geo::open`] reads an operator's own file.
    pub geo: Arc<Geo>,
}

impl WebConfig {
    /// The defaults of world.md, for an installation reached at `public_url`.
    pub fn at(public_url: impl Into<String>) -> Self {
        Self {
            public_url: public_url.into(),
            body_bytes: 1024 * 1024,
            deadline: Duration::from_secs(30),
            sign_in_per_ip: 60,
            requests_per_ip: 0,
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            dialects: Product::ALL.into_iter().collect(),
            geo: Arc::new(Geo::built_in()),
        }
    }
}
