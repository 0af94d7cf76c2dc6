//! From a grant to its JSON.

use app::sessions::Grant;
use domain::Timestamp;
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
