use std::collections::HashSet;

use domain::UserId;
use secrecy::ExposeSecret;
use store::numbers::Counted;
use store::world::user::{self, User};
use store::{ReadTx, StoreError};
use uuid::Uuid;

use super::draft::Draft;
use super::error::Stop;
use super::given::{ORIGIN, filled, over, some, text};
use super::membership;
use super::shelf::Shelf;
use super::step::What;
use crate::seal::Place;
use crate::world::file;

#[derive(Default)]
pub(super) struct Found {
    row: Option<User>,
    /// Who has the address that the file gives.
    addressed: Option<User>,
    /// Who has the number that the file gives.
    numbered: Option<User>,
    memberships: Vec<membership::Found>,
}

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    shelf: &mut Shelf,
    row: &file::User,
) -> Result<Found, StoreError> {
    shelf.fetch_user(tx, row.email.as_str()).await?;
    let addressed = shelf.user(row.email.as_str()).cloned();
    let here = match row.id {
        Some(id) if addressed.as_ref().is_none_or(|user| user.id != id) => user::by_id(tx, id).await?,
        _ => addressed.clone(),
    };
    if row.id.is_some() {
        shelf.rename_user(row.email.as_str(), here.clone());
    }
    let mut found = Found { row: here, addressed, ..Found::default() };
    if let Some(number) = row.number {
        found.numbered = user::by_number(tx, number).await?;
    }
    if let Some(tenant) = &row.default_tenant {
        shelf.fetch_tenant(tx, tenant).await?;
        if let Some(site) = &row.default_site {
            shelf.fetch_site(tx, tenant, site).await?;
        }
    }
    let id = found.row.as_ref().map(|user| user.id);
    for membership in &row.memberships {
        found.memberships.push(membership::find(tx, shelf, id, membership).await?);
    }
    Ok(found)
}

impl Found {
    /// Whose password it is, and its hash.
    pub(super) fn held(&self) -> Option<(Uuid, &str)> {
        let user = self.row.as_ref()?;
        Some((user.id.uuid(), user.password_hash.as_deref()?))
    }
}

pub(super) fn compare(d: &mut Draft<'_>, row: &file::User, found: &Found) -> Result<(), Stop> {
    judge(d, row, found);
    let before = found.row.as_ref();
    let mut after = before.cloned().unwrap_or_else(|| made(d, row));
    profile(&mut after, row);
    flags(&mut after, row);
    home(d, &mut after, row)?;
    enrol(d, &mut after, row)?;
    let hashing = password(d, &mut after, row);
    d.name_user(&row.email, after.id);
    let ended = before.is_some_and(|before| ends(before, &after));
    let reset = before.is_some_and(|before| before.password_hash != after.password_hash);
    if let Some(before) = before {
        d.meet(&row.place, "user", before.id.uuid());
        weaken(d, before, &after);
    }
    let id = after.id.uuid();
    let what = What::new("user", row.email.as_str()).on(id).cached(id);
    if let Some(step) = d.put(what, before, &after, Vec::new()) {
        step.counted = (before.is_none() && row.number.is_none()).then_some(Counted::User);
        step.password = row.password.clone().filter(|_| hashing);
        step.ends_sessions_of = ended.then_some(after.id);
        let demoted = before.is_some_and(|before| before.is_operator && !after.is_operator);
        step.ends_above_of = demoted.then_some(after.id);
        // Who is given a password again is let in again, too.
        step.forgives = reset.then(|| row.email.clone());
        let led_elsewhere = before.is_some_and(|before| reset || leads_elsewhere(before, &after));
        step.drops_reset_of = led_elsewhere.then_some(after.id);
    }
    for (membership, found) in row.memberships.iter().zip(&found.memberships) {
        membership::compare(d, (after.id, &row.email, before.is_some()), membership, found)?;
    }
    Ok(())
}

fn judge(d: &mut Draft<'_>, row: &file::User, found: &Found) {
    let id = found.row.as_ref().map(|user| user.id);
    if let Some(other) = found.addressed.as_ref().filter(|other| Some(other.id) != id) {
        let message = format!("{} is the user with id {}; name that id, or none", row.email, other.id);
        d.fault(&row.place, message);
    }
    if let Some(other) = found.numbered.as_ref().filter(|other| Some(other.id) != id) {
        let message = format!("number {} is that of {}; give another, or none", other.number, other.email);
        d.fault(&row.place, message);
    } else if let Some(has) = found.row.as_ref().filter(|has| row.number.is_some_and(|n| n != has.number)) {
        let message = format!("the user has number {}, which never changes; name that, or none", has.number);
        d.fault(&row.place, message);
    }
}

fn profile(after: &mut User, row: &file::User) {
    over(&mut after.email, Some(&row.email));
    text(&mut after.name, row.name.as_ref());
    text(&mut after.first_name, row.first_name.as_ref());
    text(&mut after.middle_name, row.middle_name.as_ref());
    text(&mut after.last_name, row.last_name.as_ref());
    text(&mut after.phone, row.phone.as_ref());
    text(&mut after.picture, row.picture.as_ref());
    over(&mut after.kind, row.kind.as_ref());
    text(&mut after.user_group, row.group.as_ref());
    over(&mut after.metadata, row.metadata.as_ref());
    over(&mut after.vendor_metadata, row.vendor_metadata.as_ref());
    some(&mut after.managed_by, row.managed_by.as_ref());
    text(&mut after.created_by, row.created_by.as_ref());
    over(&mut after.provider, row.provider.as_ref());
}

fn flags(after: &mut User, row: &file::User) {
    over(&mut after.verified, row.verified.as_ref());
    over(&mut after.active, row.active.as_ref());
    over(&mut after.locked, row.locked.as_ref());
    over(&mut after.is_operator, row.operator.as_ref());
    over(&mut after.super_user, row.super_user.as_ref());
    over(&mut after.invisible, row.invisible.as_ref());
    over(&mut after.mfa_bypass, row.mfa_bypass.as_ref());
}

/// A site is one of the tenant's: with another tenant the old site goes.
fn home(d: &mut Draft<'_>, after: &mut User, row: &file::User) -> Result<(), Stop> {
    let Some(key) = &row.default_tenant else { return Ok(()) };
    let tenant = d.tenant(key)?;
    if after.default_tenant_id != Some(tenant) {
        (after.default_tenant_id, after.default_site_id) = (Some(tenant), None);
    }
    if let Some(site) = &row.default_site {
        after.default_site_id = Some(d.site(tenant, site)?);
    }
    Ok(())
}

/// Seals the seed unless the row holds the same one.
fn enrol(d: &Draft<'_>, after: &mut User, row: &file::User) -> Result<(), Stop> {
    let Some(seed) = &row.totp_secret else { return Ok(()) };
    let id = after.id.uuid();
    let place = Place { table: "users", column: "totp_sealed", row: id.as_bytes() };
    let held = after.totp_sealed.as_ref().and_then(|sealed| d.ctx.sealer.open(place, sealed).ok());
    if held.is_none_or(|held| held.as_slice() != seed.expose_secret()) {
        after.totp_sealed = Some(match &row.totp_sealed {
            Some(sealed) => sealed.clone(),
            None => d.ctx.sealer.seal(place, seed.expose_secret(), &*d.ctx.rng)?,
        });
        (after.totp_device_id, after.totp_step) = (Some(d.ctx.new_id()), None);
    }
    Ok(())
}

/// Passwords and their hashes are initial: one that is there stays, unless passwords are set again and the file gives
/// another one. `true`: it is to be hashed.
fn password(d: &Draft<'_>, after: &mut User, row: &file::User) -> bool {
    let stays = |right: &HashSet<Uuid>| right.contains(&after.id.uuid());
    if after.password_hash.is_some() && d.right.as_ref().is_none_or(stays) {
        return false;
    }
    if let Some(hash) = &row.password_hash {
        after.password_hash = Some(hash.expose_secret().to_owned());
    }
    let hashing = row.password.is_some();
    if hashing {
        // Stands for the hash until it is made; nothing verifies against it.
        after.password_hash = Some(String::new());
    }
    hashing
}

/// design.md §5: a lock, a deactivation and a password that another one set end what is open.
fn ends(before: &User, after: &User) -> bool {
    let shut = (before.active && !after.active) || (!before.locked && after.locked);
    shut || before.password_hash != after.password_hash
}

/// Whether a link to a new password, made before, would lead somebody else in, or to more.
fn leads_elsewhere(before: &User, after: &User) -> bool {
    before.email != after.email || before.active != after.active || before.is_operator != after.is_operator
}

/// Whom the installation or a tenant could lose.
fn weaken(d: &mut Draft<'_>, before: &User, after: &User) {
    let stood = before.active && !before.locked;
    let stands = after.active && !after.locked;
    if stood && !stands {
        d.out.judge.users.insert(after.id);
    }
    d.out.judge.operators |= before.is_operator && ((stood && !stands) || !after.is_operator);
}

fn made(d: &Draft<'_>, row: &file::User) -> User {
    User {
        id: row.id.unwrap_or_else(|| UserId::from_uuid(d.ctx.new_id())),
        number: row.number.unwrap_or_default(),
        email: row.email.clone(),
        name: None,
        first_name: None,
        middle_name: None,
        last_name: None,
        phone: None,
        picture: None,
        kind: "USER".to_owned(),
        user_group: None,
        verified: true,
        active: true,
        locked: false,
        is_operator: false,
        super_user: false,
        invisible: false,
        mfa_bypass: false,
        default_tenant_id: None,
        default_site_id: None,
        metadata: "{}".to_owned(),
        vendor_metadata: "{}".to_owned(),
        managed_by: None,
        created_by: row.created_by.as_deref().and_then(filled),
        updated_by: None,
        provider: "local".to_owned(),
        password_hash: None,
        totp_sealed: None,
        totp_device_id: None,
        totp_step: None,
        origin: ORIGIN.to_owned(),
        created_at: d.now,
        updated_at: d.now,
    }
}
