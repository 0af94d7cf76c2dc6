//! From the domain to users and members on the wire.

use app::members::Member;
use app::users::show::Shown;
use domain::Timestamp;
use domain::membership::Membership;
use domain::tenant::Site;
use domain::user::User;

use super::{common, wire};
use crate::dialects::native::convert;

pub fn person(user: &User) -> wire::Person {
    wire::Person {
        user: convert::user(user),
        active: user.active,
        locked: user.locked,
        operator: user.operator,
    }
}

pub fn in_places(Shown { profile }: &Shown) -> wire::PersonInPlaces {
    wire::PersonInPlaces {
        person: person(&profile.user),
        default_tenant: profile.user.default_tenant.map(domain::TenantId::uuid),
        memberships: profile.memberships.iter().map(place).collect(),
    }
}

fn place(membership: &Membership) -> wire::Place {
    let tenant = &membership.tenant;
    wire::Place {
        tenant: common::Tenant { id: tenant.id.uuid(), key: tenant.key.clone(), name: tenant.name.clone() },
        seat: wire::Seat {
            roles: membership.roles.iter().map(|role| role.key.clone()).collect(),
            sites: membership.sites.iter().map(site).collect(),
            active: membership.active,
            expires_at: membership.expires_at.map(Timestamp::rfc3339_millis),
        },
    }
}

pub fn member(member: &Member) -> wire::TenantMember {
    wire::TenantMember {
        user: person(&member.user),
        seat: wire::Seat {
            roles: member.roles.iter().map(|role| role.key.clone()).collect(),
            sites: member.sites.iter().map(site).collect(),
            active: member.active,
            expires_at: member.expires_at.map(Timestamp::rfc3339_millis),
        },
        joined_at: member.joined_at.rfc3339_millis(),
    }
}

fn site(site: &Site) -> wire::MemberSite {
    wire::MemberSite { id: site.id.uuid(), key: site.key.clone(), name: site.name.clone() }
}
