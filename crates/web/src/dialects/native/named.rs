//! A field at fault, before it is known whether it stands in a body, in an entry of a list or in a line of a stream.

use std::borrow::Cow;

use app::Failure;
use app::tenants::TenantName;

use super::page::pairs;
use crate::extract::ndjson::LineFault;

/// The field, and what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named(pub &'static str, pub Cow<'static, str>);

impl From<Named> for Failure {
    fn from(Named(field, message): Named) -> Self {
        Self::invalid_field(field, message)
    }
}

impl From<Named> for LineFault {
    fn from(Named(field, message): Named) -> Self {
        format!("{field} {message}").into()
    }
}

/// The tenant that a query names, where it does.
pub(super) fn tenant(query: &str) -> Result<Option<TenantName>, Failure> {
    let pairs = pairs(query)?;
    let named = pairs.into_iter().find(|(key, _)| key == "tenant");
    Ok(named.map(|(_, name)| TenantName::parse(&name)))
}
