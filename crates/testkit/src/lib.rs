//! For tests only: a whole Herald in a test, with its own store, clock and chance.
//!
//! [`Installation`] is the use cases on a store; `Server` (feature `http`) is one with its router, called in the
//! process, without sockets. People are values: `let mira = server.mira().await`. Nothing here reads the machine's clock or chance,
//! so that a test sees the same at every run.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "dev only: what a test stands on has to be there, else the test has failed"
)]

mod chance;
mod clock;
pub mod demo;
mod engine;
mod installation;
pub mod mail;
mod place;
#[cfg(feature = "http")]
mod request;
#[cfg(feature = "http")]
mod server;
mod setup;
mod template;

use std::task::Poll;

pub use chance::SeededRng;
pub use clock::{FakeClock, START, days, hours, minutes, seconds};
pub use engine::{Engine, hex};
pub use installation::{Installation, Signed, command, origin};
pub use place::{Held, Place, RawRow};
#[cfg(feature = "http")]
pub use request::{Answer, Request};
#[cfg(feature = "http")]
pub use server::{Actor, Server};
pub use setup::{PUBLIC_URL, Setup, World};

/// All at once: each future is polled before any is waited for.
pub async fn join_all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut outputs: Vec<Option<F::Output>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        for (future, output) in pending.iter_mut().zip(&mut outputs) {
            if output.is_none()
                && let Poll::Ready(value) = future.as_mut().poll(cx)
            {
                *output = Some(value);
            }
        }
        if outputs.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outputs.into_iter().flatten().collect()
}
