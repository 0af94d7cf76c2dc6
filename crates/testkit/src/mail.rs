//! A mail server on the loopback, which keeps what it is given (RFC 5321). It speaks the real protocol, so that
//! what a test sees went through the real client.

mod read;

pub use read::token;

use std::collections::VecDeque;
use std::time::Duration;

use app::mail::MailConfig;
use secrecy::SecretString;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// No test waits longer for a letter.
const PATIENCE: Duration = Duration::from_secs(10);

/// Ends with its value.
pub struct MailServer {
    port: u16,
    state: watch::Sender<State>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    letters: Vec<Received>,
    /// What DATA is answered instead of 250, one letter each.
    refusals: VecDeque<String>,
    /// Every line that a client said, letters apart.
    said: Vec<String>,
}

/// A letter as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Of the envelope.
    pub from: String,
    /// Of the envelope.
    pub to: Vec<String>,
    /// Headers and body, dots unstuffed.
    pub source: String,
}

impl MailServer {
    /// Listens on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = watch::Sender::new(State::default());
        let kept = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, kept.clone()));
            }
        });
        Self { port, state, task }
    }

    /// How Herald reaches it; a letter that was refused is tried again at once.
    pub fn config(&self) -> MailConfig {
        self.config_at("")
    }

    /// The same with more behind the URL: `?tls=required`.
    pub fn config_at(&self, query: &str) -> MailConfig {
        let url = SecretString::from(format!("smtp://127.0.0.1:{}{query}", self.port));
        let mut config = MailConfig::parse(&url, "Herald <herald@example.org>").expect("a mail server");
        config.pauses = vec![Duration::from_millis(5); 2];
        config.patience = Duration::from_secs(5);
        config
    }

    /// Answers the next letters so: `451 4.3.0 try later`.
    pub fn refuse(&self, answers: &[&str]) {
        self.state.send_modify(|state| state.refusals.extend(answers.iter().map(|a| (*a).to_owned())));
    }

    /// The letters so far.
    pub fn letters(&self) -> Vec<Received> {
        self.state.borrow().letters.clone()
    }

    /// Every command so far.
    pub fn said(&self) -> Vec<String> {
        self.state.borrow().said.clone()
    }

    /// Waits until there are `count` letters; the last of them.
    ///
    /// # Panics
    /// When they do not come.
    pub async fn wait(&self, count: usize) -> Received {
        let mut seen = self.state.subscribe();
        let enough = seen.wait_for(|state| state.letters.len() >= count);
        let state = tokio::time::timeout(PATIENCE, enough).await;
        let state =
            state.unwrap_or_else(|_| panic!("letter {count} did not come")).expect("the server stands");
        state.letters.get(count - 1).cloned().expect("it came")
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Talk {
    lines: Lines<BufReader<OwnedReadHalf>>,
    out: OwnedWriteHalf,
    state: watch::Sender<State>,
}

async fn talk(stream: TcpStream, state: watch::Sender<State>) {
    let (read, out) = stream.into_split();
    let mut talk = Talk { lines: BufReader::new(read).lines(), out, state };
    // A client that hangs up in the middle is no failure of the server.
    let _ = talk.run().await;
}

impl Talk {
    async fn run(&mut self) -> std::io::Result<()> {
        self.say("220 sink.example ESMTP").await?;
        let (mut from, mut to) = (String::new(), Vec::new());
        while let Some(line) = self.lines.next_line().await? {
            self.state.send_modify(|state| state.said.push(line.clone()));
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.say("250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8").await?,
                "HELO" | "RSET" | "NOOP" => self.say("250 OK").await?,
                "MAIL" => {
                    from = address(&line);
                    to.clear();
                    self.say("250 OK").await?;
                }
                "RCPT" => {
                    to.push(address(&line));
                    self.say("250 OK").await?;
                }
                "DATA" if to.is_empty() => self.say("503 RCPT first").await?,
                "DATA" => self.data(&from, &to).await?,
                "QUIT" => return self.say("221 bye").await,
                _ => self.say("502 not here").await?,
            }
        }
        Ok(())
    }

    async fn data(&mut self, from: &str, to: &[String]) -> std::io::Result<()> {
        self.say("354 go on").await?;
        let mut source = String::new();
        while let Some(line) = self.lines.next_line().await? {
            if line == "." {
                break;
            }
            // RFC 5321 §4.5.2.
            source.push_str(line.strip_prefix('.').unwrap_or(&line));
            source.push_str("\r\n");
        }
        let mut refusal = None;
        self.state.send_modify(|state| {
            refusal = state.refusals.pop_front();
            if refusal.is_none() {
                state.letters.push(Received { from: from.to_owned(), to: to.to_vec(), source });
            }
        });
        self.say(refusal.as_deref().unwrap_or("250 kept")).await
    }

    async fn say(&mut self, answer: &str) -> std::io::Result<()> {
        self.out.write_all(format!("{answer}\r\n").as_bytes()).await
    }
}

/// What stands between `<` and `>`.
fn address(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
