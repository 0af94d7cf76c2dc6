use domain::{EmailAddress, UserId};

use super::fields::Fields;
use super::kind::Given;
use super::nearest::quoted;
use super::{NAME, SEALED_FOR_AN_ID, WORD, kind, membership};
use crate::world::file::User;

/// Of a picture, which may be the picture itself.
const PICTURE: usize = 4_096;
/// Who can keep a user's data, as Frontegg's page names them.
const MANAGERS: &[&str] = &["frontegg", "scim2", "external"];

/// `[[user]]`
pub(super) fn read(f: &mut Fields<'_>) -> User {
    let (cx, path) = (f.cx, f.place.path.clone());
    let totp_sealed;
    let row = User {
        place: f.place.clone(),
        email: f.must_or("email", kind::email, EmailAddress::from_stored(String::new())),
        password: f.opt("password", kind::password(*cx.limits)),
        password_hash: f.opt("password_hash", kind::password_hash),
        id: f.opt("id", kind::uuid).map(UserId::from_uuid),
        number: f.opt("number", kind::positive),
        name: f.opt("name", kind::text(NAME)),
        first_name: f.opt("first_name", kind::text(NAME)),
        middle_name: f.opt("middle_name", kind::text(NAME)),
        last_name: f.opt("last_name", kind::text(NAME)),
        phone: f.opt("phone", kind::text(NAME)),
        picture: f.opt("picture", kind::text(PICTURE)),
        kind: f.opt("type", kind::filled(WORD)),
        group: f.opt("group", kind::text(WORD)),
        verified: f.opt("verified", kind::flag),
        active: f.opt("active", kind::flag),
        locked: f.opt("locked", kind::flag),
        operator: f.opt("operator", kind::flag),
        super_user: f.opt("super_user", kind::flag),
        invisible: f.opt("invisible", kind::flag),
        mfa_bypass: f.opt("mfa_bypass", kind::flag),
        totp_secret: {
            let (plain, sealed) = Given::apart(f.opt("totp_secret", kind::or_sealed(kind::seed)));
            totp_sealed = sealed;
            plain
        },
        totp_sealed,
        default_tenant: f.opt("default_tenant", kind::tenant(cx)),
        default_site: default_site(f),
        metadata: f.opt("metadata", kind::object),
        vendor_metadata: f.opt("vendor_metadata", kind::object),
        managed_by: f.opt("managed_by", kind::choice(MANAGERS)),
        created_by: f.opt("created_by", kind::text(NAME)),
        provider: f.opt("provider", kind::filled(WORD)),
        memberships: f.rows("membership", |row| membership::read(row, &path)),
    };
    f.not_both("password", "password_hash");
    if row.totp_sealed.is_some() && !f.names("id") {
        f.fault("totp_secret", SEALED_FOR_AN_ID);
    }
    f.once("id", "user id", row.id);
    f.once("number", "user number", row.number);
    one_address(f, &row.email);
    row
}

/// Sites are named within a tenant, so the tenant must stand beside it.
fn default_site(f: &mut Fields<'_>) -> Option<String> {
    let site = f.opt("default_site", kind::site(f.cx, f.raw("default_tenant")));
    if site.is_some() && !f.names("default_tenant") {
        f.fault("default_site", "stands without default_tenant; name the tenant that the site is of");
    }
    site
}

/// An address stands once in the file, however it is spelled.
fn one_address(f: &mut Fields<'_>, email: &EmailAddress) {
    let Some(spelling) = f.raw("email").filter(|_| !email.as_str().is_empty()) else {
        return;
    };
    let line = f.place.line;
    let again = f.cx.stood_before("the spelling", format!("{email} {spelling}"), line);
    let Some(first) = f.cx.stood_before("the address", email.to_string(), line) else {
        return;
    };
    let message = match again {
        Some(same) => {
            format!("a second user {}, whom line {same} has; keep one of the two", quoted(spelling))
        }
        None => format!(
            "{} is {email} in another spelling, whom line {first} has; keep one of the two",
            quoted(spelling)
        ),
    };
    f.fault("email", message);
}
