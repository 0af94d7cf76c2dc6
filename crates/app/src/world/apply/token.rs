use std::collections::BTreeSet;

use domain::client::Scopes;
use domain::token::{TokenKind, Utility};
use domain::{TenantId, TokenId, UserId};
use secrecy::ExposeSecret;
use store::Value;
use store::numbers::Counted;
use store::world::token::{self, Token};
use store::world::{TOKEN_ROLES, linked};
use store::{ReadTx, StoreError, tokens};
use uuid::Uuid;

use super::draft::Draft;
use super::error::Stop;
use super::given::{ORIGIN, over, some};
use super::shelf::Shelf;
use super::step::{Links, What};
use crate::seal::Place;
use crate::world::file;

#[derive(Default)]
pub(super) struct Found {
    row: Option<Token>,
    roles: BTreeSet<Uuid>,
    /// Which token has the number that the file gives.
    numbered: Option<Token>,
    /// Which token has the secret that the file gives.
    secret: Option<Token>,
    /// Whether the file gives another secret to a token that was revoked.
    past: bool,
}

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    shelf: &mut Shelf,
    row: &file::Token,
) -> Result<Found, StoreError> {
    let tenant = shelf.fetch_tenant(tx, &row.tenant).await?;
    if let Some(owner) = &row.owner {
        shelf.fetch_user(tx, owner.as_str()).await?;
    }
    let roles: Vec<String> = row.roles.iter().flatten().chain(&row.role).cloned().collect();
    shelf.fetch_roles(tx, &row.tenant, &roles).await?;
    let mut found = Found { row: meet(tx, shelf, tenant, row).await?, ..Found::default() };
    if let Some(token) = &found.row {
        found.roles = linked(tx, &TOKEN_ROLES, &[Value::Uuid(token.id.uuid())]).await?;
        for id in found.roles.iter().copied().chain(token.cap_id.map(domain::RoleId::uuid)) {
            shelf.show_role(tx, id).await?;
        }
    }
    if let (Some(token), Some(secret)) = (&found.row, &row.secret)
        && token.digest.as_deref() != Some(secret.digest().as_slice())
    {
        found.past = tokens::by_id(tx, token.id).await?.is_some_and(|token| token.revoked_at.is_some());
    }
    if let Some(number) = row.number {
        found.numbered = token::by_number(tx, number).await?;
    }
    if let Some(secret) = &row.secret {
        found.secret = token::by_digest(tx, &secret.digest()).await?;
    }
    Ok(found)
}

/// By its id; without one, by owner, tenant and name among those that an apply made.
async fn meet(
    tx: &mut ReadTx<'_>,
    shelf: &Shelf,
    tenant: Option<TenantId>,
    row: &file::Token,
) -> Result<Option<Token>, StoreError> {
    if let Some(id) = row.id {
        return token::by_id(tx, id).await;
    }
    let owner = row.owner.as_ref().map(|owner| shelf.user(owner.as_str()).map(|user| user.id));
    let name = row.name.as_deref().unwrap_or_default();
    match (tenant, owner) {
        (Some(tenant), None) => token::by_name(tx, None, tenant, name).await,
        (Some(tenant), Some(Some(owner))) => token::by_name(tx, Some(owner), tenant, name).await,
        (None, _) | (_, Some(None)) => Ok(None),
    }
}

pub(super) fn compare(d: &mut Draft<'_>, row: &file::Token, found: &Found) -> Result<(), Stop> {
    let tenant = d.tenant(&row.tenant)?;
    let owner = row.owner.as_ref().map(|owner| d.user(owner)).transpose()?;
    judge(d, row, found, (tenant, owner));
    let before = found.row.as_ref();
    let mut after = before.cloned().unwrap_or_else(|| made(d, (tenant, owner), row));
    over(&mut after.name, row.name.as_ref());
    some(&mut after.utility, row.utility.map(|utility| Utility::as_str(utility).to_owned()).as_ref());
    if let Some(cap) = &row.role {
        after.cap_id = Some(d.role(tenant, cap)?);
    }
    some(&mut after.scopes, row.scopes.as_ref().map(Scopes::to_string).as_ref());
    over(&mut after.created_at, row.created_at.as_ref());
    some(&mut after.expires_at, row.expires_at.as_ref());
    keep(d, &mut after, before, row)?;
    let mut roles = found.roles.clone();
    if let Some(keys) = &row.roles {
        roles.clear();
        for key in keys {
            roles.insert(d.role(tenant, key)?.uuid());
        }
    }
    let id = after.id.uuid();
    let owner = vec![Value::Uuid(id)];
    let links = vec![Links { relation: &TOKEN_ROLES, owner, before: found.roles.clone(), after: roles }];
    let what = What::new("token", named(row)).on(id).of(Some(tenant)).cached(id);
    if let Some(step) = d.put(what, before, &after, links) {
        step.counted = (before.is_none() && row.number.is_none()).then_some(Counted::Token);
    }
    Ok(())
}

fn judge(d: &mut Draft<'_>, row: &file::Token, found: &Found, whose: (TenantId, Option<UserId>)) {
    let id = found.row.as_ref().map(|token| token.id);
    if let Some(has) = &found.row {
        d.meet(&row.place, "token", has.id.uuid());
        if (has.tenant_id, has.owner_id) != whose {
            let message = format!(
                "the token {} is of another owner or tenant, which never change; give another id",
                has.id
            );
            d.fault(&row.place, message);
        }
        if row.number.is_some_and(|number| number != has.number) {
            let message =
                format!("the token has number {}, which never changes; name that, or none", has.number);
            d.fault(&row.place, message);
        }
        // What people have ended stays ended; a secret that opens nothing would look as if it had been changed for another.
        if found.past {
            let message = "the token was revoked since, and stays so with any secret; give a new one another name \
                           (and id)";
            d.fault(&row.place, message);
        }
        if has.kind != TokenKind::ApiKey.as_str() && row.secret.is_some() {
            d.fault(&row.place, "the token is a signed one, which has no secret; leave the secret out");
        }
    }
    if let Some(other) = found.numbered.as_ref().filter(|_| id.is_none()) {
        let message = format!("number {} is that of another token; give another, or none", other.number);
        d.fault(&row.place, message);
    }
    if found.secret.as_ref().is_some_and(|other| Some(other.id) != id) {
        d.fault(&row.place, "the secret is that of another token in the store; every token has its own");
    }
}

/// Digests the secret, and seals a copy where the key may be shown again: as the file says, else for a new token
/// where it has a utility (akto.md §3.6).
fn keep(d: &Draft<'_>, after: &mut Token, before: Option<&Token>, row: &file::Token) -> Result<(), Stop> {
    if let Some(secret) = &row.secret {
        after.digest = Some(secret.digest().to_vec());
    }
    let default = before.map_or(after.utility.is_some(), |before| before.sealed.is_some());
    if !row.revealable.unwrap_or(default) {
        after.sealed = None;
        return Ok(());
    }
    let moved = before.is_none_or(|before| before.digest != after.digest);
    match &row.secret {
        Some(file::Secret::Text(text)) if moved || after.sealed.is_none() => {
            let id = after.id.uuid();
            let place = Place { table: "tokens", column: "sealed", row: id.as_bytes() };
            after.sealed = Some(match &row.sealed {
                Some(sealed) => sealed.clone(),
                None => d.ctx.sealer.seal(place, text.expose_secret().as_bytes(), &*d.ctx.rng)?,
            });
        }
        // A copy of the old secret must not stand for the new one.
        Some(file::Secret::Digest(_)) if moved => after.sealed = None,
        Some(_) | None => {}
    }
    Ok(())
}

fn made(d: &Draft<'_>, (tenant, owner): (TenantId, Option<UserId>), row: &file::Token) -> Token {
    Token {
        id: row.id.unwrap_or_else(|| TokenId::from_uuid(d.ctx.new_id())),
        number: row.number.unwrap_or_default(),
        tenant_id: tenant,
        owner_id: owner,
        kind: TokenKind::ApiKey.as_str().to_owned(),
        name: String::new(),
        utility: None,
        cap_id: None,
        scopes: None,
        digest: None,
        sealed: None,
        provider: "local".to_owned(),
        created_by: None,
        created_at: d.now,
        expires_at: None,
        origin: ORIGIN.to_owned(),
    }
}

/// `ci of ada@acme.example in acme`.
fn named(row: &file::Token) -> String {
    let name = row.name.as_deref().filter(|name| !name.is_empty()).unwrap_or("without a name");
    match &row.owner {
        Some(owner) => format!("{name} of {owner} in {}", row.tenant),
        None => format!("{name} in {}", row.tenant),
    }
}
