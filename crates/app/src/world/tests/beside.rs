//! Names that stand in the store and not in the file.

use std::collections::BTreeSet;

use super::{LIMITS, faults, faults_beside};
use crate::world::{Anything, Asked, Name, Who, read};

const BESIDE: &str = r#"
[[role]]
key = "night"
tenant = "acme"
permissions = ["reports:read"]
assigns = ["desk"]
[[user]]
email = "ada@acme.example"
default_tenant = "acme"
default_site = "hq"
[[user.membership]]
tenant = "acme"
roles = ["desk", "admin"]
sites = ["hq"]
[[token]]
owner = "Bo@acme.example"
tenant = "acme"
secret = "0123456789abcdef"
[[token]]
owner = "bo@acme.example"
tenant = "acme"
name = "old"
"#;

fn bo() -> Who {
    Who::Address("bo@acme.example".to_owned())
}

fn stored() -> BTreeSet<Name> {
    let acme = || "acme".to_owned();
    BTreeSet::from([
        Name::Permission("reports:read".to_owned()),
        Name::Tenant(acme()),
        Name::Site { tenant: acme(), key: "hq".to_owned() },
        Name::Role { tenant: Some(acme()), key: "desk".to_owned() },
        Name::User("bo@acme.example".to_owned()),
        Name::Member { user: bo(), tenant: acme() },
        Name::NamedToken { owner: Some(bo()), tenant: acme(), name: "old".to_owned() },
    ])
}

#[test]
fn what_the_store_holds_may_be_named() {
    assert_eq!(faults_beside(BESIDE, &stored()), "");
}

#[test]
fn without_each_of_them_there_is_a_fault() {
    for name in stored() {
        let mut known = stored();
        known.remove(&name);
        assert_ne!(faults_beside(BESIDE, &known), "", "{name:?}");
    }
    assert_ne!(faults(BESIDE), "");
}

#[test]
fn one_reading_asks_for_all_that_another_needs() {
    let asked = Asked::default();
    assert!(read(BESIDE, &LIMITS, &asked).is_err());
    let names = asked.into_names();
    let missing: Vec<_> = stored().into_iter().filter(|name| !names.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let found: BTreeSet<Name> = names.intersection(&stored()).cloned().collect();
    assert_eq!(faults_beside(BESIDE, &found), "");
}

#[test]
fn a_tenants_role_may_not_take_the_key_of_a_stored_one_of_the_installation() {
    let mut known = stored();
    known.insert(Name::Role { tenant: None, key: "night".to_owned() });
    assert_eq!(
        faults_beside(BESIDE, &known),
        "line 3: role[0].key: \"night\" is a role of the whole installation; choose another key"
    );
}

#[test]
fn a_file_can_be_judged_before_the_store_is_looked_into() {
    assert_eq!(faults_beside(BESIDE, &Anything), "");
    let wrong = format!("{BESIDE}color = 1\n[[user]]\nemail = 'ada@acme.example'\n");
    assert_eq!(
        faults_beside(&wrong, &Anything),
        "line 23: token[1].color: no such key; the keys here are owner, tenant, id, number, name, utility, role, scopes, roles, \
         secret, secret_digest, created_at, expires_at, revealable\n\
         line 25: user[1].email: a second user \"ada@acme.example\", whom line 7 has; keep one of the two"
    );
}
