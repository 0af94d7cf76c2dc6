//! From what Herald holds to Testiny's JSON.

use app::account::{Account, Quota};
use app::{Principal, Profile};
use domain::Timestamp;
use domain::session::Session;
use domain::user::User;

use super::wire;

/// The body of `GET /account/me`.
pub fn auth_info(profile: &Profile, principal: &Principal, account: Account) -> wire::AuthInfo {
    let user = &profile.user;
    let here = principal.tenant.and_then(|tenant| profile.membership(tenant));
    wire::AuthInfo {
        user_id: user.number,
        email: user.email.as_str().to_owned(),
        first_name: user.first_name.clone().unwrap_or_default(),
        last_name: user.last_name.clone().unwrap_or_default(),
        auth_type: auth_type(user),
        token_expires_at: principal.credential.expires_at.unwrap_or(Timestamp::NEVER).rfc3339_millis(),
        tenant_features: here.map(|membership| membership.tenant.features.clone()).unwrap_or_default(),
        sessions: account.sessions.into_iter().filter_map(|open| session(open, profile)).collect(),
        quotas: account.quotas.into_iter().map(quota).collect(),
    }
}

/// Whoever signs in elsewhere does so whatever he has enrolled here.
fn auth_type(user: &User) -> wire::AuthType {
    if user.provider != "local" {
        wire::AuthType::TenantSso
    } else if user.mfa_enrolled {
        wire::AuthType::LocalMfa
    } else {
        wire::AuthType::LocalPassword
    }
}

/// `None` for one in a tenant that the profile, read a moment before, does not know.
fn session(open: Session, profile: &Profile) -> Option<wire::Session> {
    let tenant = profile.membership(open.tenant?)?.tenant.key.clone();
    Some(wire::Session {
        id: open.number,
        tenant,
        agent: open.user_agent,
        geo: open.place,
        login_at: open.created_at.rfc3339_millis(),
    })
}

fn quota(quota: Quota) -> (String, wire::Quota) {
    (quota.name, wire::Quota { limit: quota.limit, used: quota.used })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::membership::Membership;
    use domain::session::Opening;
    use domain::tenant::Tenant;
    use domain::{EmailAddress, SessionId, TenantId, UserId};
    use uuid::Uuid;

    use super::*;

    const THEN: Timestamp = Timestamp::from_micros(1_795_255_200_123_999);

    fn user(provider: &str, mfa_enrolled: bool) -> User {
        User {
            id: UserId::from_uuid(Uuid::max()),
            number: 7,
            email: EmailAddress::parse("ada@x.example").unwrap(),
            name: None,
            first_name: None,
            middle_name: None,
            last_name: None,
            phone: None,
            picture: None,
            kind: "USER".into(),
            group: None,
            verified: true,
            active: true,
            locked: false,
            operator: false,
            super_user: false,
            invisible: false,
            mfa_bypass: false,
            mfa_enrolled,
            default_tenant: None,
            default_site: None,
            metadata: "{}".into(),
            vendor_metadata: "{}".into(),
            managed_by: None,
            created_by: None,
            updated_by: None,
            provider: provider.into(),
            last_login_at: None,
            created_at: THEN,
            updated_at: THEN,
        }
    }

    fn member_of(id: TenantId, key: &str) -> Profile {
        let tenant = Tenant {
            id,
            number: 1,
            key: key.into(),
            name: String::new(),
            features: Vec::new(),
            quotas: Vec::new(),
            metadata: "{}".into(),
            billing_id: None,
            mfa: None,
            lockout_attempts: None,
            created_at: THEN,
            updated_at: THEN,
        };
        let user = user("local", false);
        let membership = Membership {
            user: user.id,
            tenant: Arc::new(tenant),
            active: true,
            expires_at: None,
            roles: Vec::new(),
            sites: Vec::new(),
        };
        Profile { user, memberships: vec![membership], default_site: None }
    }

    fn open_in(tenant: Option<TenantId>) -> Session {
        Session {
            id: SessionId::from_uuid(Uuid::max()),
            number: 77,
            user: UserId::from_uuid(Uuid::max()),
            tenant,
            client: None,
            opening: Opening::Native,
            created_at: THEN,
            last_used_at: THEN,
            idle: None,
            expires_at: Timestamp::NEVER,
            ended_at: None,
            user_agent: "curl".into(),
            ip: "192.0.2.1".into(),
            place: "PT".into(),
            mfa: false,
        }
    }

    #[test]
    fn how_a_user_signs_in() {
        assert_eq!(auth_type(&user("local", false)), wire::AuthType::LocalPassword);
        assert_eq!(auth_type(&user("local", true)), wire::AuthType::LocalMfa);
        assert_eq!(auth_type(&user("okta", false)), wire::AuthType::TenantSso);
        assert_eq!(auth_type(&user("okta", true)), wire::AuthType::TenantSso);
    }

    #[test]
    fn a_session_is_told_by_numbers_and_keys_alone() {
        let tenant = TenantId::from_uuid(Uuid::nil());
        let profile = member_of(tenant, "north");
        let shown = serde_json::to_value(session(open_in(Some(tenant)), &profile).unwrap()).unwrap();
        let expected = serde_json::json!({
            "id": 77, "tenant": "north", "agent": "curl", "geo": "PT", "loginAt": "2026-11-21T10:00:00.123Z",
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_session_elsewhere_is_not_shown() {
        let profile = member_of(TenantId::from_uuid(Uuid::nil()), "north");
        assert!(session(open_in(Some(TenantId::from_uuid(Uuid::max()))), &profile).is_none());
        assert!(session(open_in(None), &profile).is_none());
    }
}
