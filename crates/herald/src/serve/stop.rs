//! What ends a server.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tracing::info;

use crate::failed::Failed;

/// Requests to stop: the first drains the server, the second ends it at once.
pub struct Stop {
    requests: Receiver<&'static str>,
}

impl Stop {
    /// SIGTERM and SIGINT, caught from now on.
    pub fn on_signals() -> Result<Self, Failed> {
        let (sender, stop) = Self::by_hand();
        for (kind, name) in [(SignalKind::terminate(), "SIGTERM"), (SignalKind::interrupt(), "SIGINT")] {
            let failed = |error| Failed::because(format!("{name} cannot be caught: {error}; start it again"));
            let mut caught = signal(kind).map_err(failed)?;
            let sender = sender.clone();
            tokio::spawn(
                async move { while caught.recv().await.is_some() && sender.send(name).await.is_ok() {} },
            );
        }
        Ok(stop)
    }

    /// Whatever is sent; the text says who asks. For tests and programs that hold a server.
    pub fn by_hand() -> (Sender<&'static str>, Self) {
        let (sender, requests) = channel(2);
        (sender, Self { requests })
    }

    /// What `work` comes to. `None` when a stop is requested before: then the work is left where it is, which is what
    /// a power cut does to it too.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn unless<T>(
        &mut self,
        work: impl Future<Output = Result<T, Failed>>,
    ) -> Result<Option<T>, Failed> {
        tokio::select! {
            biased;
            by = self.requested() => {
                info!(by, "stopped before it was ready");
                Ok(None)
            }
            done = work => done.map(Some),
        }
    }

    /// Waits for the next request. Never comes back when nobody can ask any more.
    pub(super) async fn requested(&mut self) -> &'static str {
        match self.requests.recv().await {
            Some(name) => name,
            None => std::future::pending().await,
        }
    }
}
