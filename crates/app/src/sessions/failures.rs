//! One password, tried once: hashed in the pool, counted for lockout, the same time for every refusal.

use domain::audit::{Actor, Origin};
use domain::{EmailAddress, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use store::users::Login;
use store::{StoreError, lockouts, users};

use crate::Ctx;
use crate::audit::Event;
use crate::passwords::{Busy, Verdict};
use crate::principal::{self, Profile};

/// Whom an address and a password proved.
pub struct Tried {
    pub login: Login,
    /// The hash that was verified.
    pub hash: String,
    pub needs_rehash: bool,
    pub profile: Profile,
}

/// Why a password proved nobody.
#[derive(Debug)]
pub enum Refused {
    /// Unknown, wrong, or locked out: the caller is told the same. Whose address it is, where it is anybody's:
    /// for the count and the audit trail alone.
    Invalid(Option<Box<Profile>>),
    Busy(Busy),
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What is known of an address before its password is tried.
struct Known {
    failures: domain::lockout::Failures,
    user: Option<(Login, Profile)>,
}

/// The address as it is counted: its one form, else the text itself, cut.
fn counted(raw: &str) -> ([u8; 32], Option<EmailAddress>) {
    match EmailAddress::parse(raw) {
        Ok(email) => (principal::digest(email.as_str()), Some(email)),
        Err(_) => (principal::digest(&raw.trim().to_lowercase().chars().take(254).collect::<String>()), None),
    }
}

/// Verifies `password` for `email`. Does not count: the caller does, when it knows the whole outcome.
pub async fn try_password(ctx: &Ctx, email: &str, password: &SecretString) -> Result<Tried, Refused> {
    let (digest, email) = counted(email);
    let known = look_up(ctx, digest, email).await?;
    let too_long = password.expose_secret().len() > ctx.config.passwords.max_bytes;
    let hash = known.user.as_ref().and_then(|(login, _)| login.password_hash.clone());
    let verdict = match hash.clone().filter(|_| !too_long) {
        Some(hash) => ctx.hasher.verify(password.clone(), hash).await,
        None if too_long => ctx.hasher.verify_absent(SecretString::from("")).await,
        None => ctx.hasher.verify_absent(password.clone()).await,
    };
    let verdict = verdict.map_err(Refused::Busy)?;
    if verdict == Verdict::Unusable {
        tracing::error!("a stored password hash cannot be used");
    }
    match (verdict, known.user, hash) {
        (Verdict::Match { needs_rehash }, Some((login, profile)), Some(hash))
            if !known.failures.is_locked_out(ctx.now()) =>
        {
            Ok(Tried { login, hash, needs_rehash, profile })
        }
        (_, user, _) => Err(Refused::Invalid(user.map(|(_, profile)| Box::new(profile)))),
    }
}

/// For what does not try a password.
pub(super) async fn is_locked_out(ctx: &Ctx, email: &str) -> Result<bool, StoreError> {
    let (digest, _) = counted(email);
    let known = ctx.store.read(move |tx| Box::pin(async move { lockouts::get(tx, &digest).await })).await?;
    Ok(known.is_locked_out(ctx.now()))
}

async fn look_up(ctx: &Ctx, digest: [u8; 32], email: Option<EmailAddress>) -> Result<Known, StoreError> {
    ctx.store
        .read(move |tx| {
            let email = email.clone();
            Box::pin(async move {
                let failures = lockouts::get(tx, &digest).await?;
                let login = match &email {
                    Some(email) => users::login(tx, email).await?,
                    None => None,
                };
                let user = match login {
                    Some(login) => principal::load_profile(tx, login.id).await?.map(|p| (login, p)),
                    None => None,
                };
                Ok(Known { failures, user })
            })
        })
        .await
}

/// Counts a failure and notes it in the audit trail; the same work whether the address is known or not.
pub async fn count(
    ctx: &Ctx,
    email: &str,
    why: &'static str,
    origin: &Origin,
    profile: Option<&Profile>,
) -> Result<(), StoreError> {
    let (digest, _) = counted(email);
    let mut policy = ctx.config.lockout;
    if let Some(attempts) = profile.and_then(of_default_tenant) {
        policy.attempts = attempts;
    }
    let event = refusal(ctx, why, origin, profile);
    let now: Timestamp = ctx.now();
    ctx.store
        .write(move |tx| {
            let event = event.clone();
            Box::pin(async move {
                let failures = lockouts::hold(tx, &digest).await?;
                lockouts::set(tx, &digest, &failures.fail(now, &policy)).await?;
                event.write(tx).await
            })
        })
        .await
}

/// The event of a refused sign-in: where it is somebody's, in the tenant that his sign-ins go to.
pub(super) fn refusal(ctx: &Ctx, why: &'static str, origin: &Origin, profile: Option<&Profile>) -> Event {
    let event = ctx.event(Actor::ANONYMOUS, "session.refused", origin).because(why).refused();
    let Some(profile) = profile else { return event };
    let home = profile.home(ctx.now()).map(|m| m.tenant.id);
    event.on("user", profile.user.id.uuid()).in_tenant(home)
}

/// Notes a refusal that is no failed guess.
pub(super) async fn note(ctx: &Ctx, event: Event) -> Result<(), StoreError> {
    ctx.store
        .write(move |tx| {
            let event = event.clone();
            Box::pin(async move { event.write(tx).await })
        })
        .await
}

/// The failures of an address; until the commit nobody else counts on it.
pub async fn hold(
    tx: &mut store::WriteTx<'_>,
    email: &EmailAddress,
) -> Result<domain::lockout::Failures, StoreError> {
    lockouts::hold(tx, &principal::digest(email.as_str())).await
}

/// Forgets the failures of an address: after a success, and where an operator lets somebody in again.
/// `false`: there were none.
pub async fn forget(tx: &mut store::WriteTx<'_>, email: &EmailAddress) -> Result<bool, StoreError> {
    lockouts::clear(tx, &principal::digest(email.as_str())).await
}

/// The bound that the user's default tenant sets.
fn of_default_tenant(profile: &Profile) -> Option<i64> {
    profile.membership(profile.user.default_tenant?)?.tenant.lockout_attempts
}
