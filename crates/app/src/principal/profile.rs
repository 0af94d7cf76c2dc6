//! A user as the "who am I" answers show him: one read of one moment.

use domain::membership::Membership;
use domain::tenant::Site;
use domain::user::User;
use domain::{TenantId, Timestamp, UserId};
use store::{ReadTx, StoreError};

#[derive(Clone, Debug)]
pub struct Profile {
    pub user: User,
    /// Live or not, by the tenant's number.
    pub memberships: Vec<Membership>,
    /// The user's default site, where it is still there, and of the default tenant.
    pub default_site: Option<Site>,
}

/// Everything about a user that answers are made of.
pub async fn load(tx: &mut ReadTx<'_>, id: UserId) -> Result<Option<Profile>, StoreError> {
    let Some(user) = store::users::by_id(tx, id).await? else { return Ok(None) };
    let memberships = store::memberships::of_user(tx, id).await?;
    let default_site = match (user.default_tenant, user.default_site) {
        (Some(tenant), Some(site)) => store::tenants::site_of(tx, tenant, site).await?,
        (None, _) | (_, None) => None,
    };
    Ok(Some(Profile { user, memberships, default_site }))
}

impl Profile {
    pub fn membership(&self, tenant: TenantId) -> Option<&Membership> {
        self.memberships.iter().find(|m| m.tenant.id == tenant)
    }

    /// Memberships that count at `now`, by the tenant's number.
    pub fn live(&self, now: Timestamp) -> impl Iterator<Item = &Membership> {
        self.memberships.iter().filter(move |m| m.is_live(now))
    }

    /// Where a sign-in that names no tenant goes: the default tenant if live, else the live one with the
    /// lowest number.
    pub fn home(&self, now: Timestamp) -> Option<&Membership> {
        let default = self.user.default_tenant.and_then(|id| self.membership(id));
        default.filter(|m| m.is_live(now)).or_else(|| self.live(now).next())
    }

    /// The tenant whose audit trail tells of what becomes of the person: where a sign-in goes, else any that he is in.
    pub(crate) fn told_in(&self, now: Timestamp) -> Option<TenantId> {
        self.home(now).or_else(|| self.memberships.first()).map(|membership| membership.tenant.id)
    }

    /// The next moment at which a membership ends by itself.
    pub fn next_end(&self, now: Timestamp) -> Option<Timestamp> {
        self.memberships.iter().filter_map(|m| m.expires_at).filter(|end| *end > now).min()
    }
}
