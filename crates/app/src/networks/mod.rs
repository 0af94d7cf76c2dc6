//! The networks of a tenant, by which the access types of its endpoints are told.

pub mod replace;
pub mod show;

/// Networks in CIDR form, host bits dropped, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks {
    pub private: Vec<String>,
    pub partner: Vec<String>,
}
