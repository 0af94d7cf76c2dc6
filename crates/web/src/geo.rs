//! The country of an address: display only, and nobody outside is ever asked.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::path::Path;

use maxminddb::Reader;
use serde::Deserialize;

/// `geo/` says where the file is from, and under which licence.
static COUNTRIES: &[u8] = include_bytes!("../geo/iptoasn-country.mmdb");

/// A country or city database (MMDB). Without one, every place is `""`.
pub struct Geo(Option<Reader<Cow<'static, [u8]>>>);

/// Why a database of the operator's cannot be used; a sentence.
#[derive(Debug)]
pub struct GeoError(String);

impl fmt::Display for GeoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GeoError {}

/// What is read of a record: `country_code` in the built-in file, the rest in the databases of `GeoIP2`'s form.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, default)]
    country_code: Option<&'a str>,
    #[serde(borrow, default)]
    country: Option<Country<'a>>,
    #[serde(borrow, default)]
    city: Option<City<'a>>,
}

#[derive(Deserialize)]
struct Country<'a> {
    #[serde(borrow, default)]
    iso_code: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum City<'a> {
    Plain(&'a str),
    Named {
        #[serde(borrow)]
        names: Names<'a>,
    },
}

#[derive(Deserialize)]
struct Names<'a> {
    #[serde(borrow, default)]
    en: Option<&'a str>,
}

impl Geo {
    /// The file in the binary.
    pub fn built_in() -> Self {
        Self(Reader::from_source(Cow::Borrowed(COUNTRIES)).ok())
    }

    /// An operator's own file (`geo.database`).
    ///
    /// # Errors
    /// It cannot be read, or is no such database.
    pub fn open(path: &Path) -> Result<Self, GeoError> {
        let because = |why: &dyn fmt::Display| GeoError(format!("{} cannot be used: {why}", path.display()));
        let bytes = std::fs::read(path).map_err(|error| because(&error))?;
        let reader = Reader::from_source(Cow::Owned(bytes)).map_err(|error| because(&error))?;
        Ok(Self(Some(reader)))
    }

    /// `"PT"`, `"Lisbon, PT"` with a city database, `""` for what is private or unknown.
    pub fn place(&self, ip: IpAddr) -> String {
        let ip = ip.to_canonical();
        if is_private(ip) {
            return String::new();
        }
        let found = self.0.as_ref().and_then(|reader| reader.lookup(ip).ok()?.decode::<Record<'_>>().ok()?);
        found.map_or_else(String::new, |record| record.text())
    }
}

impl Record<'_> {
    fn text(&self) -> String {
        let country = self.country_code.or(self.country.as_ref().and_then(|country| country.iso_code));
        let city = match &self.city {
            Some(City::Plain(name)) => Some(*name),
            Some(City::Named { names }) => names.en,
            None => None,
        };
        // The built-in file writes "None" for nets without a country.
        let parts = [city, country.filter(|code| code.len() == 2)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => {
            ip.is_unique_local() || ip.is_loopback() || ip.is_unicast_link_local() || ip.is_unspecified()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(ip: &str) -> String {
        Geo::built_in().place(ip.parse().unwrap())
    }

    #[test]
    fn addresses_of_known_countries() {
        // The University of Lisbon, the German and the Japanese network information centres.
        assert_eq!(place("194.117.0.10"), "PT");
        assert_eq!(place("81.91.164.5"), "DE");
        assert_eq!(place("::ffff:81.91.164.5"), "DE");
        assert_eq!(place("2a02:568::1"), "DE");
    }

    #[test]
    fn what_is_private_has_no_place() {
        for ip in ["10.1.2.3", "192.168.0.1", "127.0.0.1", "169.254.1.1", "::1", "fd00::1", "fe80::1", "::"] {
            assert_eq!(place(ip), "", "{ip}");
        }
    }

    #[test]
    fn a_file_that_is_no_database_is_named() {
        let error = Geo::open(Path::new("Cargo.toml")).err().unwrap().to_string();
        assert!(error.starts_with("Cargo.toml cannot be used: "), "{error}");
        assert!(Geo::open(Path::new("no-such.mmdb")).is_err());
    }
}
