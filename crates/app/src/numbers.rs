//! A fresh number for a new row.

use store::StoreError;
use store::numbers::Counted;

use crate::Ctx;

/// Attempts at a number that a world file may have taken meanwhile.
const ATTEMPTS: usize = 3;

/// Keeps a row under the next free number. `keep` writes it in a transaction; its `None`: another row has the number.
///
/// # Errors
/// Those of `keep`; `Conflict` of `number` where all attempts met taken ones.
pub(crate) async fn numbered<T, E, F, K>(ctx: &Ctx, kind: Counted, keep: F) -> Result<T, E>
where
    E: From<StoreError>,
    F: Fn(i64) -> K + Send,
    K: Future<Output = Result<Option<T>, E>> + Send,
{
    for _ in 0..ATTEMPTS {
        if let Some(kept) = keep(ctx.store.next_number(kind).await?).await? {
            return Ok(kept);
        }
    }
    Err(StoreError::Conflict { field: "number" }.into())
}

/// What [`numbered`] wants to hear of a write.
pub(crate) fn unless_taken<T>(written: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match written {
        Ok(kept) => Ok(Some(kept)),
        Err(StoreError::Conflict { field: "number" }) => Ok(None),
        Err(error) => Err(error),
    }
}
