//! Case 2 of insights.md: clients of other houses sign in and refresh, unchanged, against the running program.

use std::process::Command;

use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, RefreshToken, RequestTokenError,
    ResourceOwnerPassword, ResourceOwnerUsername, Scope, TokenResponse, TokenUrl,
};

use super::demo::MIRA;
use super::program::Home;
use super::python;

const CLIENT: (&str, &str) = ("fixstreamapp", "fixstream");

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
    config.timeout_global(Some(std::time::Duration::from_secs(20))).build().into()
}

fn send(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let (parts, mut body) = agent().run(request)?.into_parts();
    Ok(HttpResponse::from_parts(parts, body.read_to_vec()?))
}

fn detail(url: &str, token: &BasicTokenResponse) -> (u16, String) {
    let request = agent().get(format!("{url}/api/v2/users/loggedIn/detail"));
    let bearer = format!("{} {}", token.token_type().as_ref(), token.access_token().secret());
    let mut reply = request.header("Authorization", bearer).call().unwrap();
    (reply.status().as_u16(), reply.body_mut().read_to_string().unwrap())
}

/// Signs in, asks for the detail, refreshes, asks again.
fn go_through(url: &str, how: AuthType) {
    let client = BasicClient::new(ClientId::new(CLIENT.0.to_owned()))
        .set_client_secret(ClientSecret::new(CLIENT.1.to_owned()))
        .set_token_uri(TokenUrl::new(format!("{url}/oauth/token")).unwrap())
        .set_auth_type(how);
    let name = ResourceOwnerUsername::new(MIRA.0.to_owned());
    let password = ResourceOwnerPassword::new(MIRA.1.to_owned());
    let asked: Vec<Scope> = ["read", "write"].map(|name| Scope::new(name.to_owned())).to_vec();
    let request = client.exchange_password(&name, &password).add_scopes(asked.clone());
    let first = request.request(&send).unwrap();
    assert_eq!(first.scopes(), Some(&asked));
    assert!(first.expires_in().is_some_and(|left| left.as_secs() > 0));
    assert_eq!(detail(url, &first).0, 200);

    let refresh = RefreshToken::new(first.refresh_token().unwrap().secret().clone());
    let second = client.exchange_refresh_token(&refresh).request(&send).unwrap();
    assert_ne!(second.refresh_token().unwrap().secret(), refresh.secret());
    assert_eq!(second.scopes(), Some(&asked));
    let (status, body) = detail(url, &second);
    assert!(status == 200 && body.contains("\"name\":\"Mira Holt\""), "{status} {body}");

    let wrong = ResourceOwnerPassword::new("wrong".to_owned());
    match client.exchange_password(&name, &wrong).request(&send) {
        Err(RequestTokenError::ServerResponse(said)) => {
            assert_eq!(said.error().to_string(), "invalid_grant");
            assert_eq!(said.error_description().map(String::as_str), Some("Bad credentials"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn case_2_the_crate_oauth2_with_basic_and_with_the_body() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    for how in [AuthType::BasicAuth, AuthType::RequestBody] {
        go_through(&server.url, how);
    }
}

#[test]
fn case_2_requests_oauthlib_and_authlib() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/oauth.py");
    let output = Command::new(python::interpreter()).args([script, &server.url]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
