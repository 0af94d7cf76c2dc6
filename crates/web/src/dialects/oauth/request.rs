//! What arrives at the token endpoint, read as far as nobody is known yet: lines 2 to 5 of the contract's table.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};

use crate::extract::Form;
use crate::extract::form::decode;
use crate::refusal::Refusal;
use crate::state::State;

/// The form, and the headers that may name the client. No `Debug`: secrets are in both.
pub struct TokenRequest {
    pub headers: HeaderMap,
    pub form: Form,
}

/// Never taken from a URL, which is kept in histories, logs and by proxies.
const NOT_IN_URL: [&str; 8] = [
    "username",
    "password",
    "client_id",
    "client_secret",
    "refresh_token",
    "access_token",
    "grant_type",
    "code",
];

impl FromRequest<State> for TokenRequest {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &State) -> Result<Self, Refusal> {
        if request.uri().query().is_some_and(|query| names_one_of(query, &NOT_IN_URL)) {
            return Err(in_the_url());
        }
        let headers = request.headers().clone();
        let form = Form::from_request(request, state).await?;
        Ok(Self { headers, form })
    }
}

/// What arrives where a token is asked about or given back: the same, and `token` stands in no URL either.
pub struct AboutToken(pub TokenRequest);

impl FromRequest<State> for AboutToken {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &State) -> Result<Self, Refusal> {
        if request.uri().query().is_some_and(|query| names_one_of(query, &["token"])) {
            return Err(in_the_url());
        }
        TokenRequest::from_request(request, state).await.map(Self)
    }
}

fn in_the_url() -> Refusal {
    let text = "Credentials must not be sent in the URL";
    Refusal::said(StatusCode::BAD_REQUEST, "invalid_request", text)
}

/// Looks at the names alone.
fn names_one_of(query: &str, names: &[&str]) -> bool {
    let name = |pair: &str| decode(pair.split('=').next().unwrap_or_default().as_bytes());
    query.split('&').any(|pair| name(pair).is_ok_and(|name| names.contains(&name.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_in_the_url_is_found_by_its_name_alone() {
        for query in ["password=x", "a=1&client_secret=x", "code", "%70assword=x", "refresh_token="] {
            assert!(names_one_of(query, &NOT_IN_URL), "{query}");
        }
        for query in ["", "scope=read", "x=password", "passwords=1", "%zz=1", "Password=x"] {
            assert!(!names_one_of(query, &NOT_IN_URL), "{query}");
        }
    }
}
