//! A token for a program in its own name (insights.md §2b, RFC 6749 §4.4).
//!
//! Asks for no permission: the client's secret is the proof. Audits `token.issued`, by the client.

use domain::Timestamp;
use domain::audit::Origin;
use domain::client::{CLIENT_CREDENTIALS, Client, Scopes};
use domain::ids::AccessTokenId;
use serde_json::json;
use store::access_tokens::{AccessKind, AccessToken};
use store::{StoreError, WriteTx, access_tokens, clients};

use super::event;
use crate::Ctx;
use crate::jwt::{Purpose, SignError};

pub struct Command {
    /// As it proved itself, by a secret.
    pub client: Client,
    /// Scopes of the client's.
    pub scope: Scopes,
    pub origin: Origin,
}

/// Its row is durable; it is not signed yet.
#[derive(Clone, Debug)]
pub struct Issued {
    pub access: AccessTokenId,
    pub client_id: String,
    pub scope: Scopes,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(Debug)]
pub enum Error {
    /// Since it proved itself it was deleted, got another secret, or lost the grant or a scope.
    Changed,
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// No refresh token goes with it, and no tenant. It lives `tokens.access_ttl`, and no longer than the secret that
/// proved the client.
pub async fn run(ctx: &Ctx, command: Command) -> Result<Issued, Error> {
    let Command { client, scope, origin } = command;
    let now = ctx.now();
    let issued = Issued {
        access: AccessTokenId::from_uuid(ctx.new_id()),
        client_id: client.client_id.clone(),
        scope,
        issued_at: now,
        expires_at: now.plus(ctx.config.tokens.access_ttl),
    };
    let event = event(ctx, &client, "token.issued", &origin).on("token", issued.access.uuid());
    let row = issued.row(&client);
    ctx.store
        .write(move |tx| {
            let (client, row, event) = (client.clone(), row.clone(), event.clone());
            Box::pin(async move {
                look_again(tx, &client, &row).await?;
                access_tokens::add(tx, &row).await?;
                event.write(tx).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(issued)
}

/// Whether the client still is what it proved to be.
async fn look_again(tx: &mut WriteTx<'_>, proven: &Client, row: &AccessToken) -> Result<(), Error> {
    let client = clients::by_id(tx, proven.uid).await?.ok_or(Error::Changed)?;
    let same = client.secret_digest.is_some() && client.secret_digest == row.proof;
    let scopes = Scopes::parse(&row.scope).within(&Scopes::of(&client.scopes));
    if same && scopes && client.may(CLIENT_CREDENTIALS) { Ok(()) } else { Err(Error::Changed) }
}

impl Issued {
    fn row(&self, client: &Client) -> AccessToken {
        AccessToken {
            id: self.access,
            kind: AccessKind::Oauth,
            family: None,
            session: None,
            client: Some(client.uid),
            user: None,
            tenant: None,
            scope: self.scope.to_string(),
            proof: client.secret_digest.clone(),
            created_at: self.issued_at,
            expires_at: self.expires_at,
            revoked_at: None,
        }
    }

    /// The access token (RFC 9068 §2.2: `sub` is the client where no user is).
    pub fn sign(&self, ctx: &Ctx) -> Result<String, SignError> {
        let issuer = &ctx.config.public_url;
        let claims = json!({
            "iss": issuer,
            "aud": issuer,
            "sub": self.client_id,
            "client_id": self.client_id,
            "scope": self.scope.to_string(),
            "iat": self.issued_at.as_secs(),
            "exp": self.expires_at.as_secs(),
            "jti": self.access.to_string(),
        });
        ctx.keys.sign(Purpose::OauthAccess, "at+jwt", &claims)
    }
}
