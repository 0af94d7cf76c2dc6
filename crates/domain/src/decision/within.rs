//! Whether a role is within what a credential may: what keeps a role, or a cap, from being wider than who makes it.

use super::{Authority, named};
use crate::role::Role;

impl Authority {
    /// Whether the credential permits all that the role permits.
    pub fn covers_all_of(&self, role: &Role) -> bool {
        role.patterns.iter().all(|pattern| self.covers(pattern))
    }

    /// Whether the credential sees all collections that the role shows to who holds nothing else.
    pub fn sees_all_of(&self, role: &Role) -> bool {
        shows_no_more(role, self.collections())
    }

    /// The same of the cap alone: for what the owner's roles go on to bind anyway.
    pub fn cap_sees_all_of(&self, role: &Role) -> bool {
        shows_no_more(role, named(self.cap.iter().map(AsRef::as_ref)))
    }

    /// Of the roles that somebody holds together, one by which they show collections that the credential does not see:
    /// nobody lets others have, or takes from them, what he does not reach himself. Roles that permit nothing show
    /// nothing.
    pub fn shown_beyond<'r>(&self, held: &[&'r Role]) -> Option<&'r Role> {
        let seen = self.collections()?;
        if held.iter().all(|role| role.patterns.is_empty()) {
            return None;
        }
        let Some(shown) = named(held.iter().copied()) else {
            return held.iter().copied().min_by(|a, b| a.by_strength(b));
        };
        if shown.iter().all(|one| seen.contains(one)) {
            return None;
        }
        held.iter().copied().find(|role| role.collections.iter().any(|one| !seen.contains(one)))
    }
}

/// `seen`: `None` is all; and a role that names none shows all.
fn shows_no_more(role: &Role, seen: Option<Vec<i64>>) -> bool {
    let Some(seen) = seen else { return true };
    let names = !role.administers() && !role.collections.is_empty();
    names && role.collections.iter().all(|one| seen.contains(one))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Timestamp;
    use crate::role::Builtin;

    fn role(base: Builtin, collections: &[i64]) -> Role {
        Role { collections: collections.to_vec(), ..Role::built_in(base, Timestamp::from_secs(0)) }
    }

    #[test]
    fn a_role_that_names_no_collections_shows_all() {
        let of = |collections: &[i64], cap: Option<&[i64]>| Authority {
            roles: vec![Arc::new(role(Builtin::Guest, collections))],
            cap: cap.map(|cap| Arc::new(role(Builtin::Guest, cap))),
            ..Authority::default()
        };
        let (seven, none, both) =
            (role(Builtin::Guest, &[7]), role(Builtin::Guest, &[]), role(Builtin::Guest, &[7, 8]));
        let all = of(&[], None);
        assert!([&seven, &none, &both].iter().all(|role| all.sees_all_of(role)));
        let some = of(&[7], None);
        assert!(some.sees_all_of(&seven) && !some.sees_all_of(&none) && !some.sees_all_of(&both));
        assert!(!some.sees_all_of(&role(Builtin::Admin, &[7])), "an administrator sees all");
        assert!(some.cap_sees_all_of(&none), "its owner's roles bind it");
        let capped = of(&[], Some(&[7]));
        assert!(capped.cap_sees_all_of(&seven) && !capped.cap_sees_all_of(&none));
        assert!(!capped.cap_sees_all_of(&both) && !capped.sees_all_of(&both));
    }

    #[test]
    fn roles_held_together_show_what_they_name_together() {
        let guest = role(Builtin::Guest, &[]);
        let (admin, nothing) = (role(Builtin::Admin, &[7]), role(Builtin::NoAccess, &[]));
        let (seven, eight) = (role(Builtin::Guest, &[7]), role(Builtin::Guest, &[8]));
        let of = |role: &Role| Authority { roles: vec![Arc::new(role.clone())], ..Authority::default() };
        let beyond = |held: &[&Role]| of(&seven).shown_beyond(held).map(|role| role.level);
        for within in [&[&seven][..], &[&guest, &seven], &[&nothing, &seven], &[&nothing], &[]] {
            assert_eq!(beyond(within), None);
        }
        for more in [&[&guest][..], &[&guest, &nothing], &[&seven, &eight], &[&eight]] {
            assert_eq!(beyond(more), Some(guest.level));
        }
        assert_eq!(beyond(&[&seven, &admin]), Some(admin.level), "an administrator sees all");
        assert_eq!(of(&guest).shown_beyond(&[&admin, &eight]), None);
    }
}
