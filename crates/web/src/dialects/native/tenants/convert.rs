//! From the domain to `/v1/tenants`, and back.

use app::tenants::Settings;
use app::tenants::show::Shown;
use domain::tenant::{self, MfaEnforcement, Tenant};
use domain::token::{Token, Utility};
use domain::{Timestamp, UserId};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::convert::scopes;
use super::super::fields::Fields;
use super::wire;

pub fn listed(tenant: Tenant) -> wire::TenantListed {
    wire::TenantListed {
        id: tenant.id.uuid(),
        number: tenant.number,
        key: tenant.key,
        name: tenant.name,
        created_at: tenant.created_at.rfc3339_millis(),
        updated_at: tenant.updated_at.rfc3339_millis(),
    }
}

pub fn shown(Shown { tenant, quotas }: Shown) -> wire::TenantShown {
    let quota = |q: app::account::Quota| (q.name, wire::QuotaShown { limit: q.limit, used: q.used });
    wire::TenantShown {
        id: tenant.id.uuid(),
        number: tenant.number,
        key: tenant.key,
        name: tenant.name,
        features: tenant.features,
        quotas: quotas.into_iter().map(quota).collect(),
        metadata: serde_json::from_str(&tenant.metadata).unwrap_or_default(),
        billing_id: tenant.billing_id,
        mfa: tenant.mfa.map(|mfa| wire::MfaPolicy {
            enforce: mfa.enforce.as_str(),
            remember_device: mfa.remember_device,
            device_ttl: mfa.device_ttl,
        }),
        lockout: tenant.lockout_attempts.map(|attempts| wire::Lockout { attempts }),
        created_at: tenant.created_at.rfc3339_millis(),
        updated_at: tenant.updated_at.rfc3339_millis(),
    }
}

pub fn site(site: tenant::Site) -> wire::Site {
    wire::Site { id: site.id.uuid(), key: site.key, name: site.name }
}

/// What a body gives of a tenant. Id and number are never given from here.
pub fn settings(fields: &mut Fields) -> Settings {
    fields.refuse(&["id", "number"], "is not given, and never changes");
    Settings {
        key: fields.optional_text("key"),
        name: fields.optional_text("name"),
        metadata: fields.optional_object("metadata").map(|map| Value::Object(map).to_string()),
        mfa: fields.clearable_object("mfa", &["enforce", "remember_device", "device_ttl"], mfa, MFA),
        lockout_attempts: fields.clearable_object(
            "lockout",
            &["attempts"],
            |map| map.get("attempts")?.as_i64(),
            "must be null or hold attempts, a whole number",
        ),
        features: fields.optional_texts("features"),
        quotas: fields.optional_map("quotas", quotas, "must hold a whole number for each name"),
        billing_id: fields.clearable_value("billing_id", uuid, "must be a UUID or null"),
    }
}

const MFA: &str = "must be null or hold enforce (DontForce, Force or ForceExceptSAML), and may hold remember_device \
    and device_ttl";

fn mfa(map: &Map<String, Value>) -> Option<tenant::MfaPolicy> {
    Some(tenant::MfaPolicy {
        enforce: MfaEnforcement::parse(map.get("enforce")?.as_str()?)?,
        remember_device: map.get("remember_device").map_or(Some(false), Value::as_bool)?,
        device_ttl: map.get("device_ttl").map_or(Some(tenant::MfaPolicy::DEVICE_TTL), Value::as_i64)?,
    })
}

fn quotas(map: &Map<String, Value>) -> Option<Vec<(String, i64)>> {
    map.iter().map(|(name, limit)| Some((name.clone(), limit.as_i64()?))).collect()
}

pub fn uuid(value: &Value) -> Option<Uuid> {
    UserId::parse(value.as_str()?).map(UserId::uuid)
}

pub fn token(token: Token, owner_email: Option<String>, roles: Vec<String>) -> wire::TokenOfTenant {
    wire::TokenOfTenant {
        id: token.id.uuid(),
        number: token.number,
        kind: token.kind.as_str(),
        name: token.name,
        owner: token.owner.map(UserId::uuid),
        owner_email,
        roles,
        scopes: scopes(token.scopes.as_ref()),
        utility: token.utility.map(Utility::as_str),
        revealable: token.revealable,
        created_at: token.created_at.rfc3339_millis(),
        expires_at: token.expires_at.map(Timestamp::rfc3339_millis),
        last_used_at: token.last_used_at.map(Timestamp::rfc3339_millis),
    }
}

pub fn webhook(webhook: app::webhooks::Shown) -> wire::Webhook {
    wire::Webhook {
        id: webhook.id.uuid(),
        number: webhook.number,
        owner: webhook.owner.uuid(),
        name: webhook.name,
        url: webhook.url,
        kind: webhook.kind,
        created_at: webhook.created_at.rfc3339_millis(),
    }
}
