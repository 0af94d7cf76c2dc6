//! The one look-up of credentials: from what was presented to what it proves.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest as sha};
use domain::client::{Client, Scopes};
use domain::credential::{ClientRef, Credential, CredentialKind};
use domain::decision::Authority;
use domain::session::Session;
use domain::standing::{Bond, Dead, Owner, Span, Standing};
use domain::token::{Token, TokenKind};
use domain::{Role, TenantId, Timestamp};
use store::access_tokens::{AccessKind, AccessToken};
use store::feed::CATALOGUE;
use store::{ReadTx, Slot, StoreError};
use uuid::Uuid;

use super::handle::Handle;
use super::model::Terms;
use super::{Entry, Principal, Profile, Subject, Unproven, profile, touch};
use crate::Ctx;

/// SHA-256 of a presented credential: what the store and the read model know it by.
pub fn digest(presented: &str) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(sha(&SHA256, presented.as_bytes()).as_ref());
    out
}

/// Longer credentials are refused unread; a JWT of ours has some hundred bytes.
const MAX_BYTES: usize = 16 * 1024;

impl Ctx {
    /// What `presented` proves now.
    ///
    /// # Errors
    /// `Dead` says why it proves nothing; the caller is told only that it does not.
    pub async fn prove(&self, presented: &str) -> Result<Arc<Entry>, Unproven> {
        if presented.is_empty() || presented.len() > MAX_BYTES {
            return Err(Unproven::Dead(Dead::Unknown));
        }
        let key = digest(presented);
        let now = self.now();
        let feed = self.store.feed();
        // The lease is checked after the look-up: it must hold when the decision falls (engine.md §6).
        if let Some(entry) = self.model.get(&key, feed, now)
            && feed.is_fresh(self.clock.monotonic(), self.config.revocation_bound)
        {
            touch::note(self, &key, &entry, now);
            return Ok(entry);
        }
        let as_of = feed.position();
        let handle = self.handle(presented, key).await.map_err(Unproven::Store)?;
        let handle = handle.ok_or(Unproven::Dead(Dead::Unknown))?;
        let found = self.store.read(move |tx| Box::pin(find(tx, handle))).await.map_err(Unproven::Store)?;
        let judged = match found {
            Some(found) => found.standing().is_live(now).map(|until| (found, until)),
            None => Err(Dead::Unknown),
        };
        // What the store calls dead must not live on in the read model, whatever the feed told.
        let (found, live_until) = judged.map_err(|dead| {
            self.model.forget(&key);
            Unproven::Dead(dead)
        })?;
        let entry = Arc::new(found.into_entry(as_of, live_until, now));
        self.model.put(key, Arc::clone(&entry));
        touch::note(self, &key, &entry, now);
        Ok(entry)
    }
}

/// What the store holds behind a credential.
pub(super) struct Found {
    credential: Credential,
    tenant: Option<TenantId>,
    profile: Option<Profile>,
    session: Option<Session>,
    family_ended: bool,
    /// Nobody is behind it any more: deleted, or known by another secret since.
    client_gone: bool,
    ended: bool,
    cap: Option<Role>,
    /// Roles of a tenant's own token.
    own_roles: Vec<Role>,
    used_at: Option<Timestamp>,
}

async fn find(tx: &mut ReadTx<'_>, handle: Handle) -> Result<Option<Found>, StoreError> {
    match handle {
        Handle::Session(digest) => match store::sessions::by_digest(tx, &digest).await? {
            Some(session) => of_session(tx, session).await.map(Some),
            None => Ok(None),
        },
        Handle::ApiKey(digest) => match store::tokens::by_digest(tx, &digest).await? {
            Some(token) => of_token(tx, token).await.map(Some),
            None => Ok(None),
        },
        Handle::Signed(id) => match store::tokens::by_id(tx, id).await? {
            Some(token) if token.kind == TokenKind::Signed => of_token(tx, token).await.map(Some),
            Some(_) | None => Ok(None),
        },
        Handle::Access(id, kind) => match store::access_tokens::by_id(tx, id).await? {
            Some(access) if access.kind == kind => of_access(tx, access).await,
            Some(_) | None => Ok(None),
        },
    }
}

pub(super) async fn of_session(tx: &mut ReadTx<'_>, session: Session) -> Result<Found, StoreError> {
    Ok(Found {
        credential: Credential {
            kind: CredentialKind::SessionToken,
            id: session.id.uuid(),
            session: Some(session.id),
            family: None,
            client: None,
            scopes: None,
            utility: None,
            issued_at: session.created_at,
            expires_at: Some(session.ends_at()),
        },
        tenant: session.tenant,
        profile: profile::load(tx, session.user).await?,
        family_ended: false,
        client_gone: false,
        ended: false,
        cap: None,
        own_roles: Vec::new(),
        used_at: Some(session.last_used_at),
        session: Some(session),
    })
}

pub(super) async fn of_token(tx: &mut ReadTx<'_>, token: Token) -> Result<Found, StoreError> {
    let kind = match token.kind {
        TokenKind::ApiKey => CredentialKind::ApiKey,
        TokenKind::Signed => CredentialKind::SignedToken,
    };
    let cap = match token.cap {
        Some(cap) => store::roles::by_id(tx, cap).await?,
        None => None,
    };
    let own_roles =
        if token.owner.is_none() { store::roles::of_token(tx, token.id).await? } else { Vec::new() };
    let profile = match token.owner {
        Some(owner) => profile::load(tx, owner).await?,
        None => None,
    };
    Ok(Found {
        credential: Credential {
            kind,
            id: token.id.uuid(),
            session: None,
            family: None,
            client: None,
            scopes: token.scopes,
            utility: token.utility,
            issued_at: token.created_at,
            expires_at: token.expires_at,
        },
        tenant: Some(token.tenant),
        profile,
        session: None,
        family_ended: false,
        client_gone: false,
        ended: token.revoked_at.is_some(),
        cap,
        own_roles,
        used_at: token.last_used_at,
    })
}

/// `None`: its session is gone, and with it the token. The session may be in another tenant by now, which was deleted.
pub(super) async fn of_access(tx: &mut ReadTx<'_>, access: AccessToken) -> Result<Option<Found>, StoreError> {
    let session = match access.session {
        Some(id) => match store::sessions::by_id(tx, id).await? {
            Some(session) => Some(session),
            None => return Ok(None),
        },
        None => None,
    };
    let family_ended = match access.family {
        Some(id) => store::families::by_id(tx, id).await?.is_none_or(|family| family.ended_at.is_some()),
        None => false,
    };
    let client = match access.client {
        Some(uid) => store::clients::by_id(tx, uid).await?,
        None => None,
    };
    let profile = match access.user {
        Some(user) => profile::load(tx, user).await?,
        None => None,
    };
    let proven = |client: &Client| access.proof.is_some() && access.proof == client.secret_digest;
    let client_gone = access.user.is_none() && !client.as_ref().is_some_and(proven);
    let (kind, scopes) = match access.kind {
        AccessKind::Oauth => (CredentialKind::OauthAccess, Some(Scopes::parse(&access.scope))),
        AccessKind::Frontegg => (CredentialKind::FronteggUser, None),
    };
    Ok(Some(Found {
        credential: Credential {
            kind,
            id: access.id.uuid(),
            session: access.session,
            family: access.family,
            client: client.map(|c| ClientRef { uid: c.uid, client_id: c.client_id.into() }),
            scopes,
            utility: None,
            issued_at: access.created_at,
            expires_at: Some(access.expires_at),
        },
        tenant: access.tenant,
        profile,
        session,
        family_ended,
        client_gone,
        ended: access.revoked_at.is_some(),
        cap: None,
        own_roles: Vec::new(),
        used_at: None,
    }))
}

impl Found {
    pub(super) fn standing(&self) -> Standing {
        let session = self.session.as_ref();
        Standing {
            credential: Span { ends_at: self.credential.expires_at, ended: self.ended },
            session: session.map(|s| Span { ends_at: Some(s.ends_at()), ended: s.ended_at.is_some() }),
            family_ended: self.family_ended,
            owner: self.profile.as_ref().map(|p| Owner { active: p.user.active, locked: p.user.locked }),
            membership: self.bond(),
            client_gone: self.client_gone
                || (self.profile.is_none() && self.credential.client.is_none() && self.tenant.is_none()),
        }
    }

    /// A user's credential is bound to a membership, unless it is an operator's above all tenants.
    fn bond(&self) -> Bond {
        match (&self.profile, self.tenant) {
            (None, _) => Bond::None,
            (Some(profile), None) if profile.user.operator => Bond::None,
            (Some(_), None) => Bond::NotAMember,
            (Some(profile), Some(tenant)) => Bond::of(profile.membership(tenant)),
        }
    }

    fn into_entry(self, as_of: u64, live_until: Timestamp, now: Timestamp) -> Entry {
        let next_end = self.profile.as_ref().and_then(|p| p.next_end(now));
        let slots = self.slots();
        let valid_until = next_end.map_or(live_until, |end| end.min(live_until));
        let noted = self.used_at.unwrap_or(Timestamp::from_micros(i64::MIN));
        Entry::new(self.into_principal(), Terms { as_of, slots, valid_until, noted })
    }

    /// Everything whose change must be felt.
    fn slots(&self) -> Vec<Slot> {
        let mut subjects = vec![self.credential.id, CATALOGUE];
        subjects.extend(self.credential.session.map(domain::SessionId::uuid));
        subjects.extend(self.credential.client.as_ref().map(|c| c.uid.uuid()));
        subjects.extend(self.tenant.map(TenantId::uuid));
        subjects.extend(self.session.as_ref().and_then(|session| session.tenant).map(TenantId::uuid));
        subjects.extend(self.cap.iter().chain(&self.own_roles).map(|role| role.id.uuid()));
        if let Some(profile) = &self.profile {
            subjects.push(profile.user.id.uuid());
            for membership in &profile.memberships {
                subjects.push(membership.tenant.id.uuid());
                subjects.extend(membership.roles.iter().map(|role| role.id.uuid()));
            }
        }
        subjects.sort_unstable();
        subjects.dedup();
        subjects.into_iter().map(Slot::of).collect()
    }

    pub(super) fn into_principal(self) -> Principal {
        let held = match (&self.profile, self.tenant) {
            (Some(profile), Some(tenant)) => profile.membership(tenant).map(|m| m.roles.clone()),
            (Some(_), None) | (None, _) => None,
        };
        let own = self.own_roles.into_iter().map(Arc::new).collect();
        let cap = self.cap.map(Arc::new);
        let authority = Authority {
            tenant: self.tenant,
            operator: self.profile.as_ref().is_some_and(|p| p.user.operator),
            roles: held.unwrap_or(own),
            cap: cap.clone(),
            scopes: self.credential.scopes.clone(),
        };
        let subject = match (self.profile, &self.credential.client, self.tenant) {
            (Some(profile), _, _) => Subject::User(Arc::new(profile)),
            (None, Some(client), _) => Subject::Client(client.clone()),
            (None, None, tenant) => Subject::Tenant(tenant.unwrap_or(TenantId::from_uuid(Uuid::nil()))),
        };
        Principal {
            subject,
            tenant: self.tenant,
            cap: cap.map(|role| role.id),
            credential: self.credential,
            authority,
            signed_in_at: self.session.map(|s| s.created_at),
        }
    }
}
