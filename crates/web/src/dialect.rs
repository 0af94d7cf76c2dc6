//! A dialect: one face of Herald. It says where credentials arrive and what answers and refusals look like; it
//! holds no SQL, no policy, no clock.
//!
//! # Adding an endpoint to a dialect
//!
//! 1. In `dialects/<name>/`, write one file a group of endpoints with a handler of at most 20 lines: extractors in, wire
//!    type → command, **one** use case, outcome → wire type out. `?` on any failure: the frame words it.
//!
//!    ```ignore
//!    /// The caller's tokens.
//!    #[utoipa::path(get, path = "", responses((status = 200, body = Vec<Token>)))]
//!    pub async fn list(State(web): State<web::State>, caller: Caller<Native>) -> Result<Json<Vec<Token>>, Refusal> {
//!        let tokens = app::tokens::list::run(&web.ctx, &caller).await?;
//!        Ok(Json(tokens.into_iter().map(convert::token).collect()))
//!    }
//!    ```
//!    `path = ""`: the table has the path. The method must be the table's (a test compares them). Field-for-field
//!    JSON stands in `wire.rs` (`Serialize` + `ToSchema`), the step from domain types in `convert.rs`. Wire types need
//!    no unique names: the document prefixes them with the face.
//! 2. Add its line to `table()` in the dialect's `mod.rs`; routing, 405 with `Allow`, the body limit, `OpenAPI`, metrics and
//!    the matrix of strangers ([`crate::routes`]) come from that line:
//!    `.get("/v1/me/tokens", Access::User, routes!(tokens::list))`.
//!    `.sign_in()` behind a line counts it for the limit of sign-ins, `.reads_late()` leaves the body (and 413) to the handler,
//!    `.head(Head::…)` before it says what becomes of HEAD.
//! 3. Write its test under `tests/`, in the folder of the dialect.
//!
//! What a handler can take: [`crate::State`] (by `axum::extract::State`), [`Known`](crate::extract::Known) (what the
//! credential proves, cheap) or [`Caller`](crate::extract::Caller) (the same with origin, for use cases that audit),
//! [`From`](crate::extract::caller::From) (origin, address and country of a public call),
//! [`RequestMeta`](crate::RequestMeta), axum's `Path`, and last one of [`Object`](crate::extract::Object),
//! [`Json`](crate::extract::Json), [`Form`](crate::extract::Form). Answers: [`crate::dialects::answer`] (JSON once
//! rendered) or axum's `Json`; the frame adds `Cache-Control: no-store`, `X-Request-Id` and the security headers.
//!
//! A refusal in the contract's own words is `Refusal::said(status, code, text)`, which the dialect's `refuse` dresses.
//!
//! # Adding a dialect
//!
//! 1. A folder with `mod.rs` (the type, its [`Dialect`], `table()`), `refuse.rs`, `wire.rs`, `convert.rs`.
//! 2. A variant of [`Face`] (and of [`crate::Product`] if it can be switched off); the compiler names every match that
//!    must decide.
//! 3. Its `table()` in `dialects::tables`.

use axum::http::HeaderMap;
use axum::response::Response;
use domain::decision::Door;

use crate::extract::BodyRule;
use crate::extract::credential::Presented;
use crate::face::Face;
use crate::frame::RequestMeta;
use crate::refusal::{BodyFault, Refusal};

pub trait Dialect: Send + Sync + 'static {
    const FACE: Face;
    /// Whether an operator is one here.
    const DOOR: Door;
    const BODY: BodyRule;
    /// Whether a text of a body may hold U+0000. No store of ours can keep it, so a dialect that takes it looks for it
    /// nowhere.
    const TAKES_NUL: bool = false;
    /// Whether OAuth access tokens open this door at all.
    const TAKES_OAUTH: bool = true;

    /// Of a body whose field `_name` holds U+0000: for a dialect that names the fields at fault.
    fn holds_nul(_name: &str) -> Refusal {
        Refusal::Body(BodyFault::Nul)
    }

    /// Where this dialect's credentials arrive.
    fn presented(headers: &HeaderMap) -> Presented<'_>;

    /// A refusal, in the form and words of the contract.
    fn refuse(refusal: &Refusal, meta: &RequestMeta) -> Response;
}
