//! Known `jti`s of access tokens: what a signature alone does not prove.

use domain::ids::AccessTokenId;
use domain::{ClientUid, FamilyId, SessionId, TenantId, Timestamp, UserId};

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

statements! { "access_tokens";
    ADD = "INSERT INTO access_tokens (id, kind, family_id, session_id, client_id, user_id, tenant_id, scope, \
        proof, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    BY_ID = "SELECT id, kind, family_id, session_id, client_id, user_id, tenant_id, scope, proof, \
        created_at, expires_at, revoked_at FROM live_access_tokens WHERE id = $1";
    REVOKE = "UPDATE access_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id";
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessKind {
    Oauth,
    Frontegg,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    pub id: AccessTokenId,
    pub kind: AccessKind,
    pub family: Option<FamilyId>,
    pub session: Option<SessionId>,
    pub client: Option<ClientUid>,
    pub user: Option<UserId>,
    pub tenant: Option<TenantId>,
    /// Names joined by blanks; empty where the kind has no scopes.
    pub scope: String,
    /// Of a client's own: the digest of the secret that proved it.
    pub proof: Option<Vec<u8>>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

impl AccessKind {
    const ALL: [Self; 2] = [Self::Oauth, Self::Frontegg];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Oauth => "oauth",
            Self::Frontegg => "frontegg",
        }
    }
}

pub async fn add(tx: &mut WriteTx<'_>, token: &AccessToken) -> Result<(), StoreError> {
    let row = params![
        token.id,
        token.kind.as_str(),
        token.family,
        token.session,
        token.client,
        token.user,
        token.tenant,
        &token.scope,
        token.proof.as_deref(),
        token.created_at,
        token.expires_at,
    ];
    tx.run(&ADD, row).await.map(drop)
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: AccessTokenId) -> Result<Option<AccessToken>, StoreError> {
    tx.row(&BY_ID, params![id]).await?.map(read).transpose()
}

/// `false` when it was revoked before.
pub async fn revoke(tx: &mut WriteTx<'_>, id: AccessTokenId, now: Timestamp) -> Result<bool, StoreError> {
    let revoked = tx.any(&REVOKE, params![id, now]).await?;
    if revoked {
        tx.changed(id.uuid());
    }
    Ok(revoked)
}

fn read(mut row: Row) -> Result<AccessToken, StoreError> {
    Ok(AccessToken {
        id: row.take("id")?,
        kind: row.parse("kind", |text: String| AccessKind::ALL.into_iter().find(|k| k.as_str() == text))?,
        family: row.take("family_id")?,
        session: row.take("session_id")?,
        client: row.take("client_id")?,
        user: row.take("user_id")?,
        tenant: row.take("tenant_id")?,
        scope: row.take("scope")?,
        proof: row.take("proof")?,
        created_at: row.take("created_at")?,
        expires_at: row.take("expires_at")?,
        revoked_at: row.take("revoked_at")?,
    })
}
