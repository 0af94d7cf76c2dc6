//! From grants and tokens to their JSON.

use app::Subject;
use app::oauth::client_credentials::Issued;
use app::principal::Entry;
use app::sessions::Grant;
use domain::Timestamp;
use domain::credential::CredentialKind;
use domain::user::User;
use secrecy::ExposeSecret;

use super::wire;

/// `access_token` is the grant's, signed.
pub fn token(grant: &Grant, access_token: String, user: &User, now: Timestamp) -> wire::Token {
    wire::Token {
        access_token,
        token_type: "bearer",
        refresh_token: grant.refresh_token.expose_secret().to_owned(),
        // Rounded down, so that no client trusts it too long; never 0, which some take for "for ever".
        expires_in: grant.expires_in(now).max(1),
        scope: grant.scope.to_string(),
        user: of_user(user),
        jti: grant.access.to_string(),
    }
}

fn of_user(user: &User) -> wire::User {
    let email = user.email.to_string();
    wire::User {
        name: user.display_name().to_owned(),
        user_name: email.clone(),
        email_address: email,
        group: user.group.clone(),
    }
}

/// `access_token` is the issued one, signed.
pub fn client_token(issued: &Issued, access_token: String, now: Timestamp) -> wire::ClientToken {
    wire::ClientToken {
        access_token,
        token_type: "bearer",
        expires_in: issued.expires_at.since(now).as_secs().max(1),
        scope: issued.scope.to_string(),
        jti: issued.access.to_string(),
    }
}

/// `None` is all that the asker is not to know.
pub fn introspection(found: Option<&Entry>, issuer: &str) -> wire::Introspection {
    let Some(entry) = found else { return wire::Introspection::default() };
    let principal = &entry.principal;
    let credential = &principal.credential;
    let client_id = credential.client.as_ref().map(|client| client.client_id.to_string());
    // Frontegg's name the environment's client there.
    let ours = credential.kind != CredentialKind::FronteggUser;
    wire::Introspection {
        active: true,
        scope: credential.scopes.as_ref().map(ToString::to_string),
        username: principal.profile().map(|profile| profile.user.email.to_string()),
        token_type: Some("bearer"),
        exp: credential.expires_at.map(Timestamp::as_secs),
        iat: Some(credential.issued_at.as_secs()),
        sub: Some(match &principal.subject {
            Subject::User(profile) => profile.user.id.to_string(),
            Subject::Tenant(tenant) => tenant.to_string(),
            Subject::Client(client) => client.client_id.to_string(),
        }),
        aud: ours.then(|| issuer.to_owned()),
        iss: Some(issuer.to_owned()),
        jti: Some(credential.id.to_string()),
        tenant_id: principal.tenant.map(|tenant| tenant.to_string()),
        client_id,
    }
}
