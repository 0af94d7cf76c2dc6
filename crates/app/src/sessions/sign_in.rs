//! Signing in with a password, and a code where the user is enrolled: the one way for every dialect.
//!
//! Asks for no permission. Audits `session.opened`, and `session.refused` for every refusal.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::audit::{Actor, Origin};
use domain::client::{Client, Scopes};
use domain::credential::ClientRef;
use domain::ids::AccessTokenId;
use domain::membership::Membership;
use domain::session::{Family, Opening, Session};
use domain::{FamilyId, SessionId, TenantId, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use store::numbers::Counted;
use store::{StoreError, access_tokens, families, sessions, users};

use super::failures::{self, Refused, Tried, try_password};
use super::grant::Grant;
use super::second_factor;
use crate::Ctx;
use crate::audit::Event;
use crate::failure::{Failure, Kind};
use crate::passwords::Busy;
use crate::principal::{Profile, digest};

pub struct Command {
    pub email: String,
    pub password: SecretString,
    /// Key or UUID.
    pub tenant: Option<String>,
    pub code: Option<String>,
    pub through: Through,
    pub origin: Origin,
    /// Place of the caller for people to read, `""` when unknown.
    pub place: String,
}

/// Which door, and what it hands out.
#[derive(Clone, Debug)]
pub enum Through {
    /// A session token.
    Native,
    /// Access and refresh token for a client.
    Oauth { client: Client, scope: Scopes },
    /// Access and refresh token in Frontegg's form.
    Frontegg,
}

pub struct SignedIn {
    pub session: Session,
    pub profile: Arc<Profile>,
    pub handed: Handed,
}

pub enum Handed {
    SessionToken(SecretString),
    Grant(Grant),
}

/// A right password that still wants a second factor.
#[derive(Debug)]
pub struct Pending {
    pub mfa_token: SecretString,
    /// The enrolled device; `None` where enrolment is forced and still to come.
    pub device: Option<uuid::Uuid>,
}

#[derive(Debug)]
pub enum Error {
    /// Unknown user, wrong password, deactivated, no live membership, locked out: the same for all.
    InvalidCredentials,
    /// Right password, locked by an administrator.
    Locked,
    /// Right password, a second factor is wanted. `Pending` for the door that can take it up.
    MfaRequired(Option<Box<Pending>>),
    InvalidCode,
    Busy(Busy),
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let refuse = |code, text: &'static str| Self::new(Kind::Unauthenticated, code, text);
        match error {
            Error::InvalidCredentials => refuse("invalid_credentials", "E-mail or password is wrong."),
            Error::Locked => refuse("locked", "This account is locked; an administrator can unlock it."),
            Error::MfaRequired(_) => refuse("mfa_required", "A code of the authenticator app is required."),
            Error::InvalidCode => refuse("invalid_code", "The code is wrong or was used before."),
            Error::Busy(busy) => busy.into(),
            Error::Store(error) => error.into(),
        }
    }
}

/// Hash or state may change under a sign-in: then it is judged anew on what stands, once.
const ATTEMPTS: usize = 2;

pub async fn run(ctx: &Arc<Ctx>, command: Command) -> Result<SignedIn, Error> {
    for _ in 0..ATTEMPTS {
        if let Some(signed_in) = attempt(ctx, &command).await? {
            return Ok(signed_in);
        }
    }
    failures::count(ctx, &command.email, "changed meanwhile", &command.origin, None).await?;
    Err(Error::InvalidCredentials)
}

/// `None`: what was verified is no longer so.
async fn attempt(ctx: &Arc<Ctx>, command: &Command) -> Result<Option<SignedIn>, Error> {
    let tried = tried(ctx, command).await?;
    let Some(tenant) = choose(&tried.profile, command, ctx.now()) else {
        return refuse(ctx, command, "not a live member", Some(&tried.profile)).await;
    };
    not_locked(ctx, command, &tried).await?;
    let step = second_factor::judge(ctx, command, &tried, tenant).await?;
    let rehash = tried.needs_rehash.then(|| (tried.login.id, tried.hash.clone()));
    let signed_in = open(ctx, command, tried, tenant, step).await?;
    if let (Some((user, old)), Some(_)) = (rehash, &signed_in) {
        tokio::spawn(rehash_later(Arc::clone(ctx), user, old, command.password.clone()));
    }
    Ok(signed_in)
}

/// Tries the password, and counts where it proves nobody.
pub(super) async fn tried(ctx: &Ctx, command: &Command) -> Result<Tried, Error> {
    match try_password(ctx, &command.email, &command.password).await {
        Ok(tried) => Ok(tried),
        Err(Refused::Invalid(profile)) => refuse(ctx, command, "password", profile.as_deref()).await,
        Err(Refused::Busy(busy)) => Err(Error::Busy(busy)),
        Err(Refused::Store(error)) => Err(Error::Store(error)),
    }
}

/// The one refusal for all who are not told why; counted.
pub(super) async fn refuse<T>(
    ctx: &Ctx,
    command: &Command,
    why: &'static str,
    profile: Option<&Profile>,
) -> Result<T, Error> {
    failures::count(ctx, &command.email, why, &command.origin, profile).await?;
    Err(Error::InvalidCredentials)
}

/// Not locked by an administrator.
pub(super) async fn not_locked(ctx: &Ctx, command: &Command, tried: &Tried) -> Result<(), Error> {
    if !tried.profile.user.locked {
        return Ok(());
    }
    // Who has the right password did not guess.
    failures::note(ctx, failures::refusal(ctx, "locked", &command.origin, Some(&tried.profile))).await?;
    Err(Error::Locked)
}

/// The tenant to sign in to (inner `None`: an operator's session above all), if there is one.
#[expect(clippy::option_option, reason = "no tenant wanted and no tenant found are two things")]
fn choose(profile: &Profile, command: &Command, now: Timestamp) -> Option<Option<TenantId>> {
    if !profile.user.active {
        return None;
    }
    let named = |m: &&Membership| {
        command
            .tenant
            .as_deref()
            .is_some_and(|t| m.tenant.key == t || TenantId::parse(t) == Some(m.tenant.id))
    };
    match (&command.tenant, &command.through) {
        (Some(_), _) => profile.live(now).find(named).map(|m| Some(m.tenant.id)),
        (None, Through::Native) if profile.user.operator => Some(None),
        (None, Through::Native | Through::Oauth { .. } | Through::Frontegg) => {
            profile.home(now).map(|m| Some(m.tenant.id))
        }
    }
}

async fn open(
    ctx: &Ctx,
    command: &Command,
    tried: Tried,
    tenant: Option<TenantId>,
    step: Option<i64>,
) -> Result<Option<SignedIn>, Error> {
    let now = ctx.now();
    let number = ctx.store.next_number(Counted::Session).await?;
    let session = session(ctx, command, (tried.login.id, tenant, number), (step.is_some(), now));
    let handed = hand_out(ctx, &command.through, &session)?;
    let (token_digest, grant) = match &handed {
        Handed::SessionToken(token) => (Some(digest(token.expose_secret())), None),
        Handed::Grant(grant) => (None, Some(grant.clone())),
    };
    let id = tried.login.id;
    let event = opened(ctx, command, &session);
    let email = tried.profile.user.email.clone();
    let (hash, absolute_until) = (tried.hash, now.plus(ctx.config.sessions.absolute));
    let row = session.clone();
    let written = ctx.store.write(move |tx| {
        let (row, grant, event, hash, email) =
            (row.clone(), grant.clone(), event.clone(), hash.clone(), email.clone());
        Box::pin(async move {
            // Guesses that were under way when the bound was reached come to nothing.
            let locked_out = failures::hold(tx, &email).await?.is_locked_out(now);
            if locked_out || !users::signed_in(tx, id, &hash, now).await? {
                return Err(Stop::Moved);
            }
            if let Some(step) = step
                && !users::use_totp_step(tx, id, step).await?
            {
                return Err(Stop::CodeUsed);
            }
            let keep = sessions::Keep { digest: token_digest.as_ref(), absolute_until };
            sessions::add(tx, &row, keep).await?;
            if let Some(grant) = &grant {
                add_family(tx, grant, row.opening).await?;
            }
            failures::forget(tx, &email).await?;
            event.write(tx).await.map_err(Stop::Store)
        })
    });
    match written.await {
        Ok(()) => {
            let mut profile = tried.profile;
            profile.user.last_login_at = Some(now);
            Ok(Some(SignedIn { session, profile: Arc::new(profile), handed }))
        }
        Err(Stop::Moved) => Ok(None),
        Err(Stop::CodeUsed) => second_factor::refuse_code(ctx, command, &tried.profile).await,
        Err(Stop::Store(error)) => Err(Error::Store(error)),
    }
}

fn opened(ctx: &Ctx, command: &Command, session: &Session) -> Event {
    let actor = Actor { kind: "user", id: Some(session.user.uuid()), credential: None };
    let event = ctx.event(actor, "session.opened", &command.origin).in_tenant(session.tenant);
    let why = if session.mfa { "password and code" } else { "password" };
    event.on("session", session.id.uuid()).because(why)
}

/// Why the transaction of a sign-in was rolled back.
enum Stop {
    /// Hash or state is no longer what was verified, or the address was locked out meanwhile.
    Moved,
    /// Of two requests with one code the other was first.
    CodeUsed,
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

async fn add_family(tx: &mut store::WriteTx<'_>, grant: &Grant, opening: Opening) -> Result<(), StoreError> {
    let family = Family {
        id: grant.family,
        session: grant.session,
        client: grant.client.as_ref().map(|c| c.uid),
        opening,
        scope: grant.scope.to_string(),
        ended_at: None,
    };
    families::add(tx, &family, grant.issued_at).await?;
    let key = digest(grant.refresh_token.expose_secret());
    families::add_token(tx, &key, grant.family, grant.issued_at, grant.refresh_expires_at).await?;
    access_tokens::add(tx, &grant.row(opening)).await
}

fn session(
    ctx: &Ctx,
    command: &Command,
    (user, tenant, number): (domain::UserId, Option<TenantId>, i64),
    (mfa, now): (bool, Timestamp),
) -> Session {
    let limits = ctx.config.sessions;
    let absolute = now.plus(limits.absolute);
    let refresh_end = now.plus(ctx.config.tokens.refresh_ttl).min(absolute);
    let (opening, idle, expires_at) = match &command.through {
        Through::Native => (Opening::Native, Some(limits.idle), absolute),
        Through::Oauth { .. } => (Opening::Oauth, None, refresh_end),
        Through::Frontegg => (Opening::Frontegg, None, refresh_end),
    };
    let client = match &command.through {
        Through::Oauth { client, .. } => Some(client.uid),
        Through::Native | Through::Frontegg => None,
    };
    Session {
        id: SessionId::from_uuid(ctx.new_id()),
        number,
        user,
        tenant,
        client,
        opening,
        created_at: now,
        last_used_at: now,
        idle,
        expires_at,
        ended_at: None,
        user_agent: domain::text::agent(&command.origin.user_agent),
        ip: command.origin.ip.clone(),
        place: command.place.clone(),
        mfa,
    }
}

fn hand_out(ctx: &Ctx, through: &Through, session: &Session) -> Result<Handed, Error> {
    let (client, scope) = match through {
        Through::Native => return Ok(Handed::SessionToken(SecretString::from(opaque(ctx, "hs_")))),
        Through::Oauth { client, scope } => {
            let client = ClientRef { uid: client.uid, client_id: client.client_id.as_str().into() };
            (Some(client), scope.clone())
        }
        Through::Frontegg => (None, Scopes::default()),
    };
    let tenant = session.tenant.ok_or(Error::InvalidCredentials)?;
    Ok(Handed::Grant(Grant {
        access: AccessTokenId::from_uuid(ctx.new_id()),
        family: FamilyId::from_uuid(ctx.new_id()),
        session: session.id,
        user: session.user,
        tenant,
        client,
        scope,
        issued_at: session.created_at,
        access_expires_at: session.created_at.plus(ctx.config.tokens.access_ttl).min(session.expires_at),
        refresh_token: SecretString::from(opaque(ctx, "hr_")),
        refresh_expires_at: session.expires_at,
        signed_in_at: session.created_at,
        mfa: session.mfa,
    }))
}

/// 256 bits of chance behind a prefix.
pub(crate) fn opaque(ctx: &Ctx, prefix: &str) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(ctx.chance::<32>()))
}

/// Brings an old hash to today's parameters; not at the caller's expense.
async fn rehash_later(ctx: Arc<Ctx>, user: domain::UserId, old: String, password: SecretString) {
    let salt = ctx.chance::<16>();
    let Ok(new) = ctx.hasher.hash(password, salt).await else { return };
    let written: Result<(), StoreError> = ctx
        .store
        .write(move |tx| {
            let (old, new) = (old.clone(), new.clone());
            Box::pin(async move { users::rehash(tx, user, &old, &new).await })
        })
        .await;
    if let Err(error) = written {
        tracing::warn!(%error, "a password could not be rehashed");
    }
}
