//! No role comes out of a credential that permits, or lets give, more than that credential does.

use std::collections::HashMap;

use domain::decision::{Authority, Door};
use domain::permission::CATALOGUE;
use domain::{Pattern, Role};
use store::{ReadTx, StoreError, roles};

use crate::failure::Failure;

/// Whose power a role is measured by: what the presented credential may now, at its door.
pub(super) struct Power {
    authority: Authority,
    door: Door,
    /// The roles that there are beside it, by key.
    others: HashMap<String, Role>,
}

impl Power {
    /// `role` says among which roles: those that may be held where it may.
    pub async fn beside(
        tx: &mut ReadTx<'_>,
        (authority, door): (Authority, Door),
        role: &Role,
    ) -> Result<Self, StoreError> {
        let visible = match role.tenant {
            Some(tenant) => roles::visible(tx, tenant).await?,
            None => roles::common(tx).await?,
        };
        let others = visible.into_iter().filter(|other| other.id != role.id);
        let others = others.map(|other| (other.key.clone(), other)).collect();
        Ok(Self { authority, door, others })
    }

    /// Whether all that the role names is there.
    ///
    /// # Errors
    /// `Invalid` names `permissions` or `assigns`.
    pub async fn names_what_is(
        &self,
        tx: &mut ReadTx<'_>,
        role: &Role,
        own: &[String],
    ) -> Result<(), Failure> {
        for text in own {
            let wild = Pattern::parse(text).is_some_and(|pattern| pattern.is_wild());
            let listed = CATALOGUE.iter().any(|(key, _)| key.as_str() == text);
            if !wild && !listed && store::world::permission::by_key(tx, text).await?.is_none() {
                return Err(Failure::invalid_field("permissions", format!("{text} is no permission here")));
            }
        }
        let missing = role.assigns.iter().find(|key| **key != role.key && !self.others.contains_key(*key));
        match missing {
            Some(_) => Err(Failure::invalid_field("assigns", "must hold keys of roles that are there")),
            None => Ok(()),
        }
    }

    /// Whether the credential may do and give all that the role lets its holder do and give: it covers every pattern,
    /// may give the base, and each role that the list of its own names; sees all collections that it shows; and no weaker
    /// one makes a stronger one.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn is_enough_for(
        &self,
        role: &Role,
        (own, named): (&[String], Option<&[String]>),
    ) -> Result<(), Failure> {
        let Self { authority, door, others } = self;
        if authority.operates(*door) {
            return Ok(());
        }
        let covered =
            own.iter().all(|text| Pattern::parse(text).is_some_and(|pattern| authority.covers(&pattern)));
        let base = role.base.is_none_or(|base| authority.assigns().iter().any(|key| key == base.key()));
        let givable = |key: &String| {
            *key == role.key || others.get(key).is_some_and(|other| authority.may_give(other, *door))
        };
        let assigned = named.unwrap_or_default().iter().all(givable);
        let strongest = Role::highest(authority.roles.iter().map(AsRef::as_ref)).map(|held| held.level);
        let strongest = strongest.max(authority.cap.as_ref().map(|cap| cap.level));
        let level = strongest.is_some_and(|strongest| role.level >= strongest);
        if covered && base && assigned && level && authority.sees_all_of(role) {
            return Ok(());
        }
        let text = "The role permits, or lets give, more than this credential does.";
        Err(Failure { public: text.into(), ..Failure::forbidden() })
    }
}
