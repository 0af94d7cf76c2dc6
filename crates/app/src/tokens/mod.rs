//! API keys and signed tokens: minting, listing, revoking; `issue`, `survey` and `withdraw` are the operator's.

pub mod entrust;
pub mod issue;
pub mod list;
pub mod mint;
pub mod of_provider;
pub mod reveal;
pub mod revoke;
mod secret;
pub mod sign;
pub mod survey;
pub mod withdraw;

use domain::decision::{Authority, Door};
use domain::{Role, RoleId};
use store::{ReadTx, StoreError, roles};

use crate::config::Config;
use crate::failure::Failure;

pub use secret::{generate as generate_key, is_well_formed};

/// Whether the installation knows the provider: `local` always, others by the setting `dialects.aegis.providers`.
pub fn is_provider(config: &Config, name: &str) -> bool {
    name == LOCAL || config.aegis_providers.iter().any(|known| known == name)
}

/// Herald itself.
const LOCAL: &str = "local";

/// Whether all that `role` permits and lets give, the presented credential permits and may give too.
async fn within(
    tx: &mut ReadTx<'_>,
    (authority, door): (&Authority, Door),
    role: &Role,
) -> Result<bool, StoreError> {
    if !authority.covers_all_of(role) {
        return Ok(false);
    }
    let given = authority.assigns();
    if role.assigns.iter().all(|key| given.contains(key)) {
        return Ok(true);
    }
    let Some(tenant) = authority.tenant else { return Ok(false) };
    let mut visible = roles::visible(tx, tenant).await?;
    visible.retain(|other| role.assigns.contains(&other.key));
    let givable = visible.iter().all(|other| authority.may_give(other, door));
    // A key that no role has yet could become anything.
    Ok(givable && role.assigns.iter().all(|key| visible.iter().any(|other| other.key == *key)))
}

/// Whether a token of who presents a credential may be cut down by the role: it then does no more than the credential
/// itself. What its owner may binds it anyway, what cuts the credential down would not.
async fn lets_cap(
    tx: &mut ReadTx<'_>,
    (authority, door): (&Authority, Door),
    cap: Option<RoleId>,
) -> Result<bool, StoreError> {
    if cap == authority.cap.as_ref().map(|presented| presented.id) {
        return Ok(true);
    }
    let Some(cap) = cap else { return Ok(false) };
    let Some(role) = roles::by_id(tx, cap).await? else { return Ok(false) };
    Ok(authority.cap_sees_all_of(&role) && within(tx, (authority, door), &role).await?)
}

/// Whether a token of the tenant's own may hold the role: only what its maker could give, and nothing that the presented
/// credential does not permit, may give and see itself.
///
/// # Errors
/// `Forbidden`.
async fn lets_hold(
    tx: &mut ReadTx<'_>,
    (authority, door): (&Authority, Door),
    role: &Role,
) -> Result<(), Failure> {
    if authority.operates(door) {
        return Ok(());
    }
    if authority.may_give(role, door)
        && authority.sees_all_of(role)
        && within(tx, (authority, door), role).await?
    {
        return Ok(());
    }
    let text = format!("This credential may not give the role {}, or permits less than it.", role.key);
    Err(Failure { public: text.into(), ..Failure::forbidden() })
}
