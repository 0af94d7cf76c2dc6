//! What may be said of a client, and within which bounds.

use domain::client::{GRANTS, is_redirect_uri, is_scope};
use store::world::client::Client;

use crate::changes::Changes;
use crate::failure::Failure;
use crate::rules::{Faults, NAME};

/// What is given of a client; `None`: leave it, `Some(None)`: take it away.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// 1 to 256 characters.
    pub name: Option<Option<String>>,
    /// Of [`GRANTS`].
    pub grants: Option<Vec<String>>,
    /// In the client's order; 100 at most.
    pub scopes: Option<Vec<String>>,
    /// 100 at most.
    pub redirect_uris: Option<Vec<String>>,
    pub environment: Option<bool>,
}

const LISTED: usize = 100;

impl Given {
    /// # Errors
    /// `Invalid` names every field at fault.
    pub(super) fn judge(&self, mut faults: Faults) -> Result<(), Failure> {
        if let Some(Some(name)) = &self.name {
            faults.name("name", name, NAME);
        }
        let all = |list: &Option<Vec<String>>, fits: &dyn Fn(&str) -> bool| {
            list.as_ref().is_none_or(|list| list.len() <= LISTED && list.iter().all(|text| fits(text)))
        };
        let known = |text: &str| GRANTS.contains(&text);
        let rule = "must be a list of password, refresh_token, client_credentials, authorization_code";
        faults.unless(all(&self.grants, &known), "grants", rule);
        let rule = "must be a list of at most 100 words of ASCII without blanks, commas, quotes";
        faults.unless(all(&self.scopes, &is_scope), "scopes", rule);
        let rule = "must be a list of at most 100 absolute URIs without fragment, of no scripting scheme";
        faults.unless(all(&self.redirect_uris, &is_redirect_uri), "redirect_uris", rule);
        faults.done()
    }

    /// Sets over `row` what is given.
    pub(super) fn over(self, row: &mut Client) {
        row.name = self.name.unwrap_or(row.name.take());
        row.environment = self.environment.unwrap_or(row.environment);
        for (list, given) in [
            (&mut row.grants, self.grants),
            (&mut row.scopes, self.scopes),
            (&mut row.redirect_uris, self.redirect_uris),
        ] {
            if let Some(given) = given {
                *list = given;
                let mut seen = std::collections::HashSet::new();
                list.retain(|text| seen.insert(text.clone()));
            }
        }
    }
}

/// What a client without a secret may not do (RFC 6749 §4.4: the grant is for confidential clients alone).
///
/// # Errors
/// `Invalid` names `grants`, or `environment`.
pub(super) fn is_fit(row: &Client) -> Result<(), Failure> {
    let mut faults = Faults::default();
    let public = row.secret_digest.is_none();
    let own = row.grants.iter().any(|grant| grant == "client_credentials");
    faults.unless(!(public && own), "grants", "client_credentials needs a client with a secret");
    faults.unless(!(public && row.environment), "environment", "needs a client with a secret");
    faults.done()
}

/// What differs, in words.
pub(super) fn moved(before: &Client, after: &Client) -> Option<String> {
    let name = |client: &Client| client.name.clone().unwrap_or_default();
    Changes::default()
        .text("name", &name(before), &name(after))
        .list("grants", &before.grants, &after.grants)
        .list("scopes", &before.scopes, &after.scopes)
        .list("redirect_uris", &before.redirect_uris, &after.redirect_uris)
        .value("environment", &before.environment, &after.environment)
        .words()
}
