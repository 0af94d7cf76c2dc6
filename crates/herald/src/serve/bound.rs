//! A server from its listener to its last answer.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::RustlsAcceptor;
use axum_server::{Handle, Server};
use tokio::net::TcpListener;
use tracing::info;

use super::{Stop, Tls};
use crate::failed::Failed;
use crate::say;

/// How often an idle HTTP/2 connection is asked whether it still lives, and how long it may take to answer.
const PING: Duration = Duration::from_secs(20);

/// How long the server waits for clients.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For a new connection to its first whole request head, and for a TLS handshake.
    pub first: Duration,
    /// For each further head, idle time included (hyper counts both with one timer).
    pub next: Duration,
    /// For what is under way once a stop was asked for.
    pub drain: Duration,
}

/// `next` is longer than the minute for which proxies commonly keep idle connections, so that they close first.
const PATIENCE: Patience = Patience {
    first: Duration::from_secs(10),
    next: Duration::from_secs(75),
    drain: Duration::from_secs(10),
};

/// A listener that clients can already reach; they wait until [`Bound::run`].
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<Tls>,
    pub(super) patience: Patience,
}

impl Bound {
    /// Listens on `address`, of which port 0 becomes a free port.
    pub async fn bind(address: SocketAddr, tls: Option<Tls>) -> Result<Self, Failed> {
        let listener = TcpListener::bind(address).await.map_err(|error| cannot_listen(address, &error))?;
        let address = listener.local_addr().map_err(|error| cannot_listen(address, &error))?;
        Ok(Self { listener, address, tls, patience: PATIENCE })
    }

    /// The URL of the bound address: the default of `public_url`, and what the ready line says.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Says that it is ready, and serves until `stop`; then accepts no more, and returns when all that was under
    /// way is answered or 10 seconds have passed. A second `stop` ends it at once.
    pub async fn run(self, router: Router, stop: Stop) -> Result<(), Failed> {
        say::line(&format!("herald: ready on {}", self.url()))?;
        let handle = Handle::new();
        let drain = tokio::spawn(drain(handle.clone(), stop, self.patience.drain));
        let server = patient(Server::from_listener(self.listener), self.patience).handle(handle);
        let server = server.map(|_| NoDelayAcceptor::new());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let outcome = match self.tls {
            None => server.serve(service).await,
            Some(Tls(config)) => {
                let tls = RustlsAcceptor::new(config).handshake_timeout(self.patience.first);
                server.map(|plain| tls.acceptor(plain)).serve(service).await
            }
        };
        drain.abort();
        outcome.map_err(|error| Failed::because(format!("the server stopped: {error}; start it again")))
    }
}

/// Bounds what a slow or dead client can hold.
fn patient<A>(mut server: Server<SocketAddr, A>, patience: Patience) -> Server<SocketAddr, A> {
    server.http_builder().http1().header_read_timeout(patience.next);
    server.http_builder().http2().keep_alive_interval(PING).keep_alive_timeout(PING);
    server.first_request_timeout(patience.first)
}

/// Drains the server at the first request to stop, and ends it at once at the second.
async fn drain(handle: Handle<SocketAddr>, mut stop: Stop, patience: Duration) {
    let by = stop.requested().await;
    info!(by, connections = handle.connection_count(), "stopping");
    handle.graceful_shutdown(Some(patience));
    stop.requested().await;
    handle.shutdown();
}

/// The failure of an address that cannot be listened on.
fn cannot_listen(address: SocketAddr, error: &io::Error) -> Failed {
    let (why, advice) = match error.kind() {
        ErrorKind::AddrInUse => {
            ("the port is in use".into(), "stop what uses it, or choose another with --listen")
        }
        ErrorKind::AddrNotAvailable => {
            ("this machine has no such address".into(), "name one of its own with --listen")
        }
        ErrorKind::PermissionDenied => (
            "this user may not".into(),
            "choose a port from 1024 on with --listen, or grant CAP_NET_BIND_SERVICE",
        ),
        _ => (error.to_string(), "choose another address with --listen"),
    };
    Failed::because(format!("cannot listen on {address}: {why}; {advice}"))
}
