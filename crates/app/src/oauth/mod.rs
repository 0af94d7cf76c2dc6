//! What OAuth has besides sign-ins: tokens of programs in their own name, revocation, introspection.

pub mod client_credentials;
pub mod introspect;
pub mod revoke;

use domain::audit::{Actor, Origin};
use domain::client::Client;

use crate::Ctx;
use crate::audit::Event;

/// An event by a client that proved itself.
fn event(ctx: &Ctx, client: &Client, action: &'static str, origin: &Origin) -> Event {
    let actor = Actor { kind: "client", id: Some(client.uid.uuid()), credential: None };
    ctx.event(actor, action, origin)
}
