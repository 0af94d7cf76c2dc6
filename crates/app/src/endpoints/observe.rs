//! Adding what traffic shows to the inventory: endpoints, and the access types that their callers' addresses tell
//! (akto.md §3.5). Asks for `endpoints:write`. Audits `endpoints.observed`, once a transaction that changed something.

use std::collections::HashMap;
use std::time::Duration;

use domain::audit::{Actor, Origin};
use domain::endpoint::{AccessSet, Endpoint, Key, Seen, Zones};
use domain::{Permission, TenantId};
use ipnet::IpNet;
use store::StoreError;
use store::endpoints::Manner;
use store::world::network;

use super::audited::{By, write};
use super::{AT_ONCE, Written, tenant};
use crate::Ctx;
use crate::act::Act;
use crate::authorize::Decided;
use crate::failure::{Failure, Kind};
use crate::principal::Caller;
use crate::tenants::{TenantName, find};

/// Different endpoints, and bytes of their URLs, that are gathered at most before they are written.
const GATHERED: usize = 8_192;
const GATHERED_BYTES: usize = 4 * 1024 * 1024;
/// How long one that was seen waits at most, as long as more follow.
const WAITS: Duration = Duration::from_secs(2);

/// Takes observations one by one and writes them in short transactions; holds a bounded number of them, however many
/// come. What it was given counts once [`Observer::flush`] has answered.
pub struct Observer {
    /// With why he may; `None`: the command line.
    caller: Option<(Caller, Decided)>,
    tenant: TenantId,
    zones: Zones,
    gathered: HashMap<Key, AccessSet>,
    bytes: usize,
    /// On the monotonic clock.
    flushed_at: Duration,
    written: Written,
}

/// One call that somebody saw.
#[derive(Clone, Debug)]
pub struct Observation {
    pub key: Key,
    pub seen: Seen,
}

impl Observer {
    /// For a caller.
    pub async fn begin(ctx: &Ctx, caller: &Caller, named: Option<&TenantName>) -> Result<Self, Failure> {
        let (tenant, decided) = tenant(ctx, caller, named, &Permission::ENDPOINTS_WRITE).await?;
        Ok(Self::of(ctx, Some((caller.clone(), decided)), tenant, zones(ctx, tenant).await?))
    }

    /// For the command line.
    ///
    /// # Errors
    /// `NotFound` names a tenant that is not there.
    pub async fn of_command_line(ctx: &Ctx, named: &str) -> Result<Self, Failure> {
        let missing = || Failure::new(Kind::NotFound, "not_found", format!("There is no tenant {named}."));
        let tenant = find(ctx, &TenantName::parse(named)).await?.ok_or_else(missing)?.id;
        Ok(Self::of(ctx, None, tenant, zones(ctx, tenant).await?))
    }

    fn of(ctx: &Ctx, caller: Option<(Caller, Decided)>, tenant: TenantId, zones: Zones) -> Self {
        let flushed_at = ctx.clock.monotonic();
        let (gathered, written) = (HashMap::new(), Written::default());
        Self { caller, tenant, zones, gathered, bytes: 0, flushed_at, written }
    }

    pub fn add(&mut self, Observation { key, seen }: Observation) {
        let shown: AccessSet = self.zones.judge(&seen).into_iter().collect();
        let length = key.url.len();
        let bytes = &mut self.bytes;
        let set = self.gathered.entry(key).or_insert_with(|| {
            *bytes += length;
            AccessSet::EMPTY
        });
        *set = set.union(shown);
    }

    /// Whether it is time to [`Observer::flush`].
    pub fn is_due(&self, ctx: &Ctx) -> bool {
        self.gathered.len() >= GATHERED
            || self.bytes >= GATHERED_BYTES
            || ctx.clock.monotonic().saturating_sub(self.flushed_at) >= WAITS
    }

    /// Writes what was gathered, and reads the tenant's networks anew.
    ///
    /// # Errors
    /// `Unauthenticated`, `Forbidden` where the caller may no longer; what was written before stays.
    pub async fn flush(&mut self, ctx: &Ctx) -> Result<(), Failure> {
        let mut rows: Vec<Endpoint> =
            self.gathered.drain().map(|(key, access)| Endpoint { key, access }).collect();
        // In one order, so that two observers never wait for each other.
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        self.bytes = 0;
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(AT_ONCE));
            self.written.add(write(ctx, self.by(ctx), self.tenant, rows, Manner::Add).await?);
            rows = rest;
        }
        self.zones = zones(ctx, self.tenant).await?;
        self.flushed_at = ctx.clock.monotonic();
        Ok(())
    }

    /// What became of all that was flushed; an endpoint counts once for each flush that saw it.
    pub fn written(&self) -> Written {
        self.written
    }

    fn by(&self, ctx: &Ctx) -> By {
        const ACTION: &str = "endpoints.observed";
        let Some((caller, decided)) = &self.caller else {
            let event = ctx.event(Actor::COMMAND_LINE, ACTION, &Origin::default());
            return By::CommandLine(event.in_tenant(Some(self.tenant)));
        };
        let asked = (&Permission::ENDPOINTS_WRITE, Some(self.tenant));
        By::Caller(Act::decided(ctx, (caller, decided), asked, ACTION))
    }
}

async fn zones(ctx: &Ctx, tenant: TenantId) -> Result<Zones, StoreError> {
    let row = ctx.store.read(move |tx| Box::pin(async move { network::of_tenant(tx, tenant).await })).await?;
    let nets = |texts: Vec<String>| -> Result<Vec<IpNet>, StoreError> {
        let corrupt = StoreError::Corrupt { table: "networks", column: "private or partner" };
        texts.iter().map(|text| text.parse()).collect::<Result<_, _>>().map_err(|_| corrupt)
    };
    let Some(row) = row else { return Ok(Zones::default()) };
    Ok(Zones { private: nets(row.private)?, partner: nets(row.partner)? })
}
