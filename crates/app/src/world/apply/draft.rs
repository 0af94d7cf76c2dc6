//! The plan while it is being made: rows to write, faults found late, and what the transaction must judge.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{Builtin, EmailAddress, RoleId, SiteId, TenantId, Timestamp, UserId};
use store::Value;
use store::world::{Record, role, site, tenant, user};
use uuid::Uuid;

use super::describe;
use super::error::Stop;
use super::shelf::Shelf;
use super::step::{Deed, Links, Step, What};
use crate::Ctx;
use crate::audit::Event;
use crate::world::plan::{Line, Mark, Plan};
use crate::world::{Fault, Place};

pub(super) struct Draft<'d> {
    pub(super) ctx: &'d Ctx,
    pub(super) now: Timestamp,
    pub(super) shelf: &'d Shelf,
    names: Names,
    /// Rows of the store that a row of the file has met, and on which line.
    met: HashMap<(&'static str, Uuid), usize>,
    faults: Vec<Fault>,
    /// Rows that the file names: table and key.
    named: HashSet<(&'static str, Vec<Uuid>)>,
    /// Users whose stored password is the one that the file gives.
    pub(super) right: Right,
    pub(super) out: Settled,
}

/// Users by id; `None`: stored passwords stay whatever the file gives.
pub(super) type Right = Option<HashSet<Uuid>>;

/// A plan without faults.
#[derive(Default)]
pub(super) struct Settled {
    /// The stamp that the last apply had left, and the one that this one leaves.
    pub(super) stamp: (String, String),
    pub(super) now: Option<Timestamp>,
    pub(super) steps: Vec<Step>,
    /// Why rows stay that the file names no more.
    pub(super) kept: Vec<String>,
    pub(super) unchanged: usize,
    pub(super) judge: Judge,
    /// Rows that are referred to and not written: table and id.
    pub(super) rests_on: BTreeSet<(Referred, Uuid)>,
    /// How ids are shown.
    pub(super) shown: HashMap<Uuid, String>,
    pub(super) events: Vec<Event>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Referred {
    Tenant,
    Site,
    Role,
    User,
}

/// Where the last administrator or operator could go.
#[derive(Default)]
pub(super) struct Judge {
    pub(super) tenants: BTreeSet<TenantId>,
    /// Who can sign in no more.
    pub(super) users: BTreeSet<UserId>,
    /// What has another base.
    pub(super) roles: BTreeSet<RoleId>,
    pub(super) operators: bool,
}

/// Names that the file itself gives.
#[derive(Default)]
struct Names {
    tenants: HashMap<String, TenantId>,
    sites: HashMap<(TenantId, String), SiteId>,
    roles: HashMap<(Option<TenantId>, String), RoleId>,
    users: HashMap<EmailAddress, UserId>,
}

impl<'d> Draft<'d> {
    pub(super) fn new(ctx: &'d Ctx, shelf: &'d Shelf, right: Right) -> Self {
        let now = ctx.now();
        let stamp = (shelf.stamp.clone(), ctx.new_id().to_string());
        let mut shown = shelf.shown.clone();
        shown.extend(Builtin::ALL.into_iter().map(|role| (role.id().uuid(), role.key().to_owned())));
        let out = Settled { stamp, now: Some(now), shown, ..Settled::default() };
        Self {
            ctx,
            now,
            shelf,
            names: Names::default(),
            met: HashMap::new(),
            faults: Vec::new(),
            named: HashSet::new(),
            right,
            out,
        }
    }

    pub(super) fn fault(&mut self, place: &Place, message: impl Into<String>) {
        self.faults.push(place.fault(message));
    }

    /// One row of the file may name by its id what another one names by its old address or name.
    pub(super) fn meet(&mut self, place: &Place, kind: &'static str, id: Uuid) {
        if let Some(line) = self.met.insert((kind, id), place.line) {
            let message = format!(
                "is the same {kind} of the store as that of line {line}; apply the renaming by itself first"
            );
            self.fault(place, message);
        }
    }

    /// Notes a row; gives it back where it is to be written.
    pub(super) fn put<R: Record>(
        &mut self,
        what: What,
        before: Option<&R>,
        after: &R,
        links: Vec<Links>,
    ) -> Option<&mut Step> {
        let (before, after) = (before.map(Record::cells), after.cells());
        let table = R::table();
        self.named.insert((table.name, table.key(&after)));
        let linked = links.iter().all(|links| links.before == links.after);
        if linked && before.as_ref() == Some(&after) {
            self.out.unchanged += 1;
            return None;
        }
        let moved = before.as_ref().is_some_and(|before| *before != after);
        let deed = if before.is_none() { Deed::Make } else { Deed::Change };
        let mut step = Step {
            what,
            table,
            before,
            after,
            links,
            counted: None,
            password: None,
            ends_sessions_of: None,
            ends_above_of: None,
            forgives: None,
            drops_reset_of: None,
            deed,
        };
        if moved {
            step.set("updated_at", Value::Int(self.now.as_micros()));
            // insights.md §4: who changed a user is a person's e-mail, or this.
            step.set("updated_by", Value::Text("system".to_owned()));
        }
        self.out.steps.push(step);
        self.out.steps.last_mut()
    }

    /// Whether a row of the file is or refers to this one.
    pub(super) fn names(&self, table: &'static str, key: &[Uuid]) -> bool {
        let referred = match table {
            "tenants" => Some(Referred::Tenant),
            "sites" => Some(Referred::Site),
            "roles" => Some(Referred::Role),
            "users" => Some(Referred::User),
            _ => None,
        };
        let referred = referred.zip(key.first().copied());
        referred.is_some_and(|row| self.out.rests_on.contains(&row))
            || self.named.contains(&(table, key.to_vec()))
    }

    /// Whether a row that is known by one id goes.
    pub(super) fn removes(&self, table: &str, id: Uuid) -> bool {
        self.out.steps.iter().any(|step| step.removes() && step.table.name == table && step.key() == [id])
    }

    pub(super) fn name_tenant(&mut self, key: &str, id: TenantId) {
        self.names.tenants.insert(key.to_owned(), id);
        self.out.shown.insert(id.uuid(), key.to_owned());
    }

    pub(super) fn name_site(&mut self, tenant: TenantId, key: &str, id: SiteId) {
        self.names.sites.insert((tenant, key.to_owned()), id);
        self.out.shown.insert(id.uuid(), key.to_owned());
    }

    pub(super) fn name_role(&mut self, tenant: Option<TenantId>, key: &str, id: RoleId) {
        self.names.roles.insert((tenant, key.to_owned()), id);
        self.out.shown.insert(id.uuid(), key.to_owned());
    }

    pub(super) fn name_user(&mut self, email: &EmailAddress, id: UserId) {
        self.names.users.insert(email.clone(), id);
        self.out.shown.insert(id.uuid(), email.to_string());
    }

    /// A name that the reader has found before; gone since then: the plan begins anew.
    pub(super) fn tenant(&mut self, key: &str) -> Result<TenantId, Stop> {
        if let Some(id) = self.names.tenants.get(key) {
            return Ok(*id);
        }
        let tenant::Tenant { id, .. } = self.shelf.tenant(key).ok_or(Stop::Moved)?;
        self.rest_on(Referred::Tenant, id.uuid(), key);
        Ok(*id)
    }

    pub(super) fn site(&mut self, tenant: TenantId, key: &str) -> Result<SiteId, Stop> {
        if let Some(id) = self.names.sites.get(&(tenant, key.to_owned())) {
            return Ok(*id);
        }
        let site::Site { id, .. } = self.shelf.site(tenant, key).ok_or(Stop::Moved)?;
        self.rest_on(Referred::Site, id.uuid(), key);
        Ok(*id)
    }

    /// A role that members of the tenant may have.
    pub(super) fn role(&mut self, tenant: TenantId, key: &str) -> Result<RoleId, Stop> {
        if let Some(builtin) = Builtin::from_key(key) {
            return Ok(builtin.id());
        }
        for of in [Some(tenant), None] {
            if let Some(id) = self.names.roles.get(&(of, key.to_owned())) {
                return Ok(*id);
            }
            if let Some(role::Role { id, .. }) = self.shelf.role(of, key) {
                self.rest_on(Referred::Role, id.uuid(), key);
                return Ok(*id);
            }
        }
        Err(Stop::Moved)
    }

    pub(super) fn user(&mut self, email: &EmailAddress) -> Result<UserId, Stop> {
        if let Some(id) = self.names.users.get(email) {
            return Ok(*id);
        }
        let user::User { id, .. } = self.shelf.user(email.as_str()).ok_or(Stop::Moved)?;
        self.rest_on(Referred::User, id.uuid(), email.as_str());
        Ok(*id)
    }

    fn rest_on(&mut self, referred: Referred, id: Uuid, name: &str) {
        self.out.rests_on.insert((referred, id));
        self.out.shown.insert(id, name.to_owned());
    }

    /// # Errors
    /// The faults, sorted by line.
    pub(super) fn finish(self) -> Result<Settled, Vec<Fault>> {
        if self.faults.is_empty() { Ok(self.out) } else { Err(super::sorted(self.faults)) }
    }
}

impl Settled {
    pub(super) fn plan(&self) -> Plan {
        let line = |step: &Step| {
            let What { kind, name, .. } = &step.what;
            match step.deed {
                Deed::Make => return Line { mark: Mark::Made, text: format!("{kind} {name}") },
                Deed::Remove => return Line { mark: Mark::Removed, text: format!("{kind} {name}") },
                Deed::Change => {}
            }
            let changes = describe::changes(step, &self.shown);
            let changes: Vec<String> = changes.into_iter().map(|change| change.text).collect();
            Line { mark: Mark::Changed, text: format!("{kind} {name}: {}", changes.join("; ")) }
        };
        let kept = self.kept.iter().map(|text| Line { mark: Mark::Kept, text: text.clone() });
        Plan { lines: self.steps.iter().map(line).chain(kept).collect(), unchanged: self.unchanged }
    }
}
