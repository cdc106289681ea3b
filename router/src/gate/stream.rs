//! Events of a partner, as Server-Sent Events: each is held against what was asked for, as an answer
//! is. A stream ends when the partner ends it, when it breaks a rule or falls silent, which its
//! last event says, and when nobody listens any more.

use std::{convert::Infallible, sync::Arc};

use futures_util::stream::unfold;
use hive_router::{
    http::{HeaderValue, Response, StatusCode, header},
    tracing::warn,
};
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use tokio::time::timeout;

use super::{Body, answer, asked, partner::Place};
use crate::{config::Partners, fault::Fault, graph::Served};

/// What partners may answer a subscription with: events, or JSON that says why there are none.
pub const ACCEPTED: HeaderValue =
    HeaderValue::from_static("text/event-stream, application/json;q=0.9");

/// The type of a stream of events.
const KIND: &str = "text/event-stream";

/// The last event of each stream.
const COMPLETE: &str = "event: complete\ndata: null\n\n";

/// Whether an answer is a stream of events.
pub fn is_one<B>(answer: &Response<B>) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default();
    answer.status() == StatusCode::OK && kind.trim().eq_ignore_ascii_case(KIND)
}

/// A stream that says one thing.
pub fn told(answer: &[u8]) -> Response<Body> {
    let mut events = event(answer);
    events.extend(COMPLETE.bytes());
    respond(Full::from(events).boxed_unsync())
}

fn respond(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(KIND));
    response
}

/// An answer as an event. Between what it consists of there may be ends of lines, as in any JSON.
fn event(answer: &[u8]) -> Vec<u8> {
    let mut event = b"event: next\ndata: ".to_vec();
    let plain = |byte: &u8| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte };
    event.extend(answer.iter().map(plain));
    event.extend(b"\n\n");
    event
}

/// A stream that is passed on.
pub struct Events {
    name: String,
    limits: Partners,
    /// The operation, as Hive Router sent it, and the graph that it is about.
    asked: Bytes,
    served: Arc<Served>,
    incoming: Incoming,
    begun: Begun,
    is_over: bool,
    _place: Place,
}

impl Events {
    /// What comes of the partner `name` for the operation `asked`.
    pub fn new(
        name: &str,
        limits: Partners,
        (asked, served): (Bytes, Arc<Served>),
        incoming: Incoming,
        place: Place,
    ) -> Self {
        let (name, begun) = (name.to_owned(), Begun::default());
        Self { name, limits, asked, served, incoming, begun, is_over: false, _place: place }
    }

    /// Passes it on for as long as somebody listens.
    pub fn respond(self) -> Response<Body> {
        let events = unfold(self, |mut events| async {
            let next = events.next().await?;
            Some((Ok::<_, Infallible>(Frame::data(next)), events))
        });
        respond(StreamBody::new(Box::pin(events)).boxed_unsync())
    }

    async fn next(&mut self) -> Option<Bytes> {
        if self.is_over {
            return None;
        }
        loop {
            while let Some(event) = self.begun.take() {
                match read(&event) {
                    Said::Next(data) => return Some(self.pass_on(&data)),
                    Said::Complete => {
                        self.is_over = true;
                        return Some(COMPLETE.into());
                    }
                    Said::Nothing => {}
                }
            }
            if self.begun.bytes.len() > self.limits.answer_bytes {
                return Some(self.end("sent an event longer than is allowed"));
            }
            match timeout(self.limits.silence, self.incoming.frame()).await {
                Ok(Some(Ok(frame))) => {
                    self.begun.bytes.extend(frame.into_data().unwrap_or_default());
                }
                Ok(_) => return Some(self.end("broke off")),
                Err(_) => return Some(self.end("fell silent")),
            }
        }
    }

    fn pass_on(&mut self, data: &[u8]) -> Bytes {
        let pruned = serde_json::from_slice(&self.asked).ok().and_then(|sent| {
            let asked = asked::read(&sent, &self.served.load())?;
            answer::pruned(&self.name, &asked.fields, data)
        });
        match pruned {
            Some(pruned) => event(&pruned).into(),
            None => self.end("sent an event that cannot be read"),
        }
    }

    /// The last of it.
    fn end(&mut self, why: &str) -> Bytes {
        warn!(partner = self.name, why, "a subscription ends");
        self.is_over = true;
        let fault = Fault::unavailable(format!("{} {why}", self.name));
        let sent = serde_json::from_slice(&self.asked).ok();
        let asked = sent.as_ref().and_then(|sent| asked::read(sent, &self.served.load()));
        let fields = asked.map(|asked| asked.fields).unwrap_or_default();
        let mut last = event(&answer::without(&fields, &fault));
        last.extend(COMPLETE.bytes());
        last.into()
    }
}

/// What an event says.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Next(Vec<u8>),
    Complete,
    Nothing,
}

/// What came and is no whole event yet.
#[derive(Default)]
struct Begun {
    bytes: Vec<u8>,
    /// How much of it has no end of an event, so that bytes which come one by one are not looked
    /// at again and again.
    looked_at: usize,
}

impl Begun {
    /// Takes the first whole event, where there is one.
    fn take(&mut self) -> Option<Vec<u8>> {
        let from = self.looked_at.saturating_sub(3);
        self.looked_at = self.bytes.len();
        let ends = [&b"\n\n"[..], b"\r\n\r\n", b"\r\r"];
        let ends = ends.iter().filter_map(|end| {
            let at = self.bytes[from..].windows(end.len()).position(|bytes| bytes == *end)?;
            Some(from + at + end.len())
        });
        let end = ends.min()?;
        self.looked_at = 0;
        Some(self.bytes.drain(..end).collect())
    }
}

fn read(event: &[u8]) -> Said {
    let (mut name, mut data) = (&b""[..], Vec::new());
    for line in event.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"event" => name = value,
            b"data" => {
                data.extend(value);
                data.push(b'\n');
            }
            _ => {}
        }
    }
    match name {
        b"next" => Said::Next(data),
        b"complete" => Said::Complete,
        _ => Said::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_taken_whole_whatever_ends_their_lines() {
        let text = b"a: 1\n\nb: 2\r\n\r\nc: 3\r\rd: 4\n";
        for bytes in [1, 2, 3, text.len()] {
            let mut begun = Begun::default();
            let mut taken = Vec::new();
            for came in text.chunks(bytes) {
                begun.bytes.extend(came);
                taken.extend(std::iter::from_fn(|| begun.take()));
            }

            assert_eq!(taken, [&b"a: 1\n\n"[..], b"b: 2\r\n\r\n", b"c: 3\r\r"]);
            assert_eq!(begun.bytes, b"d: 4\n");
        }
    }

    #[test]
    fn what_an_event_says_is_read() {
        for (event, said) in [
            ("event: next\ndata: {\"a\":\ndata:1}\n\n", Said::Next(b"{\"a\":\n1}\n".to_vec())),
            ("event:next\r\ndata:{}\r\n\r\n", Said::Next(b"{}\n".to_vec())),
            ("id: 1\nevent: complete\ndata\n\n", Said::Complete),
            (": there\n\n", Said::Nothing),
            ("event: other\ndata: {}\n\n", Said::Nothing),
            ("data: {}\n\n", Said::Nothing),
        ] {
            assert_eq!(read(event.as_bytes()), said, "{event}");
        }
    }

    #[test]
    fn an_event_has_one_line_of_data() {
        assert_eq!(event(b"{\n\r\n\"a\":1}"), b"event: next\ndata: {   \"a\":1}\n\n");
    }
}
