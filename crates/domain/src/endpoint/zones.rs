//! From the addresses of one call to the access type that it shows (akto.md §3.5).

use std::net::{IpAddr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::AccessType;

/// The networks that a tenant has named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zones {
    pub private: Vec<IpNet>,
    pub partner: Vec<IpNet>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Somebody called the tenant.
    #[default]
    Incoming,
    /// The tenant called somebody.
    Outgoing,
}

/// The addresses of one call: the client's and those of its proxies, or where it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub direction: Direction,
    /// None of them unspecified, IPv4-mapped ones as IPv4: see [`address`].
    pub addresses: Vec<IpAddr>,
}

impl Zones {
    /// What the call adds to the set of its endpoint; nothing where the tenant names no private network, or no
    /// address could be read. Inside both kinds counts as private.
    pub fn judge(&self, seen: &Seen) -> Option<AccessType> {
        if self.private.is_empty() || seen.addresses.is_empty() {
            return None;
        }
        let within = |nets: &[IpNet], address: &IpAddr| nets.iter().any(|net| net.contains(address));
        let mut partner = false;
        for address in &seen.addresses {
            if within(&self.private, address) {
                continue;
            }
            if !within(&self.partner, address) {
                return Some(match seen.direction {
                    Direction::Incoming => AccessType::Public,
                    Direction::Outgoing => AccessType::ThirdParty,
                });
            }
            partner = true;
        }
        Some(if partner { AccessType::Partner } else { AccessType::Private })
    }
}

/// An address as headers and logs write it: with or without port, with or without brackets. `None` for what cannot
/// be read, and for `0.0.0.0` and `::`.
pub fn address(raw: &str) -> Option<IpAddr> {
    let text = raw.trim_matches([' ', '\t']);
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let address: IpAddr = text.parse().ok().or_else(with_port).or_else(bracketed)?;
    let address = address.to_canonical();
    (!address.is_unspecified()).then_some(address)
}

/// A network in CIDR form, without the bits of a host. One of IPv4 addresses in IPv6's form (RFC 4291 §2.5.5.2) is
/// IPv4's, as its addresses are ([`address`]). `None` for what cannot be read.
pub fn network(text: &str) -> Option<IpNet> {
    let net: IpNet = text.parse().ok()?;
    let mapped = |net: Ipv6Net| {
        let length = net.prefix_len().checked_sub(96)?;
        Ipv4Net::new(net.addr().to_ipv4_mapped()?, length).ok()
    };
    match net {
        IpNet::V6(v6) => Some(mapped(v6).map_or(net, IpNet::V4).trunc()),
        IpNet::V4(_) => Some(net.trunc()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn northwind() -> Zones {
        let nets = |all: &[&str]| all.iter().map(|net| net.parse().unwrap()).collect();
        Zones { private: nets(&["10.0.0.0/8", "192.168.0.0/16"]), partner: nets(&["203.0.113.0/24"]) }
    }

    fn judged(zones: &Zones, direction: Direction, addresses: &str) -> Option<&'static str> {
        let addresses = addresses.split(',').filter_map(address).collect();
        zones.judge(&Seen { direction, addresses }).map(AccessType::as_str)
    }

    #[test]
    fn a_mapped_network_is_that_of_its_addresses() {
        for (text, net) in [
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("::ffff:1.2.3.4/120", "1.2.3.0/24"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("::ffff:0:0/95", "::fffe:0:0/95"),
        ] {
            assert_eq!(network(text), Some(net.parse().unwrap()), "{text}");
        }
        for text in ["", "10.0.0.1", "10.0.0.0/33", "::/129", "x/8"] {
            assert_eq!(network(text), None, "{text}");
        }
    }

    #[test]
    fn the_worked_addresses_of_the_contract() {
        let zones = northwind();
        for (direction, addresses, access) in [
            (Direction::Incoming, "10.1.2.3", Some("PRIVATE")),
            (Direction::Incoming, "203.0.113.7, 10.1.1.1", Some("PARTNER")),
            (Direction::Incoming, "203.0.113.7, 198.51.100.4", Some("PUBLIC")),
            (Direction::Outgoing, "198.51.100.4", Some("THIRD_PARTY")),
            (Direction::Incoming, "[::ffff:10.0.0.1]:443", Some("PRIVATE")),
            // The second network of the list counts like the first.
            (Direction::Incoming, "192.168.7.7", Some("PRIVATE")),
            (Direction::Outgoing, "203.0.113.9:443", Some("PARTNER")),
            (Direction::Outgoing, "192.168.0.1", Some("PRIVATE")),
            (Direction::Incoming, "10.0.0.1, 2001:db8::1", Some("PUBLIC")),
            (Direction::Incoming, "unknown, 0.0.0.0, ::, ", None),
            (Direction::Incoming, "unknown, 10.0.0.1", Some("PRIVATE")),
        ] {
            assert_eq!(judged(&zones, direction, addresses), access, "{addresses}");
        }
    }

    #[test]
    fn without_a_private_network_nothing_is_judged() {
        assert_eq!(judged(&Zones::default(), Direction::Incoming, "198.51.100.4"), None);
        let partners = Zones { private: Vec::new(), ..northwind() };
        assert_eq!(judged(&partners, Direction::Incoming, "203.0.113.7"), None);
        let both = Zones { partner: northwind().private, ..northwind() };
        assert_eq!(judged(&both, Direction::Incoming, "10.0.0.1"), Some("PRIVATE"));
    }

    #[test]
    fn an_address_is_read_in_every_dress() {
        for (text, read) in [
            ("10.0.0.1", Some("10.0.0.1")),
            (" 10.0.0.1:8080\t", Some("10.0.0.1")),
            ("2001:DB8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("::ffff:192.0.2.1", Some("192.0.2.1")),
            ("[::ffff:192.0.2.1]", Some("192.0.2.1")),
            ("::ffff:0.0.0.0", None),
            ("[::]:80", None),
            ("", None),
            ("localhost", None),
            ("10.0.0", None),
            ("010.0.0.1", None),
            ("10.0.0.1:99999", None),
            ("fe80::1%eth0", None),
            ("\"10.0.0.1\"", None),
            ("10.0.0.1\u{0}", None),
        ] {
            assert_eq!(address(text), read.map(|read| read.parse().unwrap()), "{text:?}");
        }
    }
}
