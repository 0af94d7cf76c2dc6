use domain::tenant::MfaEnforcement;
use domain::{SiteId, TenantId};

use super::fields::Fields;
use super::nearest::quoted;
use super::{NAME, WORD, distinct, kind};
use crate::world::file::{Mfa, Site, Tenant};

/// `[[tenant]]`
pub(super) fn read(f: &mut Fields<'_>) -> Tenant {
    let path = f.place.path.clone();
    let row = Tenant {
        place: f.place.clone(),
        key: f.must("key", kind::key),
        name: f.must("name", kind::filled(NAME)),
        id: f.opt("id", kind::uuid).map(TenantId::from_uuid),
        number: f.opt("number", kind::positive),
        features: f.list("features", kind::filled(WORD)).map(distinct),
        quotas: f.opt("quotas", kind::quotas),
        metadata: f.opt("metadata", kind::object),
        billing_id: f.opt("billing_id", kind::uuid),
        mfa: f.table("mfa", mfa),
        lockout_attempts: f.table("lockout", |lockout| lockout.must("attempts", kind::positive)),
        sites: f.rows("site", |site| read_site(site, &path)),
    };
    f.once("id", "tenant id", row.id);
    f.once("number", "tenant number", row.number);
    f.identity(&["key"], "tenant ", row.key.clone(), &quoted(&row.key));
    row
}

/// `mfa = { enforce = "Force", … }`
fn mfa(f: &mut Fields<'_>) -> Mfa {
    Mfa {
        enforce: f.must_or("enforce", kind::enforcement, MfaEnforcement::DontForce),
        remember_device: f.opt("remember_device", kind::flag),
        device_ttl: f.opt("device_ttl", kind::positive),
    }
}

/// `[[tenant.site]]`
fn read_site(f: &mut Fields<'_>, tenant: &str) -> Site {
    let row = Site {
        place: f.place.clone(),
        key: f.must("key", kind::key),
        name: f.must("name", kind::filled(NAME)),
        id: f.opt("id", kind::uuid).map(SiteId::from_uuid),
    };
    f.once("id", "site id", row.id);
    f.identity(&["key"], "site ", format!("{tenant}/{}", row.key), &quoted(&row.key));
    row
}
