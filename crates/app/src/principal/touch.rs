//! Last use of sessions and keys: gathered, written at most once a minute each, without audit and feed.

use std::time::Duration;

use domain::credential::CredentialKind;
use domain::{SessionId, Timestamp, TokenId};
use store::StoreError;

use super::Entry;
use crate::Ctx;

const INTERVAL: Duration = Duration::from_mins(1);
/// Uses that wait at most; more are not noted, which costs a session nothing but a little of its idle time.
const WAITING: usize = 10_000;

#[derive(Clone, Copy)]
pub(crate) struct Used {
    digest: [u8; 32],
    what: What,
    at: Timestamp,
}

#[derive(Clone, Copy)]
enum What {
    Session(SessionId),
    Token(TokenId),
}

/// Notes that the entry's credential was used.
pub(super) fn note(ctx: &Ctx, digest: &[u8; 32], entry: &Entry, now: Timestamp) {
    let credential = &entry.principal.credential;
    let what = match credential.kind {
        CredentialKind::SessionToken => What::Session(SessionId::from_uuid(credential.id)),
        CredentialKind::ApiKey | CredentialKind::SignedToken => {
            What::Token(TokenId::from_uuid(credential.id))
        }
        CredentialKind::OauthAccess | CredentialKind::FronteggUser => return,
    };
    // A short idle limit wants closer notes.
    let interval = INTERVAL.min(ctx.config.sessions.idle / 4);
    if entry.notes(now, i64::try_from(interval.as_micros()).unwrap_or(i64::MAX)) {
        let mut waiting = ctx.model.used.lock();
        if waiting.len() < WAITING {
            waiting.push(Used { digest: *digest, what, at: now });
        }
    }
}

/// Writes what was gathered. Called every second, and once at the end.
pub async fn flush(ctx: &Ctx) -> Result<(), StoreError> {
    let gathered = std::mem::take(&mut *ctx.model.used.lock());
    for batch in gathered.chunks(500) {
        let batch = batch.to_vec();
        let write = batch.clone();
        ctx.store
            .write(move |tx| {
                let batch = write.clone();
                Box::pin(async move {
                    for used in &batch {
                        match used.what {
                            What::Session(id) => store::sessions::touch(tx, id, used.at).await?,
                            What::Token(id) => store::tokens::touch(tx, id, used.at).await?,
                        }
                    }
                    Ok::<_, StoreError>(())
                })
            })
            .await?;
        for used in &batch {
            if matches!(used.what, What::Session(_)) {
                ctx.model.forget(&used.digest);
            }
        }
    }
    Ok(())
}
