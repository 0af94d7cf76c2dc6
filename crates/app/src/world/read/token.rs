use domain::client::Scopes;
use domain::permission::SCOPES;
use domain::{EmailAddress, TokenId};
use secrecy::ExposeSecret;

use super::client::either;
use super::fields::Fields;
use super::kind::Given;
use super::nearest::quoted;
use super::{NAME, SEALED_FOR_AN_ID, distinct, kind};
use crate::world::Name;
use crate::world::file::{Digest, Secret, Token};

/// `[[token]]`
pub(super) fn read(f: &mut Fields<'_>) -> Token {
    let (cx, tenant) = (f.cx, f.raw("tenant"));
    let sealed;
    let row = Token {
        place: f.place.clone(),
        owner: f.opt("owner", kind::user(cx)),
        tenant: f.must("tenant", kind::tenant(cx)),
        id: f.opt("id", kind::uuid).map(TokenId::from_uuid),
        number: f.opt("number", kind::positive),
        name: f.opt("name", kind::text(NAME)),
        utility: f.opt("utility", kind::utility),
        role: f.opt("role", kind::role(cx, tenant)),
        scopes: f.list("scopes", kind::choice(&SCOPES)).map(|names| Scopes::of(&names).of_permissions()),
        roles: f.list("roles", kind::role(cx, tenant)).map(distinct),
        secret: {
            let (secret, closed) = Given::apart(f.opt("secret", kind::or_sealed(kind::token_secret)));
            sealed = closed;
            either(secret, f.opt("secret_digest", kind::digest))
        },
        sealed,
        created_at: f.opt("created_at", kind::moment),
        expires_at: f.opt("expires_at", kind::moment),
        revealable: f.opt("revealable", kind::flag),
    };
    f.not_both("secret", "secret_digest");
    if row.sealed.is_some() && !f.names("id") {
        f.fault("secret", SEALED_FOR_AN_ID);
    }
    f.once("id", "token id", row.id);
    f.once("number", "token number", row.number);
    judge_owner(f, &row);
    judge_scopes(f, &row);
    judge_span(f, &row);
    judge_secret(f, &row);
    judge_identity(f, &row);
    row
}

/// A token dies with its owner's membership, so there must be one.
fn judge_owner(f: &mut Fields<'_>, row: &Token) {
    if f.names("owner") && f.names("roles") {
        f.fault("roles", "is for a tenant's own token; role caps what an owner's token may do");
    }
    let owner = f.raw("owner").and_then(|raw| EmailAddress::parse(raw).ok());
    let Some((owner, tenant)) = owner.zip(f.raw("tenant")) else {
        return;
    };
    // Asked even when one of the two is not there, so that whoever notes the questions learns of it.
    let member = Name::Member { user: f.cx.names.who(&owner), tenant: tenant.to_owned() };
    let in_file = f.cx.names.users.get(owner.as_str()).is_some_and(|tenants| tenants.contains(tenant));
    if !in_file && !f.cx.known.has(&member) && row.owner.is_some() && !row.tenant.is_empty() {
        let advice = "give the user a [[user.membership]] there";
        f.fault("owner", format!("{owner} is no member of tenant {}; {advice}", quoted(tenant)));
    }
}

/// Bound by none of them it would do nothing, and whoever wants to take the bond away could take this for the way.
fn judge_scopes(f: &mut Fields<'_>, row: &Token) {
    if row.scopes.as_ref().is_some_and(Scopes::is_empty) && !f.any_wrong(&["scopes", "scopes[0]"]) {
        f.fault(
            "scopes",
            "is empty, and the token could do nothing; name read, write or both, or leave it out",
        );
    }
}

fn judge_span(f: &mut Fields<'_>, row: &Token) {
    if row.created_at.zip(row.expires_at).is_some_and(|(from, to)| to <= from) {
        f.fault("expires_at", "is not after created_at; a token ends after it was made");
    }
}

/// One secret, one token: it is looked up by its digest.
fn judge_secret(f: &mut Fields<'_>, row: &Token) {
    let (key, digest) = match &row.secret {
        None => return judge_absence(f, row),
        Some(Secret::Text(text)) => ("secret", Digest::of(text.expose_secret())),
        Some(Secret::Digest(digest)) => ("secret_digest", *digest),
    };
    if key == "secret_digest" && row.revealable == Some(true) {
        f.fault(
            "revealable",
            "cannot be true beside secret_digest; only a secret that is given can be shown again",
        );
    }
    if let Some(first) = f.cx.stood_before("secret of a token", format!("{:?}", digest.0), f.place.line) {
        f.fault(key, format!("is the secret of the token on line {first} too; every token has its own"));
    }
}

/// A new token without a secret could never be presented; one that stands in the store keeps what it has.
fn judge_absence(f: &mut Fields<'_>, row: &Token) {
    if f.names("secret") || f.names("secret_digest") {
        return;
    }
    let owner = f.raw("owner").and_then(|raw| EmailAddress::parse(raw).ok());
    let token = match (row.id, f.raw("tenant")) {
        (Some(id), _) => Name::Token(id),
        (None, Some(tenant)) => Name::NamedToken {
            owner: owner.map(|owner| f.cx.names.who(&owner)),
            tenant: tenant.to_owned(),
            name: row.name.clone().unwrap_or_default(),
        },
        (None, None) => return,
    };
    // Asked whatever else is wrong, so that whoever notes the questions learns of it.
    if !f.cx.known.has(&token) && !f.any_wrong(&["owner", "tenant", "id", "name"]) {
        f.fault("secret", "is missing, and a new token needs it; give a secret or secret_digest");
    }
}

/// The id where there is one, which [`Fields::once`] has judged; else owner, tenant and name. A row without an id would
/// meet one of the same owner, tenant and name that has an id, so such a pair is refused too.
fn judge_identity(f: &mut Fields<'_>, row: &Token) {
    let keys = ["owner", "tenant", "name", "id"];
    if f.any_wrong(&keys) {
        return;
    }
    let value = format!("{:?}", (&row.owner, &row.tenant, &row.name));
    let (mine, others) =
        if row.id.is_some() { ("token with id", "token ") } else { ("token ", "token with id") };
    let shown = match &row.name {
        Some(name) => format!("{} of the same owner and tenant", quoted(name)),
        None => "without a name, of the same owner and tenant".to_owned(),
    };
    if let Some(first) = f.cx.line_of(others, &value) {
        let message =
            format!("could be the token on line {first}, {shown}; give both an id, or another name");
        f.fault("name", message);
    } else if row.id.is_some() {
        f.cx.stood_before(mine, value, f.place.line);
    } else {
        f.identity(&keys, mine, value, &shown);
    }
}
