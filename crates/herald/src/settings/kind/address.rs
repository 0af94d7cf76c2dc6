//! Addresses: sockets, networks and URLs.

use std::net::{IpAddr, SocketAddr};

use axum::http::Uri;
use domain::endpoint::network;
use ipnet::IpNet;

use super::{Kind, Written};

/// An IP address and a port.
pub struct Address;

impl Kind for Address {
    type Value = SocketAddr;

    fn takes(&self) -> String {
        "an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080".into()
    }

    fn read(&self, written: &Written) -> Option<SocketAddr> {
        written.text()?.parse().ok()
    }
}

/// A network in CIDR form; a bare IP address is the network of that one address.
pub struct Network;

impl Kind for Network {
    type Value = IpNet;

    fn takes(&self) -> String {
        "an IP address or network, such as 10.0.0.0/8".into()
    }

    fn read(&self, written: &Written) -> Option<IpNet> {
        let text = written.text()?.trim();
        network(text).or_else(|| text.parse::<IpAddr>().ok().map(|address| address.to_canonical().into()))
    }
}

/// A URL of one of a few schemes, without a fragment.
pub struct Url {
    schemes: &'static [&'static str],
    example: &'static str,
    origin_only: bool,
}

impl Url {
    /// A URL with one of `schemes`, a host, and whatever path, user and query the scheme knows.
    pub const fn of(schemes: &'static [&'static str], example: &'static str) -> Self {
        Self { schemes, example, origin_only: false }
    }

    /// Scheme, host and port, nothing else (RFC 6454 §6.1).
    pub const fn origin(example: &'static str) -> Self {
        Self { schemes: &["http", "https"], example, origin_only: true }
    }
}

impl Kind for Url {
    type Value = String;

    fn takes(&self) -> String {
        let what = if self.origin_only { "an origin (no path)" } else { "a URL" };
        format!("{what} such as {}", self.example)
    }

    /// A slash at the end is cut off, so that paths can be appended to what is left.
    fn read(&self, written: &Written) -> Option<String> {
        let text = written.text()?.trim();
        // `Uri` drops a fragment without a word.
        let uri: Uri = if text.contains('#') {
            return None;
        } else {
            text.parse().ok()?
        };
        let host = uri.host()?;
        let bare = uri.path() == "/" && uri.query().is_none() && !uri.authority()?.as_str().contains('@');
        if !self.schemes.contains(&uri.scheme_str()?) || host.is_empty() || (self.origin_only && !bare) {
            return None;
        }
        Some(text.trim_end_matches('/').to_owned())
    }
}
