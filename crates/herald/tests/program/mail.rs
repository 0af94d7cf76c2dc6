//! Mail over STARTTLS (RFC 3207), to a server whose certificate is made here; and to those that should not be trusted.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rcgen::{CertificateParams, CertifiedKey, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;

use super::demo::MIRA;
use super::http::{ask, session};
use super::program::{Home, Ran, Server, within};

const WORD: &str = "pike-under-the-weir";
const TRUSTED: &str = "trusted.pem";

/// What clients said, each line behind `bare ` or `tls `; the thread ends with the process.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<String>>>);

impl Said {
    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// Verbs, by the name of the layer, without what follows.
    fn verbs(&self) -> Vec<String> {
        let verb = |line: &String| line.split([':', ' ']).take(2).collect::<Vec<_>>().join(" ");
        self.all().iter().map(verb).collect()
    }
}

/// A certificate for these names, by nobody but itself.
fn certificate(names: &[&str]) -> CertifiedKey<KeyPair> {
    let signing_key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let cert = CertificateParams::new(names).unwrap().self_signed(&signing_key).unwrap();
    CertifiedKey { cert, signing_key }
}

fn tls_of(key: &CertifiedKey<KeyPair>) -> Arc<ServerConfig> {
    let secret = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![key.cert.der().clone()], secret).unwrap();
    Arc::new(config)
}

/// A mail server on a free port; offers STARTTLS where there is a configuration for it.
fn sink(tls: Option<Arc<ServerConfig>>) -> (u16, Said) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, said) = (listener.local_addr().unwrap().port(), Said::default());
    let kept = said.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, tls, said) = (stream.unwrap(), tls.clone(), kept.clone());
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            // A client that hangs up in the middle is what some of these tests want.
            thread::spawn(move || drop(bare(stream, tls, &said)));
        }
    });
    (port, said)
}

fn bare(mut stream: TcpStream, tls: Option<Arc<ServerConfig>>, said: &Said) -> std::io::Result<()> {
    stream.write_all(b"220 sink.example ESMTP\r\n")?;
    let offer = if tls.is_some() { "250-sink.example\r\n250 STARTTLS\r\n" } else { "250 sink.example\r\n" };
    let starts = converse(&mut stream, ("bare", offer), said)?;
    let Some(tls) = tls.filter(|_| starts) else { return Ok(()) };
    let connection = ServerConnection::new(tls).map_err(std::io::Error::other)?;
    converse(
        &mut StreamOwned::new(connection, stream),
        ("tls", "250-sink.example\r\n250 AUTH PLAIN\r\n"),
        said,
    )
    .map(drop)
}

/// Until the client leaves; `true` where it wants TLS first.
fn converse(
    stream: &mut (impl Read + Write),
    (layer, offer): (&str, &str),
    said: &Said,
) -> std::io::Result<bool> {
    let mut stream = BufReader::new(stream);
    let mut in_letter = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(false);
        }
        let line = line.trim_end();
        if in_letter && line != "." {
            continue;
        }
        said.0.lock().unwrap().push(format!("{layer} {line}"));
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => offer,
            "STARTTLS" => "220 go on\r\n",
            "AUTH" => "235 2.7.0 welcome\r\n",
            "DATA" => "354 go on\r\n",
            "QUIT" => "221 bye\r\n",
            _ => "250 OK\r\n",
        };
        in_letter = line == "DATA";
        stream.get_mut().write_all(answer.as_bytes())?;
        stream.get_mut().flush()?;
        match line {
            "STARTTLS" => return Ok(true),
            "QUIT" => return Ok(false),
            _ => {}
        }
    }
}

/// The demo, which hands its letters to a server on that port, and trusts one certificate.
fn demo(home: &Home, port: u16, trusted: &CertifiedKey<KeyPair>) -> Server {
    home.write(TRUSTED, &trusted.cert.pem());
    home.write(
        "herald.toml",
        &format!(
            "[smtp]\nurl = \"smtp://herald:{WORD}@127.0.0.1:{port}?tls=required\"\nfrom = \"herald@northwind.example\"\n"
        ),
    );
    home.start_with(&["demo"], &[("SSL_CERT_FILE", TRUSTED)])
}

fn invite(server: &Server) {
    let mira = session(server, MIRA.0, MIRA.1);
    let headers = [("authorization", &*format!("Bearer {mira}")), ("content-type", "application/json")];
    let body = json!({ "email": "neu.kraft@northwind.example", "roles": ["guest"] }).to_string();
    let answer = ask(server, "POST /v1/tenants/northwind/invitations", &headers, &body);
    assert_eq!((answer.status, &answer.body["delivery"]), (201, &json!("mail")), "{}", answer.body);
}

fn check(home: &Home) -> Ran {
    home.run_with(&["check", "--data", "herald-demo"], "", &[("SSL_CERT_FILE", TRUSTED)])
}

#[test]
fn a_letter_goes_out_over_starttls_and_the_password_too() {
    let home = Home::new();
    let key = certificate(&["127.0.0.1"]);
    let (port, said) = sink(Some(tls_of(&key)));
    let server = demo(&home, port, &key);
    invite(&server);
    assert!(
        within(Duration::from_secs(10), || said.verbs().contains(&"tls .".to_owned()).then_some(()))
            .is_some()
    );
    let log = server.stop();
    let expected =
        ["bare EHLO", "bare STARTTLS", "tls EHLO", "tls AUTH", "tls MAIL", "tls RCPT", "tls DATA", "tls ."];
    assert_eq!(said.verbs()[..expected.len()], expected, "{log}");
    assert!(log.contains("a letter was handed to the mail server") && !log.contains(WORD), "{log}");
    let checked = check(&home);
    assert!(!checked.err.contains("mail") && !checked.out.contains("mail"), "{checked:?}");
}

/// Nothing is said to it but what has to be; the letter waits, is tried a last time at the end, and the log says why.
fn is_refused(
    tls: Option<Arc<ServerConfig>>,
    trusted: &CertifiedKey<KeyPair>,
    (verbs, why): (&[&str], &str),
) {
    let home = Home::new();
    let (port, said) = sink(tls);
    let server = demo(&home, port, trusted);
    invite(&server);
    assert!(within(Duration::from_secs(10), || (!said.all().is_empty()).then_some(())).is_some());
    let log = server.stop();
    assert!(said.verbs().iter().all(|verb| verbs.contains(&&**verb)), "{:?}", said.all());
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("a letter was not sent")).collect();
    assert!(lines.iter().all(|line| line.contains(why)), "{log}");
    assert!(lines[0].contains("tried again") && lines.len() == 2 && lines[1].contains("given up"), "{log}");
    let checked = check(&home);
    assert!(checked.err.contains(why) || checked.out.contains(why), "{checked:?}");
    for text in [&log, &checked.err, &checked.out] {
        assert!(!text.contains(WORD) && !text.contains("token="), "{text}");
    }
}

#[test]
fn one_that_offers_no_starttls_hears_nothing() {
    is_refused(None, &certificate(&["127.0.0.1"]), (&["bare EHLO", "bare QUIT"], "STARTTLS"));
}

#[test]
fn one_whose_certificate_nobody_vouches_for_hears_nothing() {
    let theirs = certificate(&["127.0.0.1"]);
    let ours = certificate(&["127.0.0.1"]);
    is_refused(Some(tls_of(&theirs)), &ours, (&["bare EHLO", "bare STARTTLS"], "certificate"));
}

#[test]
fn one_whose_certificate_is_of_another_hears_nothing() {
    let key = certificate(&["mail.elsewhere.example"]);
    is_refused(Some(tls_of(&key)), &key, (&["bare EHLO", "bare STARTTLS"], "certificate"));
}
