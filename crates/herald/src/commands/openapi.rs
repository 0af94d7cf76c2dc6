//! `herald openapi`.

use crate::failed::Failed;
use crate::say;

/// Prints the OpenAPI document.
pub fn run() -> Result<(), Failed> {
    say::line(web::openapi().trim_end())
}
