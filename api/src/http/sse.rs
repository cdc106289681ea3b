//! Server-Sent Events in the `graphql-sse` protocol, distinct connections: one operation of any
//! kind for each response, which is a stream of `next` events and a `complete`.

use std::{convert::Infallible, time::Duration};

use async_graphql::Request;
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::AbortHandle};

use super::asking::{Answer, Asking};

/// How often a silent stream says that it is there.
const BEAT: Duration = Duration::from_secs(10);

/// How many answers wait to be sent.
const WAITING: usize = 4;

/// Whether a client wants a stream of events.
pub fn is_accepted(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut ranges = accepted.flat_map(|accepted| accepted.split(','));
    ranges.any(|range| {
        let essence = range.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("text/event-stream")
    })
}

/// Answers an operation with a stream. It stops when the client goes, and when the server does.
pub fn stream(asking: Asking, request: Request) -> Response {
    let (hand_over, mut answers) = mpsc::channel(WAITING);
    let operation = tokio::spawn(async move {
        let answering = asking.run(request, |answer| {
            let hand_over = &hand_over;
            async move { hand_over.send(answer).await.is_ok() }
        });
        tokio::select! {
            () = answering => {}
            () = asking.door.graph.stopped() => {}
        }
    });
    let operation = Running(operation.abort_handle());
    let answers = stream::poll_fn(move |cx| {
        let _ = &operation;
        answers.poll_recv(cx)
    });
    respond(answers.flat_map(|answer| stream::iter(events(answer))))
}

/// Answers with a stream that says one thing.
pub fn told(answer: Answer) -> Response {
    respond(stream::iter(events(answer)))
}

fn respond(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let events = events.map(Ok::<_, Infallible>);
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(BEAT)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // A proxy that collects an answer before it passes it on would collect for ever.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// Ends an operation when nobody reads its stream any more.
struct Running(AbortHandle);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn events(answer: Answer) -> Vec<Event> {
    let next = |payload: Value| Event::default().event("next").data(payload.to_string());
    // A browser passes over an event without data.
    let complete = || Event::default().event("complete").data("null");
    match answer {
        Answer::Next(response) => vec![next(json!(response))],
        Answer::Error(errors) => vec![next(json!({ "errors": errors })), complete()],
        Answer::Complete => vec![complete()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_silent_stream_says_that_it_is_there() {
        let begun = tokio::time::Instant::now();
        let mut body = respond(stream::pending()).into_body().into_data_stream();

        let bytes = body.next().await.unwrap().unwrap();

        assert!(bytes.starts_with(b":"), "a comment");
        assert!(begun.elapsed() <= Duration::from_secs(12));
    }
}
