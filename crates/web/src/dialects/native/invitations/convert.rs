//! From the domain to the wire.

use app::invitations::accept::Accepted;
use app::invitations::create::Invited;
use app::invitations::list::Open;
use app::links::Delivery;
use app::password_resets::issue::Issued;
use domain::Role;
use domain::link::Link;
use domain::tenant::Site;
use secrecy::ExposeSecret;

use super::wire;
use crate::dialects::native::wire::Tenant;

pub fn open(open: &Open) -> wire::Invitation {
    invitation(&open.link, &open.roles, &open.sites)
}

pub fn invited(invited: &Invited) -> wire::Invited {
    let invitation = invitation(&invited.link, &invited.roles, &invited.sites);
    wire::Invited { invitation, delivered: delivered(&invited.delivery) }
}

pub fn issued(issued: &Issued) -> wire::ResetLink {
    wire::ResetLink {
        delivered: delivered(&issued.delivery),
        link_expires_at: issued.link.expires_at.rfc3339_millis(),
    }
}

pub fn accepted(accepted: &Accepted) -> wire::Accepted {
    let membership = &accepted.membership;
    let tenant = &membership.tenant;
    wire::Accepted {
        user_id: accepted.user.uuid(),
        new_user: accepted.is_new,
        tenant: Tenant { id: tenant.id.uuid(), key: tenant.key.clone(), name: tenant.name.clone() },
        roles: membership.roles.iter().map(|role| role.key.clone()).collect(),
        sites: membership.sites.iter().map(|site| site.key.clone()).collect(),
        expires_at: membership.expires_at.map(domain::Timestamp::rfc3339_millis),
    }
}

fn invitation(link: &Link, roles: &[Role], sites: &[Site]) -> wire::Invitation {
    let invitation = link.invitation();
    wire::Invitation {
        id: link.id.uuid(),
        email: invitation.map(|i| i.email.to_string()).unwrap_or_default(),
        name: invitation.and_then(|i| i.name.clone()),
        roles: roles.iter().map(|role| role.key.clone()).collect(),
        sites: sites.iter().map(|site| site.key.clone()).collect(),
        expires_at: invitation.and_then(|i| i.member_until).map(domain::Timestamp::rfc3339_millis),
        invited_by: link.created_by.map(domain::UserId::uuid),
        created_at: link.created_at.rfc3339_millis(),
        link_expires_at: link.expires_at.rfc3339_millis(),
    }
}

fn delivered(delivery: &Delivery) -> wire::Delivered {
    match delivery {
        Delivery::Mail => wire::Delivered { delivery: "mail", link: None },
        Delivery::Hand(link) => {
            wire::Delivered { delivery: "link", link: Some(link.expose_secret().to_owned()) }
        }
    }
}
