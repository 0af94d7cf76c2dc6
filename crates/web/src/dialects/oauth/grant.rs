//! What kind of grant is asked for: lines 8 to 10 of the contract's table.

use axum::http::StatusCode;
use domain::client::{CLIENT_CREDENTIALS, Client};

use crate::extract::Form;
use crate::refusal::Refusal;

/// The grants that are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantType {
    /// RFC 6749 §4.3.
    Password,
    /// RFC 6749 §6.
    RefreshToken,
    /// RFC 6749 §4.4: the client in its own name.
    ClientCredentials,
}

impl GrantType {
    pub const ALL: [Self; 3] = [Self::Password, Self::RefreshToken, Self::ClientCredentials];

    /// As the wire and a client's `grants` spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => CLIENT_CREDENTIALS,
        }
    }

    /// The grant that the form asks for, where `client` may use it.
    ///
    /// # Errors
    /// In the order of the table: none named, unknown, not this client's.
    pub fn asked(form: &Form, client: &Client) -> Result<Self, Refusal> {
        let refuse = |error, text: &'static str| Refusal::said(StatusCode::BAD_REQUEST, error, text);
        let Some(name) = form.get("grant_type") else {
            return Err(refuse("invalid_request", "Missing grant type"));
        };
        let Some(grant) = Self::ALL.into_iter().find(|grant| grant.as_str() == name) else {
            return Err(refuse("unsupported_grant_type", "Unsupported grant type"));
        };
        // One who only says his name has proved nothing about himself (RFC 6749 §4.4).
        let proves_nothing = grant == Self::ClientCredentials && client.secret_digest.is_none();
        if !client.may(grant.as_str()) || proves_nothing {
            return Err(refuse("unauthorized_client", "Unauthorized grant type"));
        }
        Ok(grant)
    }
}
