//! Bodies are read whole before anybody is authenticated, since every contract decides 413 first: so what all of them
//! may hold together is bounded, and strangers who send half of a long one leave no room but for each other.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::{Failure, Kind};
use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::refusal::{BodyFault, Refusal};

/// What every body may have beside the others, in bytes: sign-ins and forms go on while long ones have no room.
const SMALL: usize = 64 * 1024;
/// What the rest of all bodies under way may have together.
const TOGETHER: usize = 64 * 1024 * 1024;
/// When there may be room again.
const AGAIN: Duration = Duration::from_secs(1);

/// What long bodies of this process hold: memory is the process's, whatever serves in it.
static LONG: Room = Room::of(TOGETHER);

/// The body within `limit` bytes. One that says it is longer is refused unread.
///
/// # Errors
/// `TooLarge`; `Malformed` where it ends before it should; `Unavailable` where long bodies have no room.
pub async fn gather(body: Body, headers: &HeaderMap, limit: usize) -> Result<Bytes, Refusal> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(Refusal::TooLarge);
    }
    collect(body, limit, &LONG).await
}

async fn collect(body: Body, limit: usize, room: &Room) -> Result<Bytes, Refusal> {
    let mut body = Limited::new(body, limit);
    let (mut whole, mut held) = (BytesMut::new(), Held { room, bytes: 0 });
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            if error.is::<LengthLimitError>() {
                Refusal::TooLarge
            } else {
                Refusal::Body(BodyFault::Malformed)
            }
        })?;
        let Ok(piece) = frame.into_data() else { continue };
        held.grow_to((whole.len() + piece.len()).saturating_sub(SMALL))?;
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

/// So many bytes, for whoever comes.
struct Room {
    most: usize,
    taken: AtomicUsize,
}

impl Room {
    const fn of(most: usize) -> Self {
        Self { most, taken: AtomicUsize::new(0) }
    }
}

/// A body's part of the room, given back when it is gone.
struct Held<'r> {
    room: &'r Room,
    bytes: usize,
}

impl Held<'_> {
    fn grow_to(&mut self, bytes: usize) -> Result<(), Refusal> {
        let more = bytes.saturating_sub(self.bytes);
        let fits = |taken: usize| taken.checked_add(more).filter(|all| *all <= self.room.most);
        if self.room.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_err() {
            let kind = Kind::Unavailable { retry_after: AGAIN };
            return Err(Failure::new(kind, "unavailable", "Too many long requests are under way.").into());
        }
        self.bytes += more;
        Ok(())
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.room.taken.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::*;

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_whether_or_not_it_says_so() {
        let mut headers = HeaderMap::new();
        assert_eq!(gather(Body::from("12345"), &headers, 5).await.unwrap(), "12345");
        assert!(matches!(gather(Body::from("123456"), &headers, 5).await, Err(Refusal::TooLarge)));
        headers.insert(CONTENT_LENGTH, 6.into());
        assert!(matches!(gather(Body::empty(), &headers, 5).await, Err(Refusal::TooLarge)));
    }

    /// Sends so much and then nothing, for ever.
    fn stalled(bytes: usize) -> Body {
        let piece = stream::iter([Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; bytes]))]);
        Body::from_stream(piece.chain(stream::pending()))
    }

    #[tokio::test]
    async fn long_bodies_share_a_room_and_short_ones_need_none() {
        let room = Room::of(100);
        let limit = 10 * SMALL;
        let mut waiting = Box::pin(collect(stalled(SMALL + 80), limit, &room));
        assert!(tokio::time::timeout(Duration::from_millis(1), &mut waiting).await.is_err());
        let long = vec![b'x'; SMALL + 21];
        let refused = collect(Body::from(long.clone()), limit, &room).await;
        assert!(matches!(refused, Err(Refusal::Failure(Failure { kind: Kind::Unavailable { .. }, .. }))));
        assert!(collect(Body::from(vec![b'x'; SMALL]), limit, &room).await.is_ok());
        drop(waiting);
        assert_eq!(collect(Body::from(long), limit, &room).await.unwrap().len(), SMALL + 21);
        assert_eq!(room.taken.load(Ordering::Relaxed), 0);
    }
}
