//! A server on loopback, and clients that are polite, slow or stubborn.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use tokio::sync::mpsc::Sender;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{sleep, timeout};

use super::*;
use crate::failed::Failed;

const BOUND: Duration = Duration::from_secs(8);

/// `/` says who calls, `/slow` takes 300 ms, `/stuck` never answers.
fn router() -> Router {
    let who = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() };
    let slow = || async {
        sleep(Duration::from_millis(300)).await;
        "done"
    };
    Router::new()
        .route("/", get(who))
        .route("/slow", get(slow))
        .route("/stuck", get(std::future::pending::<()>))
}

struct Running {
    address: SocketAddr,
    stop: Sender<&'static str>,
    task: JoinHandle<Result<(), Failed>>,
}

async fn start(tls: Option<Tls>) -> Running {
    let mut bound = Bound::bind(([127, 0, 0, 1], 0).into(), tls).await.unwrap();
    bound.patience.first = Duration::from_millis(400);
    bound.patience.next = Duration::from_millis(800);
    bound.patience.drain = Duration::from_millis(900);
    let address = bound.url().rsplit('/').next().unwrap().parse().unwrap();
    let (stop, stopped) = Stop::by_hand();
    Running { address, stop, task: tokio::spawn(bound.run(router(), stopped)) }
}

impl Running {
    async fn ended(self) {
        timeout(BOUND, self.task).await.unwrap().unwrap().unwrap();
        assert!(TcpStream::connect(self.address).is_err(), "still listening");
    }

    /// Sends bytes and reads until the server closes.
    fn send(&self, bytes: &'static str) -> JoinHandle<String> {
        let address = self.address;
        spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(BOUND)).unwrap();
            stream.write_all(bytes.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        })
    }
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let first = Bound::bind(([127, 0, 0, 1], 0).into(), None).await.unwrap();
    let address: SocketAddr = first.url().trim_start_matches("http://").parse().unwrap();
    let said = Bound::bind(address, None).await.err().unwrap().to_string();
    assert_eq!(
        said,
        format!(
            "herald: cannot listen on {address}: the port is in use; \
             stop what uses it, or choose another with --listen"
        )
    );
}

#[tokio::test]
async fn it_answers_knows_its_peer_and_stops() {
    let server = start(None).await;
    let answer = server.send("GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("127.0.0.1"), "{answer}");
    server.stop.send("test").await.unwrap();
    server.ended().await;
}

#[tokio::test]
async fn what_is_under_way_is_finished() {
    let server = start(None).await;
    let answer = server.send("GET /slow HTTP/1.1\r\nhost: h\r\n\r\n");
    sleep(Duration::from_millis(100)).await;
    server.stop.send("test").await.unwrap();
    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("done"), "{answer}");
    server.ended().await;
}

#[tokio::test]
async fn what_never_ends_is_cut() {
    let server = start(None).await;
    let answer = server.send("GET /stuck HTTP/1.1\r\nhost: h\r\n\r\n");
    sleep(Duration::from_millis(100)).await;
    server.stop.send("test").await.unwrap();
    server.ended().await;
    assert_eq!(answer.await.unwrap(), "");
}

#[tokio::test]
async fn a_second_request_to_stop_ends_at_once() {
    let server = start(None).await;
    let _answer = server.send("GET /stuck HTTP/1.1\r\nhost: h\r\n\r\n");
    sleep(Duration::from_millis(100)).await;
    server.stop.send("test").await.unwrap();
    server.stop.send("test").await.unwrap();
    timeout(Duration::from_millis(600), server.task)
        .await
        .expect("ends before the drain does")
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn slow_clients_hold_nothing() {
    let server = start(None).await;
    let silent = server.send("");
    let half = server.send("GET / HTTP/1.1\r\nhos");
    let idle = server.send("GET / HTTP/1.1\r\nhost: h\r\n\r\n");
    let later = server.send("GET / HTTP/1.1\r\nhost: h\r\n\r\nGET / HTTP/1.1\r\nhos");
    assert_eq!(timeout(BOUND, silent).await.unwrap().unwrap(), "");
    timeout(BOUND, half).await.unwrap().unwrap();
    assert!(timeout(BOUND, idle).await.unwrap().unwrap().starts_with("HTTP/1.1 200"));
    assert!(timeout(BOUND, later).await.unwrap().unwrap().starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn https_is_spoken_with_a_certificate() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let server = start(Some(Tls::read(&cert, &key).await.unwrap())).await;
    let (address, der) = (server.address, made.cert.der().clone());
    let answer = spawn_blocking(move || ask_over_tls(address, der)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("127.0.0.1"), "{answer}");
    let silent = server.send("");
    assert_eq!(timeout(BOUND, silent).await.unwrap().unwrap(), "", "a handshake that never comes ends");
    server.stop.send("test").await.unwrap();
    server.ended().await;
}

fn ask_over_tls(address: SocketAddr, der: CertificateDer<'static>) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(der).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = rustls::StreamOwned::new(client, TcpStream::connect(address).unwrap());
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn a_wrong_certificate_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let said = Tls::read(&cert, &key).await.err().unwrap().to_string();
    assert!(said.contains("cert.pem cannot be read") && said.contains("`tls.cert`"), "{said}");
    std::fs::write(&cert, "not a certificate").unwrap();
    std::fs::write(&key, "not a key").unwrap();
    let said = Tls::read(&cert, &key).await.err().unwrap().to_string();
    assert!(said.contains("cannot serve HTTPS"), "{said}");
}
