//! Server-Sent Events, byte by byte.

use axum::{
    body::{Body, BodyDataStream},
    http::{Request, StatusCode, header},
};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tests::{Actor, HOST, TestApp};
use tower::ServiceExt;

use super::{CHANGED, now};
use crate::ledger::kit::{activity, promise, proposed};

/// An open stream, and what of it was read but not taken.
struct Stream {
    body: BodyDataStream,
    text: String,
}

impl Stream {
    /// The next event by its name and data; none at the end. Comments are passed over.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            while !self.text.contains("\n\n") {
                let bytes = self.body.next().await?.unwrap();
                self.text.push_str(std::str::from_utf8(&bytes).unwrap());
            }
            let (block, rest) = self.text.split_once("\n\n").unwrap();
            let field = |name: &str| {
                let found =
                    block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
                found.map(|value| value.trim_start().to_owned())
            };
            let (event, data) = (field("event"), field("data"));
            self.text = rest.to_owned();
            if let Some(event) = event {
                let data =
                    data.unwrap_or_else(|| panic!("an event without data is not dispatched"));
                return Some((event, serde_json::from_str(&data).unwrap()));
            }
        }
    }
}

async fn open(app: &TestApp, actor: &Actor, query: &str, variables: Value) -> Stream {
    app.settle().await;
    let body = json!({ "query": query, "variables": variables }).to_string();
    let mut request = Request::post("/graphql")
        .header(header::HOST, HOST)
        .header(header::ACCEPT, "text/event-stream")
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(bearer) = actor.bearer() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
    }
    let request = request.body(Body::from(body)).unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    Stream { body: response.into_body().into_data_stream(), text: String::new() }
}

#[tokio::test]
async fn a_query_is_one_next_and_a_complete() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;

    let mut stream = open(&app, &coordinator, "{ viewer { party { id } } }", json!({})).await;

    let (event, data) = stream.next().await.unwrap();
    let party = &data["data"]["viewer"]["party"]["id"];
    assert_eq!((&*event, party.as_str()), ("next", Some(&*coordinator.party().id.to_string())));
    assert_eq!(stream.next().await, Some(("complete".to_owned(), Value::Null)));
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn what_is_not_executed_is_told_in_the_stream() {
    let app = TestApp::start().await;
    for query in ["{", "{ nonsense }", "subscription { nonsense }"] {
        let mut stream = open(&app, &app.public(), query, json!({})).await;

        let (event, data) = stream.next().await.unwrap();
        assert_eq!(event, "next", "{query}");
        assert!(data["errors"][0]["extensions"]["code"].is_string() && data["data"].is_null());
        assert_eq!(stream.next().await, Some(("complete".to_owned(), Value::Null)));
        assert_eq!(stream.next().await, None);
    }
}

#[tokio::test]
async fn a_subscription_goes_on_until_the_server_stops() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let place = app.commune("02014").await;
    let phones = activity(&app, "smartphones_handed_over").await;
    let after = now(&telecom).await;
    let mut stream = open(&app, &telecom, CHANGED, json!({ "after": after })).await;

    for quantity in [1, 2] {
        let id = proposed(&telecom, &app, promise(place.id, &phones, quantity)).await;
        let (event, data) = stream.next().await.unwrap();
        assert_eq!(event, "next");
        assert_eq!(data["data"]["commitmentChanged"]["commitment"]["id"], *id);
    }
    app.api.stop();

    assert_eq!(stream.next().await, None);
}
