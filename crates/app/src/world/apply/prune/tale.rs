//! What goes, noted as steps of the plan.

use std::collections::{HashMap, HashSet};

use store::Value;
use store::world::token::Token;
use store::world::webhook::Webhook;
use store::world::{Holder, Record};
use uuid::Uuid;

use super::{Made, Ties};
use crate::world::apply::draft::Draft;
use crate::world::apply::step::{Deed, Step, What};

/// A row, by table and key.
type Row = (&'static str, Vec<Uuid>);

pub(super) struct Tale {
    shown: HashMap<Uuid, String>,
    gone: HashSet<Row>,
    /// Where the file's own rows stand among the steps.
    steps: HashMap<Row, usize>,
}

impl Tale {
    pub(super) fn new(d: &Draft<'_>, ties: &Ties, gone: &Made) -> Self {
        let shown = ties.shown.iter().chain(&gone.shown).map(|(id, name)| (*id, name.clone()));
        let steps = d.out.steps.iter().enumerate().map(|(at, step)| ((step.table.name, step.key()), at));
        Self { shown: shown.collect(), gone: HashSet::new(), steps: steps.collect() }
    }

    /// How a tenant or user is called.
    pub(super) fn of(&self, id: Uuid) -> String {
        self.shown.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    pub(super) fn has(&self, table: &'static str, key: Vec<Uuid>) -> bool {
        self.gone.contains(&(table, key))
    }

    /// What the file makes of the row.
    pub(super) fn step<'d>(
        &self,
        d: &'d mut Draft<'_>,
        table: &'static str,
        key: Vec<Uuid>,
    ) -> Option<&'d mut Step> {
        d.out.steps.get_mut(*self.steps.get(&(table, key))?)
    }

    /// Whether the membership will still hold the role or site, of which the store says that it does.
    pub(super) fn holds(&self, d: &mut Draft<'_>, holder: &Holder, (list, id): (&str, Uuid)) -> bool {
        let key = vec![holder.user.uuid(), holder.tenant.uuid()];
        if self.has("memberships", key.clone()) {
            return false;
        }
        let links = self.step(d, "memberships", key);
        let links = links.and_then(|step| step.links.iter().find(|links| links.relation.name == list));
        links.is_none_or(|links| links.after.contains(&id))
    }

    pub(super) fn push<R: Record>(&mut self, d: &mut Draft<'_>, what: What, row: &R) {
        let (table, cells) = (R::table(), row.cells());
        self.gone.insert((table.name, table.key(&cells)));
        d.out.steps.push(Step {
            what,
            table,
            before: Some(cells.clone()),
            after: cells,
            links: Vec::new(),
            counted: None,
            password: None,
            ends_sessions_of: None,
            ends_above_of: None,
            forgives: None,
            drops_reset_of: None,
            deed: Deed::Remove,
        });
    }

    /// `why` stands behind the name.
    pub(super) fn webhook(&mut self, d: &mut Draft<'_>, row: &Webhook, why: &str) {
        let (owner, tenant) = (self.of(row.owner_id.uuid()), self.of(row.tenant_id.uuid()));
        let name = format!("{} of {owner} in {tenant}{why}", row.name);
        self.push(d, What::new("webhook", name).on(row.id.uuid()).of(Some(row.tenant_id)), row);
    }

    /// `why` stands behind the name.
    pub(super) fn token(&mut self, d: &mut Draft<'_>, row: &Token, why: &str) {
        let tenant = self.of(row.tenant_id.uuid());
        let name = if row.name.is_empty() { "without a name" } else { &row.name };
        let name = match row.owner_id {
            Some(owner) => format!("{name} of {} in {tenant}{why}", self.of(owner.uuid())),
            None => format!("{name} in {tenant}{why}"),
        };
        let id = row.id.uuid();
        self.push(d, What::new("token", name).on(id).of(Some(row.tenant_id)).cached(id), row);
    }
}

/// A list as text.
pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Text(text)) => serde_json::from_str(text).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The first few of them, in words.
pub(super) fn some(names: impl IntoIterator<Item = String>) -> String {
    const TOLD: usize = 3;
    let mut names: Vec<String> = names.into_iter().collect();
    if names.len() > TOLD {
        names.truncate(TOLD);
        names.push("more".to_owned());
    }
    names.join(", ")
}
