//! First passwords: invitations, accepting one, password resets, and the pages that their links lead to.

mod accept;
mod convert;
mod manage;
mod pages;
mod resets;
mod wire;

use crate::face::Face;
use crate::table::{Access, Table, routes};

pub fn table() -> Table {
    Table::new(Face::Native)
        .get("/v1/tenants/{tenant}/invitations", Access::User, routes!(manage::list))
        .post("/v1/tenants/{tenant}/invitations", Access::User, routes!(manage::create))
        .delete("/v1/tenants/{tenant}/invitations/{id}", Access::User, routes!(manage::withdraw))
        .post("/v1/invitations/accept", Access::Public, routes!(accept::accept))
        .sign_in()
        .post("/v1/password-resets", Access::Public, routes!(resets::ask))
        .sign_in()
        .post("/v1/password-resets/complete", Access::Public, routes!(resets::complete))
        .sign_in()
        .post("/v1/users/{id}/password-reset", Access::User, routes!(resets::issue))
        .get("/invitation", Access::Public, routes!(pages::invitation))
        .get("/password-reset", Access::Public, routes!(pages::password_reset))
        .get("/pages/link.js", Access::Public, routes!(pages::script))
        .get("/pages/link.css", Access::Public, routes!(pages::style))
}
