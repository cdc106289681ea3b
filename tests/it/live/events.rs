//! Server-Sent Events, byte by byte.

use axum::{
    body::{Body, BodyDataStream},
    http::{HeaderValue, Method, Request, StatusCode, header},
    response::Response,
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

/// A request that takes a stream and nothing else.
fn streamed(method: Method, uri: &str, body: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(uri)
        .header(header::HOST, HOST)
        .header(header::ACCEPT, "text/event-stream")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap()
}

/// As a browser's `EventSource` asks.
fn from_url(query: &str) -> Request<Body> {
    let query = serde_urlencoded::to_string([("query", query)]).unwrap();
    let mut request = streamed(Method::GET, &format!("/graphql?{query}"), "");
    request.headers_mut().insert("sec-fetch-mode", HeaderValue::from_static("cors"));
    request.headers_mut().remove(header::CONTENT_TYPE);
    request
}

async fn response(app: &TestApp, request: Request<Body>) -> Response {
    app.settle().await;
    app.router.clone().oneshot(request).await.unwrap()
}

async fn stream(app: &TestApp, request: Request<Body>) -> Stream {
    let response = response(app, request).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(response.headers().get(header::CONTENT_ENCODING), None);
    Stream { body: response.into_body().into_data_stream(), text: String::new() }
}

async fn open(app: &TestApp, actor: &Actor, query: &str, variables: Value) -> Stream {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let mut request = streamed(Method::POST, "/graphql", &body);
    if let Some(bearer) = actor.bearer() {
        let bearer = format!("Bearer {bearer}").parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
    }
    stream(app, request).await
}

/// One event with errors and the end.
async fn assert_refused(mut stream: Stream, code: &str) {
    let (event, data) = stream.next().await.unwrap();
    assert_eq!(event, "next");
    assert_eq!(data["errors"][0]["extensions"]["code"], code, "{data}");
    assert!(data["errors"][0]["extensions"]["traceId"].is_string() && data["data"].is_null());
    assert_eq!(stream.next().await, Some(("complete".to_owned(), Value::Null)));
    assert_eq!(stream.next().await, None);
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
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { events { cursor } }", "UNAUTHENTICATED"),
    ] {
        assert_refused(open(&app, &app.public(), query, json!({})).await, code).await;
        assert_refused(stream(&app, from_url(query)).await, code).await;
    }
}

#[tokio::test]
async fn what_is_no_request_and_who_is_nobody_are_told_in_the_stream() {
    let app = TestApp::start().await;
    for body in ["", "nothing", "[]", "{}"] {
        let request = streamed(Method::POST, "/graphql", body);
        assert_refused(stream(&app, request).await, "BAD_USER_INPUT").await;
    }
    let request = streamed(Method::GET, "/graphql", "");
    assert_refused(stream(&app, request).await, "BAD_USER_INPUT").await;

    let mut request = streamed(Method::POST, "/graphql", r#"{"query":"{ __typename }"}"#);
    let nobody = HeaderValue::from_static("Bearer nobody");
    request.headers_mut().insert(header::AUTHORIZATION, nobody);
    assert_refused(stream(&app, request).await, "UNAUTHENTICATED").await;
}

#[tokio::test]
async fn an_event_source_asks_by_url() {
    let app = TestApp::start().await;

    let mut stream = stream(&app, from_url("{ __typename }")).await;

    let (event, data) = stream.next().await.unwrap();
    assert_eq!((&*event, &data["data"]["__typename"]), ("next", &json!("Query")));
    assert_eq!(stream.next().await, Some(("complete".to_owned(), Value::Null)));
}

#[tokio::test]
async fn what_a_page_of_another_site_sends_by_itself_is_refused_in_the_stream() {
    let app = TestApp::start().await;
    let mut request = from_url("{ __typename }");
    let link = HeaderValue::from_static("navigate");
    request.headers_mut().insert("sec-fetch-mode", link);

    assert_refused(stream(&app, request).await, "BAD_USER_INPUT").await;
}

#[tokio::test]
async fn a_mutation_by_get_is_answered_405_and_not_executed() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let (place, phones) =
        (app.commune("02014").await, activity(&app, "smartphones_handed_over").await);
    let before = now(&officer).await;
    let raise = format!(
        r#"mutation {{ raiseNeed(input: {{ communeId: "{}", activityId: "{phones}", quantity: "7",
            dueOn: "2026-12-31", text: "", idempotencyKey: "{}" }}) {{ replayed }} }}"#,
        place.id,
        app.key()
    );
    let mut request = from_url(&raise);
    let bearer = format!("Bearer {}", officer.bearer().unwrap()).parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, bearer);

    let response = response(&app, request).await;

    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()[header::ALLOW], "POST");
    let since = "query ($after: String) { events(first: 1, after: $after) { nodes { id } } }";
    let since = officer.gql(since, json!({ "after": before })).await;
    assert_eq!(since.expect_ok()["events"]["nodes"], json!([]));
}

#[tokio::test]
async fn reservations_of_a_single_connection_are_not_made() {
    let app = TestApp::start().await;
    for method in [Method::PUT, Method::DELETE] {
        let response = response(&app, streamed(method, "/graphql?operationId=1", "")).await;

        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn who_takes_json_too_is_streamed_a_subscription_alone() {
    let app = TestApp::start().await;
    for (query, media) in [
        ("{ __typename }", "application/graphql-response+json; charset=utf-8"),
        ("mutation { __typename }", "application/graphql-response+json; charset=utf-8"),
        ("{ nonsense }", "application/graphql-response+json; charset=utf-8"),
        ("subscription { events { cursor } }", "text/event-stream"),
    ] {
        let body = json!({ "query": query }).to_string();
        let mut request = streamed(Method::POST, "/graphql", &body);
        let accept = "application/graphql-response+json, application/json, text/event-stream, \
            multipart/mixed";
        request.headers_mut().insert(header::ACCEPT, accept.parse().unwrap());

        let response = response(&app, request).await;

        assert_eq!(response.headers()[header::CONTENT_TYPE], media, "{query}");
    }
}

#[tokio::test]
async fn a_stream_is_not_compressed() {
    let app = TestApp::start().await;
    let long = format!(r#"{{"query":"{{ {}: __typename }}"}}"#, "a".repeat(4096));
    for (accept, coding) in [("text/event-stream", None), ("application/json", Some("gzip"))] {
        let mut request = streamed(Method::POST, "/graphql", &long);
        request.headers_mut().insert(header::ACCEPT, accept.parse().unwrap());
        request.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));

        let response = response(&app, request).await;

        let told = response.headers().get(header::CONTENT_ENCODING);
        assert_eq!(told.map(|coding| coding.to_str().unwrap()), coding);
    }
}

#[tokio::test]
async fn a_client_that_closes_ends_its_operation() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let after = now(&telecom).await;
    let stream = open(&app, &telecom, CHANGED, json!({ "after": after })).await;
    while app.api.streams.count() == 0 {
        tokio::task::yield_now().await;
    }

    drop(stream);

    while app.api.streams.count() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_stream_whose_rights_end_is_told_so_and_completed() {
    const REMOVE: &str = "mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { userErrors { code } } }";
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let manager = app.member_of(telecom.party()).await;
    let after = now(&telecom).await;
    let stream = open(&app, &telecom, CHANGED, json!({ "after": after })).await;

    let input = json!({ "id": telecom.member().id.to_string(), "expectedVersion": 1 });
    manager.act(REMOVE, input).await.expect_ok();

    assert_refused(stream, "UNAUTHENTICATED").await;
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
