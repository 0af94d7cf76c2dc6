//! Registering a client. Operators only (`installation:write`). Audits `client.created`.

use domain::client::is_id;
use domain::{ClientUid, Permission};
use secrecy::SecretString;
use store::world::client::Client;

use super::given::is_fit;
use super::{Given, equip};
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::rules::{Faults, taken};

/// A new client.
pub struct Command {
    /// What it calls itself on the wire, 1 to 255 printable ASCII characters; `None`: its own id.
    pub client_id: Option<String>,
    /// Without a secret.
    pub public: bool,
    pub given: Given,
}

/// Its id, and its secret: shown this once.
pub struct Created {
    pub uid: ClientUid,
    pub secret: Option<SecretString>,
}

/// # Errors
/// `Conflict` where another client calls itself so.
pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<Created, Failure> {
    let act = Act::begin(ctx, caller, (&Permission::INSTALLATION_WRITE, None), "client.created").await?;
    let uid = ClientUid::from_uuid(ctx.new_id());
    let client_id = command.client_id.unwrap_or_else(|| uid.to_string());
    let mut faults = Faults::default();
    faults.unless(is_id(&client_id), "client_id", "must be 1 to 255 printable ASCII characters");
    faults.unless(command.given.grants.is_some(), "grants", "is required");
    command.given.judge(faults)?;
    let mut row = Client {
        id: uid,
        client_id,
        secret_digest: None,
        secret_bytes: None,
        name: None,
        grants: Vec::new(),
        scopes: Vec::new(),
        redirect_uris: Vec::new(),
        environment: false,
        origin: String::new(),
        created_at: act.now,
        updated_at: act.now,
    };
    command.given.over(&mut row);
    let secret = (!command.public).then(|| equip(ctx, &mut row));
    is_fit(&row)?;
    let kept: Result<(), Failure> = ctx
        .store
        .write(move |tx| {
            let (row, act) = (row.clone(), act.clone());
            Box::pin(async move {
                act.in_turn(tx).await?;
                if !store::world::add(tx, &row).await? {
                    return Err(taken("client_id"));
                }
                Ok(act.tell(tx, ("client", uid.uuid()), &format!("client_id {:?}", row.client_id)).await?)
            })
        })
        .await;
    kept.map(|()| Created { uid, secret })
}
