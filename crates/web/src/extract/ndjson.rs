//! Streams of JSON objects, one a line: any number of them, held one by one. A line at fault is named by its number,
//! and the rest is kept.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::time::Duration;

use app::Failure;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use domain::lines::{Lines, TooLong};
use http_body_util::BodyExt;
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::time::timeout;
use utoipa::ToSchema;

use super::body::is_media;
use super::json::parse;
use crate::refusal::{Beside, BodyFault, Refusal};
use crate::state::State;

/// Bytes of one line at most.
const LINE: usize = 64 * 1024;
/// Faults that are named at most; the rest is counted.
const NAMED: usize = 100;

/// The media types of it that are in use, and JSON itself: one object is one line.
const MEDIA: [&str; 4] =
    ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/json"];

/// A body that is not read yet.
pub struct Ndjson<D> {
    body: Body,
    /// How long it may stand still.
    deadline: Duration,
    marker: PhantomData<fn() -> D>,
}

impl<D> FromRequest<State> for Ndjson<D> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &State) -> Result<Self, Refusal> {
        if !MEDIA.iter().any(|media| is_media(request.headers(), media)) {
            return Err(Refusal::MediaType);
        }
        Ok(Self { body: request.into_body(), deadline: state.config.deadline, marker: PhantomData })
    }
}

/// What is wrong with a line, for who sent it; never repeats what stands in it.
pub type LineFault = Cow<'static, str>;

/// What takes the lines.
pub trait Sink: Send {
    /// Takes one line.
    ///
    /// # Errors
    /// What is wrong with it.
    fn take(&mut self, line: &Map<String, Value>) -> Result<(), LineFault>;

    /// Whether it is time to write.
    fn is_due(&self) -> bool;

    /// Writes what was taken.
    fn flush(&mut self) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// What became of a stream's lines.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Streamed {
    /// That were kept.
    pub kept: u64,
    /// That were at fault.
    pub refused: u64,
    /// The first hundred of them.
    pub faults: Vec<Faulty>,
}

/// A line at fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct Faulty {
    /// From 1 on; empty lines count.
    pub line: u64,
    #[schema(value_type = String)]
    pub detail: LineFault,
}

/// A stream that did not come to its end, and how many of its lines were kept; also whatever refused it before.
pub struct Stopped {
    refusal: Refusal,
    kept: Option<u64>,
}

/// How many lines were kept of a stream that was refused on its way.
pub const KEPT: HeaderName = HeaderName::from_static("x-herald-kept");

impl<R: Into<Refusal>> From<R> for Stopped {
    fn from(refusal: R) -> Self {
        Self { refusal: refusal.into(), kept: None }
    }
}

impl IntoResponse for Stopped {
    fn into_response(self) -> Response {
        let mut response = self.refusal.into_response();
        if let Some(kept) = self.kept {
            let headers = HeaderMap::from_iter([(KEPT, HeaderValue::from(kept))]);
            response.extensions_mut().insert(Beside(headers));
        }
        response
    }
}

impl<D> Ndjson<D> {
    /// Gives every line to `sink`.
    ///
    /// # Errors
    /// Where the sink cannot write, the body ends before it should, or nothing of it comes within the deadline. What
    /// came before that is written, as far as the sink can, and stays.
    pub async fn into_sink(self, sink: &mut impl Sink) -> Result<Streamed, Stopped> {
        let mut written = 0;
        let read = self.read(sink, &mut written).await;
        read.map_err(|refusal| Stopped { refusal, kept: Some(written) })
    }

    async fn read(self, sink: &mut impl Sink, written: &mut u64) -> Result<Streamed, Refusal> {
        let (mut body, mut lines, mut told) = (self.body, Lines::of_at_most(LINE), Streamed::default());
        let ended = loop {
            let data = match timeout(self.deadline, body.frame()).await {
                Ok(None) => break Ok(()),
                Ok(Some(Err(_))) => break Err(Refusal::Body(BodyFault::Malformed)),
                Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
                Err(_) => break Err(Refusal::Deadline),
            };
            let mut chunk: &[u8] = &data;
            while let Some((number, line)) = lines.next(&mut chunk) {
                told.take(number, &line, sink);
                if sink.is_due() {
                    sink.flush().await?;
                    *written = told.kept;
                }
            }
        };
        if ended.is_ok()
            && let Some((number, line)) = lines.finish()
        {
            told.take(number, &line, sink);
        }
        sink.flush().await?;
        *written = told.kept;
        ended.map(|()| told)
    }
}

impl Streamed {
    fn take(&mut self, number: u64, line: &Result<Cow<'_, [u8]>, TooLong>, sink: &mut impl Sink) {
        let taken = match line {
            Ok(line) if line.trim_ascii().is_empty() => return,
            Ok(line) => read(line).and_then(|line| sink.take(&line)),
            Err(TooLong) => Err(Cow::Owned(format!("has more than {LINE} bytes"))),
        };
        match taken {
            Ok(()) => self.kept += 1,
            Err(detail) => {
                self.refused += 1;
                if self.faults.len() < NAMED {
                    self.faults.push(Faulty { line: number, detail });
                }
            }
        }
    }
}

fn read(line: &[u8]) -> Result<Map<String, Value>, LineFault> {
    let fault = match parse(line) {
        Ok(Value::Object(map)) => return Ok(map),
        Ok(_) => "is no JSON object",
        Err(BodyFault::Repeated) => "has a key twice",
        Err(BodyFault::TooDeep) => "is nested deeper than 64",
        Err(BodyFault::Nul) => "holds the character U+0000",
        Err(BodyFault::Malformed | BodyFault::NotAnObject) => "is no JSON",
    };
    Err(fault.into())
}
