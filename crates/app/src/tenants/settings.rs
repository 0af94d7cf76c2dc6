//! What may be set of a tenant, by whom, and how much of it.

use domain::tenant::MfaPolicy;
use store::world::tenant::Tenant;
use uuid::Uuid;

use crate::changes::Changes;
use crate::failure::{Failure, FieldFault, Kind};
use crate::rules::{Faults, JSON, NAME, NUMBER, distinct};

/// What is given of a tenant; `None`: leave it, `Some(None)`: take it away.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Operators only.
    pub key: Option<String>,
    pub name: Option<String>,
    /// JSON text of an object, 16 KiB at most; replaces all of it.
    pub metadata: Option<String>,
    pub mfa: Option<Option<MfaPolicy>>,
    /// Failed sign-ins before a lockout, 1 to 1000.
    pub lockout_attempts: Option<Option<i64>>,
    /// Operators only; 100 at most.
    pub features: Option<Vec<String>>,
    /// Operators only; names and limits, 100 at most.
    pub quotas: Option<Vec<(String, i64)>>,
    /// Operators only.
    pub billing_id: Option<Option<Uuid>>,
}

const WORDS: usize = 100;
const QUOTA_NAME: usize = 64;
const ATTEMPTS: i64 = 1_000;

impl Settings {
    /// Whether it touches what a tenant is entitled to, or how the installation knows it.
    pub(super) fn is_operators(&self) -> bool {
        self.key.is_some() || self.features.is_some() || self.quotas.is_some() || self.billing_id.is_some()
    }

    /// The refusal of what is not the caller's to change names it.
    pub(super) fn not_his(&self, mut failure: Failure) -> Failure {
        if failure.kind == Kind::Forbidden && self.is_operators() {
            let given = [
                ("key", self.key.is_some()),
                ("features", self.features.is_some()),
                ("quotas", self.quotas.is_some()),
                ("billing_id", self.billing_id.is_some()),
            ];
            let given = given.into_iter().filter(|(_, is_given)| *is_given);
            let fault = |(field, _)| FieldFault::new(field, "is changed by operators alone");
            failure.fields.extend(given.map(fault));
        }
        failure
    }

    /// # Errors
    /// `Invalid` names every field at fault.
    pub(super) fn judge(&self) -> Result<(), Failure> {
        let mut faults = Faults::default();
        if let Some(key) = &self.key {
            faults.key("key", key);
        }
        if let Some(name) = &self.name {
            faults.name("name", name, NAME);
        }
        let fits = self.metadata.as_ref().is_none_or(|text| text.len() <= JSON);
        faults.unless(fits, "metadata", "must have at most 16 KiB");
        if let Some(Some(mfa)) = &self.mfa {
            let rule = "device_ttl must be a whole number of seconds above zero";
            faults.unless((1..=NUMBER).contains(&mfa.device_ttl), "mfa", rule);
        }
        if let Some(Some(attempts)) = self.lockout_attempts {
            faults.unless((1..=ATTEMPTS).contains(&attempts), "lockout", "attempts must be 1 to 1000");
        }
        faults.words("features", self.features.as_deref().unwrap_or_default(), WORDS);
        self.judge_quotas(&mut faults);
        faults.done()
    }

    fn judge_quotas(&self, faults: &mut Faults) {
        let quotas = self.quotas.as_deref().unwrap_or_default();
        faults.count("quotas", quotas.len(), WORDS);
        for (name, limit) in quotas {
            faults.name("quotas", name, QUOTA_NAME);
            let rule = "a limit must be a whole number from 0 to 9007199254740991";
            faults.unless((0..=NUMBER).contains(limit), "quotas", rule);
        }
    }

    /// Sets over `row` what is given.
    pub(super) fn over(self, row: &mut Tenant) {
        set(&mut row.key, self.key);
        set(&mut row.name, self.name);
        set(&mut row.metadata, self.metadata);
        set(&mut row.features, self.features.map(distinct));
        set(&mut row.lockout_attempts, self.lockout_attempts);
        set(&mut row.billing_id, self.billing_id);
        if let Some(quotas) = self.quotas {
            let map: serde_json::Map<_, _> =
                distinct(quotas).into_iter().map(|(name, limit)| (name, limit.into())).collect();
            row.quotas = serde_json::Value::Object(map).to_string();
        }
        match self.mfa {
            None => {}
            Some(None) => row.mfa_enforce = None,
            Some(Some(mfa)) => {
                row.mfa_enforce = Some(mfa.enforce.as_str().to_owned());
                row.mfa_remember_device = mfa.remember_device;
                row.mfa_device_ttl = mfa.device_ttl;
            }
        }
    }
}

/// Which settings differ, in words.
pub(super) fn moved(before: &Tenant, after: &Tenant) -> Option<String> {
    Changes::default()
        .value("key", &before.key, &after.key)
        .text("name", &before.name, &after.name)
        .named("metadata", before.metadata != after.metadata)
        .value("mfa", &mfa(before), &mfa(after))
        .option("lockout", before.lockout_attempts.as_ref(), after.lockout_attempts.as_ref())
        .list("features", &before.features, &after.features)
        .list("quotas", &quotas(before), &quotas(after))
        .option("billing_id", before.billing_id.as_ref(), after.billing_id.as_ref())
        .words()
}

fn mfa(tenant: &Tenant) -> String {
    let Some(enforce) = &tenant.mfa_enforce else { return "none".to_owned() };
    let remembered = if tenant.mfa_remember_device { "remembered" } else { "not remembered" };
    format!("{enforce}, devices {remembered}, {} s", tenant.mfa_device_ttl)
}

/// `api_tokens 5`.
fn quotas(tenant: &Tenant) -> Vec<String> {
    let kept: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&tenant.quotas).unwrap_or_default();
    kept.into_iter().map(|(name, limit)| format!("{name} {limit}")).collect()
}

fn set<T>(value: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *value = given;
    }
}
