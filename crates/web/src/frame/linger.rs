//! What a refusal leaves unread of a request.
//!
//! A connection that is closed with bytes of its peer unread is reset, and whoever is still writing then may never
//! see the answer: a 413, or a 401 to a stream. So what a handler leaves of a body is read past, within bounds, while the
//! answer is on its way (nginx calls it a lingering close).

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::Request;
use axum::http::Version;
use axum::http::header::EXPECT;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

/// Bytes that are read past at most, and for how long.
const MOST: usize = 16 * 1024 * 1024;
const WITHIN: Duration = Duration::from_secs(5);

/// The same request; what is left of its body when that is dropped is read past.
pub(super) fn lend(request: Request) -> Request {
    // In HTTP/2 a stream ends alone.
    if request.body().is_end_stream() || request.version() > Version::HTTP_11 {
        return request;
    }
    // Who waits to be asked for the body sends none after a refusal.
    let waits = request.headers().contains_key(EXPECT);
    request.map(|body| Body::from_stream(Lent { body: Some(body.into_data_stream()), waits }))
}

struct Lent {
    /// `None` once it has come to its end.
    body: Option<BodyDataStream>,
    /// Nothing of it was asked for, and nothing comes before.
    waits: bool,
}

impl Stream for Lent {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.waits = false;
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let piece = std::task::ready!(Pin::new(body).poll_next(context));
        if !matches!(piece, Some(Ok(_))) {
            self.body = None;
        }
        Poll::Ready(piece)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let left = self.body.take().filter(|_| !self.waits);
        if let (Some(body), Ok(runtime)) = (left, tokio::runtime::Handle::try_current()) {
            drop(runtime.spawn(async move { tokio::time::timeout(WITHIN, read_past(body)).await }));
        }
    }
}

async fn read_past(mut body: BodyDataStream) {
    let mut left = MOST;
    while let Some(Ok(piece)) = body.next().await {
        let Some(rest) = left.checked_sub(piece.len()) else { return };
        left = rest;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::http::Request;
    use futures_util::stream;
    use http_body_util::BodyExt;

    use super::*;

    /// A body of so many pieces of 64 KiB, and how many of them were taken.
    fn pieces(count: usize) -> (Body, Arc<AtomicUsize>) {
        let taken = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&taken);
        let piece = move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from(vec![0; 65_536]))
        };
        (Body::from_stream(stream::iter(0..count).map(piece)), taken)
    }

    async fn settle() {
        for _ in 0..2_000 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn what_is_left_is_read_past_within_bounds() {
        for (count, expected) in [(5, 5), (10_000, MOST / 65_536 + 1)] {
            let (body, taken) = pieces(count);
            let mut request = lend(Request::new(body));
            assert!(request.body_mut().frame().await.is_some());
            drop(request);
            settle().await;
            assert_eq!(taken.load(Ordering::Relaxed), expected + usize::from(count > 5));
        }
    }

    #[tokio::test]
    async fn who_waits_to_be_asked_and_who_has_ended_is_left_alone() {
        let (body, taken) = pieces(5);
        drop(lend(Request::builder().header(EXPECT, "100-continue").body(body).unwrap()));
        settle().await;
        assert_eq!(taken.load(Ordering::Relaxed), 0);
        let (body, taken) = pieces(5);
        let whole = lend(Request::new(body)).into_body().collect().await.unwrap().to_bytes();
        settle().await;
        assert_eq!((whole.len(), taken.load(Ordering::Relaxed)), (5 * 65_536, 5));
        let empty = lend(Request::new(Body::empty()));
        assert!(empty.body().is_end_stream());
    }
}
