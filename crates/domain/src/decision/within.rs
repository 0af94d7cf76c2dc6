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
        shows_no_more(role, named(self.cap.iter()))
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
}
