//! What a user token says (frontegg.md §4, "Claims"). It informs the caller's own backend: here a token is looked up by
//! its `jti`, and authority is what the store says now.

use app::Profile;
use app::catalogue::Declared;
use app::sessions::Grant;
use serde::Serialize;
use serde_json::{Map, Value};

use super::convert;

/// Clients ask for it after a step-up (PAPE 1.0 §4, of the `OpenID` Foundation).
const MULTI_FACTOR: &str = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";

#[derive(Debug, Serialize)]
pub struct UserToken<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: String,
    r#type: &'static str,
    jti: String,
    sid: String,
    #[serde(rename = "tenantId")]
    tenant_id: String,
    #[serde(rename = "tenantIds")]
    tenant_ids: Vec<String>,
    #[serde(rename = "userId")]
    user_id: String,
    name: &'a str,
    email: &'a str,
    email_verified: bool,
    #[serde(rename = "phoneNumber", skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a str>,
    #[serde(rename = "profilePictureUrl")]
    profile_picture_url: &'a str,
    metadata: Map<String, Value>,
    /// Of `tenantId` only, as are the permissions.
    roles: Vec<String>,
    permissions: Vec<String>,
    amr: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'static str>,
    #[serde(rename = "superUser", skip_serializing_if = "is_false")]
    super_user: bool,
    #[serde(skip_serializing_if = "is_false")]
    invisible: bool,
    auth_time: i64,
    iat: i64,
    exp: i64,
}

/// Whose token it is, and for whom.
#[derive(Clone, Copy)]
pub struct Parties<'a> {
    /// Without a trailing slash.
    pub issuer: &'a str,
    /// The environment's client.
    pub audience: &'a str,
}

impl<'a> UserToken<'a> {
    pub fn new(grant: &Grant, profile: &'a Profile, parties: Parties<'a>, catalogue: &[Declared]) -> Self {
        let user = &profile.user;
        let membership = profile.membership(grant.tenant);
        let (amr, acr): (&[_], _) =
            if grant.mfa { (&["pwd", "mfa", "otp"], Some(MULTI_FACTOR)) } else { (&["pwd"], None) };
        Self {
            iss: parties.issuer,
            aud: parties.audience,
            sub: user.id.to_string(),
            r#type: "userToken",
            jti: grant.access.to_string(),
            sid: grant.session.to_string(),
            tenant_id: grant.tenant.to_string(),
            tenant_ids: profile.live(grant.issued_at).map(|m| m.tenant.id.to_string()).collect(),
            user_id: user.id.to_string(),
            name: user.name.as_deref().unwrap_or_default(),
            email: user.email.as_str(),
            email_verified: user.verified,
            phone_number: user.phone.as_deref(),
            profile_picture_url: user.picture.as_deref().unwrap_or_default(),
            metadata: object(&user.metadata),
            roles: membership
                .map(|m| m.roles.iter().map(|r| r.key.to_lowercase()).collect())
                .unwrap_or_default(),
            permissions: membership.map(|m| convert::permission_keys(m, catalogue)).unwrap_or_default(),
            amr,
            acr,
            super_user: user.super_user,
            invisible: user.invisible,
            auth_time: grant.signed_in_at.as_secs(),
            iat: grant.issued_at.as_secs(),
            exp: grant.access_expires_at.as_secs(),
        }
    }
}

/// Metadata is a real object in tokens; the store keeps no other text.
fn object(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

#[cfg(test)]
mod tests {
    use app::sessions::Grant;
    use domain::client::Scopes;
    use domain::ids::AccessTokenId;
    use domain::{FamilyId, SessionId, Timestamp, UserId};

    use super::super::sample::{BEFORE, NOW, catalogue, id, profile, tenant_id};
    use super::*;

    fn grant(mfa: bool) -> Grant {
        Grant {
            access: AccessTokenId::from_uuid(id(21)),
            family: FamilyId::from_uuid(id(22)),
            session: SessionId::from_uuid(id(23)),
            user: UserId::from_uuid(id(9)),
            tenant: tenant_id(2),
            client: None,
            scope: Scopes::default(),
            issued_at: NOW,
            access_expires_at: Timestamp::from_secs(NOW.as_secs() + 3600),
            refresh_token: "hr_x".to_owned().into(),
            refresh_expires_at: NOW,
            signed_in_at: BEFORE,
            mfa,
        }
    }

    fn claims(mfa: bool, change: impl FnOnce(&mut Profile)) -> Value {
        let mut profile = profile();
        change(&mut profile);
        let parties = Parties { issuer: "http://h", audience: "env" };
        serde_json::to_value(UserToken::new(&grant(mfa), &profile, parties, &catalogue())).unwrap()
    }

    #[test]
    fn a_token_speaks_of_its_own_account() {
        let claims = claims(false, |_| ());
        assert_eq!(claims["roles"], serde_json::json!(["technician", "guest"]));
        assert_eq!(claims["permissions"].as_array().unwrap().len(), 7);
        assert_eq!(claims["tenantIds"].as_array().unwrap().len(), 2);
        assert_eq!(claims["metadata"], serde_json::json!({"a": {"b": [1]}}));
        assert_eq!(
            (claims["jti"].clone(), claims["sid"].clone()),
            (id(21).to_string().into(), id(23).to_string().into())
        );
        let times = ["auth_time", "iat", "exp"].map(|name| claims[name].as_i64().unwrap());
        assert_eq!(times, [1_795_334_400, 1_795_338_000, 1_795_341_600]);
    }

    #[test]
    fn what_is_not_so_is_left_out() {
        let plain = claims(false, |_| ());
        for absent in ["phoneNumber", "superUser", "invisible", "acr"] {
            assert!(plain.get(absent).is_none(), "{absent}");
        }
        let shown = claims(true, |p| (p.user.super_user, p.user.invisible) = (true, true));
        assert_eq!((&shown["superUser"], &shown["invisible"]), (&true.into(), &true.into()));
        assert_eq!(
            (plain["amr"].clone(), shown["amr"].clone()),
            (serde_json::json!(["pwd"]), serde_json::json!(["pwd", "mfa", "otp"]))
        );
        assert_eq!(shown["acr"], MULTI_FACTOR);
    }
}
