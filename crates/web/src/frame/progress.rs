//! A deadline that a body without end does not run into as long as something of it comes.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;

/// Counts what was read of a body; a body that is not watched makes no progress.
#[derive(Clone, Default)]
pub(super) struct Progress(Arc<AtomicU64>);

impl Progress {
    /// The same body, counted.
    pub(super) fn watch(&self, body: Body) -> Body {
        let progress = self.clone();
        Body::new(body.map_frame(move |frame| {
            if frame.data_ref().is_some_and(|data| !data.is_empty()) {
                progress.0.fetch_add(1, Ordering::Relaxed);
            }
            frame
        }))
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What `work` comes to; `None` where it takes longer than `deadline` from its beginning, or from when it was last
/// seen to have made progress. A body that stands still is given up after twice the deadline at most.
pub(super) async fn within<T>(
    deadline: Duration,
    progress: &Progress,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = pin!(work);
    let mut seen = progress.count();
    loop {
        if let Ok(done) = tokio::time::timeout(deadline, &mut work).await {
            return Some(done);
        }
        let now = progress.count();
        if now == seen {
            return None;
        }
        seen = now;
    }
}
