//! The scopes asked for: line 11 of the contract's table.

use axum::http::StatusCode;
use domain::client::{Client, Scopes};

use crate::refusal::Refusal;

/// Names between blanks or commas, all of them the client's; `None` where none were asked for.
///
/// # Errors
/// A name that the client does not have, or blanks and no name at all.
pub fn asked(text: Option<&str>, client: &Client) -> Result<Option<Scopes>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let mut names = text.split([' ', ',']).filter(|name| !name.is_empty()).peekable();
    // Before anything is collected: a form may hold a hundred thousand names, a client has a few.
    if names.peek().is_none() || names.any(|name| !client.scopes.iter().any(|scope| scope == name)) {
        return Err(invalid());
    }
    Ok(Some(Scopes::parse(text)))
}

pub fn invalid() -> Refusal {
    Refusal::said(StatusCode::BAD_REQUEST, "invalid_scope", "Invalid scope")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: Option<&str>) -> Option<String> {
        let scopes = ["read", "write", "trust"].map(str::to_owned).to_vec();
        let client = Client {
            uid: domain::ClientUid::from_uuid(uuid::Uuid::nil()),
            client_id: "c".to_owned(),
            secret_digest: None,
            name: None,
            grants: Vec::new(),
            scopes,
            redirect_uris: Vec::new(),
            environment: false,
        };
        match asked(text, &client) {
            Ok(scopes) => scopes.map(|scopes| scopes.to_string()),
            Err(_) => Some("refused".to_owned()),
        }
    }

    #[test]
    fn names_keep_their_order_and_repeats_collapse() {
        assert_eq!(read(None), None);
        assert_eq!(read(Some("read,write")).unwrap(), "read write");
        assert_eq!(read(Some(" write  read,,read ")).unwrap(), "write read");
    }

    #[test]
    fn every_name_must_be_the_clients() {
        for text in ["admin", "read admin", "Read", "read\twrite", " ", ",", "read;write"] {
            assert_eq!(read(Some(text)).unwrap(), "refused", "{text:?}");
        }
        let many = "x ".repeat(400_000);
        assert_eq!(read(Some(&many)).unwrap(), "refused");
        let repeated = "read ".repeat(200_000);
        assert_eq!(read(Some(&repeated)).unwrap(), "read");
    }
}
