//! Rotating a refresh token: one rule for OAuth and Frontegg (design.md §5, insights.md §2).
//!
//! Asks for no permission: the token is the proof. Audits reuse, and a move to another tenant.

use std::sync::Arc;

use domain::audit::{Actor, Origin};
use domain::client::{Client, Scopes};
use domain::credential::ClientRef;
use domain::ids::AccessTokenId;
use domain::session::{Family, Opening, Presented, RefreshToken, Session};
use domain::standing::{Bond, Owner, Span, Standing};
use domain::{ClientUid, TenantId, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use store::{StoreError, WriteTx, access_tokens, clients, families, sessions};

use super::grant::Grant;
use crate::Ctx;
use crate::audit::Event;
use crate::principal::{self, Profile, digest};

pub struct Command {
    pub presented: SecretString,
    /// Which door: a token of another door is unknown here.
    pub opening: Opening,
    /// The client that authenticated, at a door where clients do.
    pub client: Option<ClientUid>,
    /// A subset of what was first granted; `None`: all of it.
    pub scope: Option<Scopes>,
    /// Frontegg: the account to go on in.
    pub tenant: Option<TenantId>,
    pub origin: Origin,
}

pub struct Refreshed {
    pub grant: Grant,
    pub profile: Arc<Profile>,
}

#[derive(Debug)]
pub enum Error {
    /// Unknown, expired, revoked, reused, another client's, or its owner is dead.
    Invalid,
    /// Wider than first granted; the presented token stays good.
    ScopeTooWide,
    /// Frontegg: not an account of the user; nothing rotates.
    TenantNotAssigned,
    /// Frontegg: that account forces a second factor, which the session has not passed; nothing rotates.
    SecondFactorWanted,
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What a transaction of a refresh came to; reuse has to be committed, so it is no error in there.
enum Step {
    Refreshed(Box<Refreshed>),
    Reused,
}

pub async fn run(ctx: &Arc<Ctx>, command: Command) -> Result<Refreshed, Error> {
    let presented = command.presented.expose_secret();
    if !presented.starts_with("hr_") || presented.len() > 128 {
        return Err(Error::Invalid);
    }
    let successor = SecretString::from(ctx.sealer.successor(presented));
    let attempt = Arc::new(Attempt {
        key: digest(presented),
        next: digest(successor.expose_secret()),
        successor,
        access: AccessTokenId::from_uuid(ctx.new_id()),
        now: ctx.now(),
        reuse: ctx.event(Actor::ANONYMOUS, "session.reused", &command.origin).refused(),
        moved: ctx.event(Actor::ANONYMOUS, "session.moved", &command.origin).because("by its refresh token"),
        limits: ctx.config.tokens,
        command,
    });
    let step = ctx
        .store
        .write(move |tx| {
            let attempt = Arc::clone(&attempt);
            Box::pin(async move { attempt.run(tx).await })
        })
        .await?;
    match step {
        Step::Refreshed(refreshed) => Ok(*refreshed),
        Step::Reused => Err(Error::Invalid),
    }
}

/// Everything a transaction needs, so that it can run again.
struct Attempt {
    command: Command,
    key: [u8; 32],
    next: [u8; 32],
    successor: SecretString,
    access: AccessTokenId,
    now: Timestamp,
    reuse: Event,
    moved: Event,
    limits: crate::config::TokenLimits,
}

impl Attempt {
    async fn run(&self, tx: &mut WriteTx<'_>) -> Result<Step, Error> {
        let token = families::token(tx, &self.key).await?.ok_or(Error::Invalid)?;
        let family = families::by_id(tx, token.family).await?.ok_or(Error::Invalid)?;
        if family.opening != self.command.opening || family.client != self.command.client {
            return Err(Error::Invalid);
        }
        if family.ended_at.is_some() {
            return Err(Error::Invalid);
        }
        if self.judge(tx, &token).await? == Presented::Reused {
            return self.end(tx, &family).await;
        }
        let (session, profile) = self.look_again(tx, &family).await?;
        let client = self.client(tx, &family).await?;
        let scope = self.scope(&family, client.as_ref())?;
        let tenant = self.tenant(&session, &profile)?;
        // Of parallel calls one rotates; the others find it done and give the same successor.
        if families::rotate(tx, &self.key, self.now).await? {
            self.extend(tx, &family, &session).await?;
        } else if self.judge_again(tx).await? != Presented::LostReply {
            return self.end(tx, &family).await;
        }
        if session.tenant != Some(tenant) {
            sessions::set_tenant(tx, session.id, tenant).await?;
            self.moved.clone().on("session", session.id.uuid()).in_tenant(Some(tenant)).write(tx).await?;
        }
        let client = client.map(|c| ClientRef { uid: c.uid, client_id: c.client_id.into() });
        let grant = self.grant(tx, (&family, &session), (tenant, scope), client).await?;
        access_tokens::add(tx, &grant.row(family.opening)).await?;
        Ok(Step::Refreshed(Box::new(Refreshed { grant, profile: Arc::new(profile) })))
    }

    async fn judge(&self, tx: &mut WriteTx<'_>, token: &RefreshToken) -> Result<Presented, Error> {
        let successor = families::token(tx, &self.next).await?;
        let used = successor.is_some_and(|s| s.rotated_at.is_some());
        match token.judge(self.now, self.limits.refresh_grace, used) {
            Presented::Expired => Err(Error::Invalid),
            other => Ok(other),
        }
    }

    /// After losing the race for the rotation.
    async fn judge_again(&self, tx: &mut WriteTx<'_>) -> Result<Presented, Error> {
        let token = families::token(tx, &self.key).await?.ok_or(Error::Invalid)?;
        self.judge(tx, &token).await
    }

    async fn end(&self, tx: &mut WriteTx<'_>, family: &Family) -> Result<Step, Error> {
        families::end(tx, family.id, self.now).await?;
        let tenant = sessions::by_id(tx, family.session).await?.and_then(|session| session.tenant);
        let event = self.reuse.clone().on("session", family.session.uuid()).in_tenant(tenant);
        event.because("a refresh token was presented again: its family ended").write(tx).await?;
        Ok(Step::Reused)
    }

    /// User, membership, tenant and session are looked at again, each time.
    async fn look_again(&self, tx: &mut WriteTx<'_>, family: &Family) -> Result<(Session, Profile), Error> {
        let session = sessions::by_id(tx, family.session).await?.ok_or(Error::Invalid)?;
        let profile = principal::load_profile(tx, session.user).await?.ok_or(Error::Invalid)?;
        let membership = session.tenant.and_then(|t| profile.membership(t));
        let standing = Standing {
            session: Some(Span { ends_at: Some(session.ends_at()), ended: session.ended_at.is_some() }),
            owner: Some(Owner { active: profile.user.active, locked: profile.user.locked }),
            membership: Bond::of(membership),
            ..Standing::default()
        };
        standing.is_live(self.now).map_err(|_| Error::Invalid)?;
        Ok((session, profile))
    }

    async fn client(&self, tx: &mut WriteTx<'_>, family: &Family) -> Result<Option<Client>, Error> {
        match family.client {
            Some(uid) => Ok(clients::by_id(tx, uid).await?),
            None => Ok(None),
        }
    }

    /// Of what was first granted, what the client may still have.
    fn scope(&self, family: &Family, client: Option<&Client>) -> Result<Scopes, Error> {
        let mut granted = Scopes::parse(&family.scope);
        if let Some(client) = client {
            granted = granted.among(&client.scopes);
        }
        match &self.command.scope {
            None => Ok(granted),
            Some(asked) if asked.within(&granted) => Ok(asked.clone()),
            Some(_) => Err(Error::ScopeTooWide),
        }
    }

    fn tenant(&self, session: &Session, profile: &Profile) -> Result<TenantId, Error> {
        match self.command.tenant {
            None => session.tenant.ok_or(Error::Invalid),
            Some(wanted) => {
                let member = profile.membership(wanted).filter(|m| m.is_live(self.now));
                let tenant = &member.ok_or(Error::TenantNotAssigned)?.tenant;
                let forces = tenant.mfa.is_some_and(|policy| policy.enforce.binds_passwords());
                if forces && !session.mfa && !profile.user.mfa_bypass && session.tenant != Some(tenant.id) {
                    return Err(Error::SecondFactorWanted);
                }
                Ok(tenant.id)
            }
        }
    }

    async fn extend(&self, tx: &mut WriteTx<'_>, family: &Family, session: &Session) -> Result<(), Error> {
        let absolute = sessions::absolute_until(tx, session.id).await?.ok_or(Error::Invalid)?;
        let expires_at = self.now.plus(self.limits.refresh_ttl).min(absolute);
        families::add_token(tx, &self.next, family.id, self.now, expires_at).await?;
        sessions::extend(tx, session.id, expires_at, self.now).await?;
        Ok(())
    }

    async fn grant(
        &self,
        tx: &mut WriteTx<'_>,
        (family, session): (&Family, &Session),
        (tenant, scope): (TenantId, Scopes),
        client: Option<ClientRef>,
    ) -> Result<Grant, Error> {
        let refresh_expires_at = families::token(tx, &self.next).await?.ok_or(Error::Invalid)?.expires_at;
        Ok(Grant {
            access: self.access,
            family: family.id,
            session: session.id,
            user: session.user,
            tenant,
            client,
            scope,
            issued_at: self.now,
            access_expires_at: self.now.plus(self.limits.access_ttl).min(refresh_expires_at),
            refresh_token: self.successor.clone(),
            refresh_expires_at,
            signed_in_at: session.created_at,
            mfa: session.mfa,
        })
    }
}
