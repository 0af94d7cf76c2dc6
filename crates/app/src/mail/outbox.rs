//! The queue before the mail server: bounded, never in the way of a request, patient with a server that is away.
//!
//! It lives in this process alone. What waits here when the process is killed is not sent: whoever asked can ask again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::{Clock, Rng};
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::{AsyncTransport, Message};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::config::{Fault, MailConfig, Transport};
use super::letter::Letter;

/// Letters under way at most: those that wait, those being sent, those to be tried again. So many of what callers send,
/// and so many again of what anybody may ask for: who asks for resets does not keep invitations from being sent.
const PLACES: u32 = 500;
/// Conversations with the mail server at once.
const CONVERSATIONS: usize = 4;

/// Hands letters to the mail server.
pub struct Outbox {
    places: Arc<Semaphore>,
    /// Of what anybody may ask for.
    asked: Arc<Semaphore>,
    stop: watch::Sender<bool>,
    /// `None`: no mail server is configured.
    desk: Option<Arc<Desk>>,
}

/// What became of letters since this process began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Post {
    /// Waiting, or being sent.
    pub under_way: usize,
    /// Taken by the mail server.
    pub sent: u64,
    /// Refused for good, or tried often enough.
    pub given_up: u64,
}

/// No place is free: the mail server is away, or much too slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// A place in the queue, taken before the work that ends in a letter.
pub struct Slot {
    desk: Arc<Desk>,
    stopped: watch::Receiver<bool>,
    place: OwnedSemaphorePermit,
}

struct Desk {
    transport: Transport,
    from: Mailbox,
    pauses: Vec<Duration>,
    talks: Semaphore,
    sent: AtomicU64,
    given_up: AtomicU64,
    ambient: (Arc<dyn Clock>, Arc<dyn Rng>),
}

impl Outbox {
    /// # Errors
    /// Where no transport can be made of the configuration.
    pub(crate) fn open(
        config: Option<&MailConfig>,
        clock: &Arc<dyn Clock>,
        rng: &Arc<dyn Rng>,
    ) -> Result<Self, Fault> {
        let desk = match config {
            None => None,
            Some(config) => Some(Arc::new(Desk {
                transport: config.transport()?,
                from: config.from().clone(),
                pauses: config.pauses.clone(),
                talks: Semaphore::new(CONVERSATIONS),
                sent: AtomicU64::new(0),
                given_up: AtomicU64::new(0),
                ambient: (Arc::clone(clock), Arc::clone(rng)),
            })),
        };
        let share = || Arc::new(Semaphore::new(PLACES as usize));
        Ok(Self { places: share(), asked: share(), stop: watch::Sender::new(false), desk })
    }

    /// Whether there is a mail server at all.
    pub fn delivers(&self) -> bool {
        self.desk.is_some()
    }

    /// A place for what a caller sends; `None` where no mail server is configured.
    ///
    /// # Errors
    /// Where the queue is full.
    pub fn take_place(&self) -> Result<Option<Slot>, Full> {
        self.place_of(&self.places)
    }

    /// A place for what anybody may ask for; as [`Self::take_place`].
    ///
    /// # Errors
    /// Where that share of the queue is full.
    pub fn take_asked_place(&self) -> Result<Option<Slot>, Full> {
        self.place_of(&self.asked)
    }

    fn place_of(&self, share: &Arc<Semaphore>) -> Result<Option<Slot>, Full> {
        let Some(desk) = &self.desk else { return Ok(None) };
        let place = Arc::clone(share).try_acquire_owned().map_err(|_| Full)?;
        Ok(Some(Slot { desk: Arc::clone(desk), stopped: self.stop.subscribe(), place }))
    }

    /// Does work of which a letter may come, beside the request of anybody; counts as one under way.
    ///
    /// # Errors
    /// Where as much is under way as may be.
    pub(crate) fn beside(&self, work: impl Future<Output = ()> + Send + 'static) -> Result<(), Full> {
        let place = Arc::clone(&self.asked).try_acquire_owned().map_err(|_| Full)?;
        tokio::spawn(async move {
            work.await;
            drop(place);
        });
        Ok(())
    }

    /// Letters under way.
    pub fn depth(&self) -> usize {
        2 * PLACES as usize - self.places.available_permits() - self.asked.available_permits()
    }

    /// For who watches.
    pub fn post(&self) -> Post {
        let count = |of: fn(&Desk) -> &AtomicU64| {
            self.desk.as_deref().map_or(0, |desk| of(desk).load(Ordering::Relaxed))
        };
        Post { under_way: self.depth(), sent: count(|d| &d.sent), given_up: count(|d| &d.given_up) }
    }

    /// Waits until nothing is under way, `patience` at most; what waits for another try is tried at once, a last time.
    pub async fn end(&self, patience: Duration) {
        self.stop.send_replace(true);
        let all = async { (self.places.acquire_many(PLACES).await, self.asked.acquire_many(PLACES).await) };
        if tokio::time::timeout(patience, all).await.is_err() {
            tracing::warn!(letters = self.depth(), "stopped before all mail was sent");
        }
    }
}

impl Slot {
    /// Sends it from here on by itself.
    pub fn send(self, letter: Letter) {
        tokio::spawn(async move { self.work_off(letter).await });
    }

    async fn work_off(mut self, letter: Letter) {
        let (clock, rng) = &self.desk.ambient;
        let id = domain::ids::new_v7(&**clock, &**rng);
        let Ok(message) = letter.message(&self.desk.from, id, clock.now()) else {
            self.desk.given_up.fetch_add(1, Ordering::Relaxed);
            return tracing::warn!(mail = %id, "a letter has an address that takes no mail");
        };
        let pauses = self.desk.pauses.clone();
        for pause in pauses.into_iter().map(Some).chain([None]) {
            let Err(error) = self.desk.talk(message.clone()).await else {
                self.desk.sent.fetch_add(1, Ordering::Relaxed);
                return tracing::info!(mail = %id, "a letter was handed to the mail server");
            };
            let error_said = said(&error, Some(&letter.link));
            let last = *self.stopped.borrow();
            match pause.filter(|_| !error.is_permanent() && !last) {
                None => {
                    self.desk.given_up.fetch_add(1, Ordering::Relaxed);
                    return tracing::error!(mail = %id, error = error_said, "a letter was not sent; given up");
                }
                Some(pause) => {
                    tracing::warn!(mail = %id, error = error_said, ?pause, "a letter was not sent; tried again");
                    let _ = tokio::time::timeout(pause, self.stopped.wait_for(|stop| *stop)).await;
                }
            }
        }
        drop(self.place);
    }
}

impl Desk {
    async fn talk(&self, message: Message) -> Result<(), Error> {
        // Never closed.
        let _turn = self.talks.acquire().await;
        self.transport.send(message).await.map(drop)
    }
}

/// What went wrong, in one line for the log; only its number where the server repeats what is secret.
pub(super) fn said(error: &Error, link: Option<&SecretString>) -> String {
    const MOST: usize = 300;
    let text = error.to_string();
    let secret = link.and_then(|link| link.expose_secret().rsplit_once('='));
    let told = secret.is_some_and(|(_, token)| token.get(..8).is_some_and(|head| text.contains(head)));
    if told || text.contains("token=") {
        return error.status().map_or_else(|| "refused".to_owned(), |code| format!("refused ({code})"));
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).collect()
}
