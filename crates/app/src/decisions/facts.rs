//! What decisions hang on, from what the read model or the store holds.

use domain::decision::{Authority, Facts, Seat};
use domain::membership::Membership;
use domain::standing::{Bond, Owner, Standing};
use domain::user::User;

use crate::principal::Caller;

/// Of the presented credential. That it lives was found when it was presented.
pub(crate) fn of_caller(caller: &Caller) -> Facts {
    let principal = caller.principal();
    let owner = principal.profile().map(|profile| owner(&profile.user));
    let membership = match (principal.profile(), principal.tenant) {
        (Some(profile), Some(tenant)) => Bond::of(profile.membership(tenant)),
        // A tenant's own, a client's, or an operator's above all tenants.
        (Some(_) | None, None) | (None, Some(_)) => Bond::None,
    };
    Facts {
        standing: Standing { owner, membership, ..Standing::default() },
        authority: principal.authority.clone(),
    }
}

/// Of a user at Herald's own door, by a credential that nothing cuts down: an operator needs no membership there.
pub(crate) fn of_user(owner: Owner, operator: bool, seat: Option<Seat>) -> Facts {
    let (tenant, bond, roles) = match seat {
        Some(Seat { tenant, bond, roles }) => (Some(tenant), bond, roles),
        None => (None, Bond::NotAMember, Vec::new()),
    };
    let membership = if operator { Bond::None } else { bond };
    let authority = Authority { tenant, operator, roles, cap: None, scopes: None };
    Facts { standing: Standing { owner: Some(owner), membership, ..Standing::default() }, authority }
}

pub(crate) fn seat(membership: &Membership) -> Seat {
    let bond = Bond::of(Some(membership));
    Seat { tenant: membership.tenant.id, bond, roles: membership.roles.clone() }
}

pub(crate) fn owner(user: &User) -> Owner {
    Owner { active: user.active, locked: user.locked }
}
