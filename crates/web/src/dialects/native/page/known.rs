//! A query parameter that a route does not know is refused: what it should have sorted out would be shown.

use std::sync::Arc;

use app::{Failure, Kind};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::pairs;
use crate::dialects::native::fields::unknown::shown;
use crate::refusal::Refusal;

/// Lets through who names none but `names`: those of the document, for routes of Herald's own API that take any.
pub(crate) async fn known(
    State(names): State<Arc<[String]>>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    judge(request.uri().query().unwrap_or_default(), &names)?;
    Ok(next.run(request).await)
}

fn judge(query: &str, names: &[String]) -> Result<(), Failure> {
    match pairs(query)?.iter().find(|(name, _)| !names.contains(name)) {
        None => Ok(()),
        Some((other, _)) => {
            let said = format!(
                "The query parameter {} is not known here; there are {}.",
                shown(other),
                names.join(", ")
            );
            Err(Failure::new(Kind::Invalid, "invalid_query", said))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_named_beside_what_is() {
        let names = ["after".to_owned(), "limit".to_owned()];
        for good in ["", "limit=x", "after=&limit=1", "&&"] {
            assert!(judge(good, &names).is_ok(), "{good}");
        }
        let refused = judge("limit=1&actr%1b=x", &names).unwrap_err();
        let said = "The query parameter actr\\u{1b} is not known here; there are after, limit.";
        assert_eq!((refused.code, &*refused.public), ("invalid_query", said));
        assert_eq!(judge("Limit=1", &names).unwrap_err().code, "invalid_query");
    }
}
