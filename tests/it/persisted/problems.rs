//! What is no answer: the status, and the problem that says why.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};
use tests::{Reply, TestApp};

use super::PLACE;

#[tokio::test]
async fn every_problem_has_its_status_and_code() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    app.operation(bank.party(), "Place", PLACE).await;
    let good = json!({ "code": "02014" });
    let post = || Request::post("/operations/Place");
    let as_json = || post().header(header::CONTENT_TYPE, "application/json");
    let long = format!("{{\"code\":\"{}\"}}", "1".repeat(2 << 20));

    for (reply, status, code) in [
        (bank.call("Nothing", json!({})).await, 404, "NOT_FOUND"),
        (bank.call("Place", json!({ "code": "99999" })).await, 404, "NOT_FOUND"),
        (bank.call("Place", json!({})).await, 400, "GRAPHQL_VALIDATION_FAILED"),
        (bank.call("Place", json!({ "code": 1 })).await, 400, "GRAPHQL_VALIDATION_FAILED"),
        (
            bank.call("Place", json!({ "code": "1", "x": 1 })).await,
            400,
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            bank.call("Place", json!({ "code": "1", "asOf": "2025-02-29" })).await,
            400,
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (bank.call("Place", json!([])).await, 400, "BAD_USER_INPUT"),
        (bank.call("ChangeFeed", json!({ "first": 5000 })).await, 422, "BAD_USER_INPUT"),
        (app.bearer("x").call("Place", good.clone()).await, 401, "UNAUTHENTICATED"),
        (app.public().call("RaiseNeed", raising(&app).await).await, 401, "UNAUTHENTICATED"),
        (bank.send(post(), Body::from(good.to_string())).await, 415, "BAD_USER_INPUT"),
        (
            bank.send(as_json().header(header::ACCEPT, "text/html"), Body::from("{}")).await,
            406,
            "BAD_USER_INPUT",
        ),
        (bank.send(as_json(), Body::from(long)).await, 413, "BAD_USER_INPUT"),
        (bank.send(Request::put("/operations/Place"), Body::empty()).await, 405, "BAD_USER_INPUT"),
        (
            app.public().send(Request::get("/operations/OpenNeeds"), Body::empty()).await,
            400,
            "BAD_USER_INPUT",
        ),
    ] {
        problem(&reply, status, code);
    }
}

#[tokio::test]
async fn a_method_that_is_not_taken_is_told_those_that_are() {
    let app = TestApp::start().await;
    let bank = app.bank().await;

    let change = bank.fetch("/operations/RaiseNeed").await;
    let query = bank.send(Request::delete("/operations/OpenNeeds"), Body::empty()).await;

    problem(&change, 405, "BAD_USER_INPUT");
    problem(&query, 405, "BAD_USER_INPUT");
    assert_eq!(change.headers[header::ALLOW], "POST");
    assert_eq!(query.headers[header::ALLOW], "GET, HEAD, POST");
}

#[tokio::test]
async fn what_is_refused_has_the_status_of_its_code() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let need = app.need(officer.party(), &app.activity("smartphones_handed_over").await).await;
    let withdraw = "mutation ($input: WithdrawNeedInput!) { withdrawNeed(input: $input) {
        need { id version } userErrors { code message path } } }";
    app.operation(officer.party(), "Withdraw", withdraw).await;
    let viewer = app.member_of(officer.party()).with_role(entity::member::Role::Viewer).await;
    let sent = |id: &str, version: i32, reason: &str| json!({ "input": { "id": id, "expectedVersion": version, "reason": reason } });
    let id = need.id.to_string();

    let missing = officer.call("Withdraw", sent("need_x", 1, "a")).await;
    let forbidden = viewer.call("Withdraw", sent(&id, 1, "a")).await;
    let stale = officer.call("Withdraw", sent(&id, 9, "a")).await;
    let blank = officer.call("Withdraw", sent(&id, 1, "")).await;

    refused(&missing, 404, "NOT_FOUND");
    refused(&forbidden, 403, "FORBIDDEN");
    refused(&stale, 409, "STALE_VERSION");
    refused(&blank, 422, "BLANK");
    assert_eq!(stale.body["data"]["withdrawNeed"]["need"], json!({ "id": id, "version": 1 }));
    assert_eq!(blank.body["userErrors"][0]["path"], json!(["input", "reason"]));
    assert_eq!(officer.call("Withdraw", sent(&id, 1, "a")).await.status, 200);
}

#[tokio::test]
async fn a_key_that_was_used_for_something_else_is_a_conflict() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let mut sent = raising(&app).await;
    let first = officer.call("RaiseNeed", sent.clone()).await;
    sent["input"]["quantity"] = json!(9);

    let other = officer.call("RaiseNeed", sent).await;

    assert_eq!(first.status, 200, "{}", first.text);
    refused(&other, 409, "IDEMPOTENCY_MISMATCH");
}

#[tokio::test]
async fn an_outage_is_told_as_one() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    app.settle().await;
    app.db().clone().close().await.unwrap();

    let reply = bank.call("OpenNeeds", json!({ "first": 1 })).await;

    problem(&reply, 503, "UNAVAILABLE");
}

#[tokio::test]
async fn what_no_longer_fits_the_schema_is_gone() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    app.operation(bank.party(), "Old", "{ nothingAnyMore }").await;

    let reply = bank.call("Old", json!({})).await;
    let described = bank.fetch("/operations/openapi.json").await;

    problem(&reply, 410, "GRAPHQL_VALIDATION_FAILED");
    assert!(described.body["paths"]["/operations/Old"].is_null());
}

async fn raising(app: &TestApp) -> Value {
    let (activity, commune) =
        (app.activity("smartphones_handed_over").await, app.commune("02014").await);
    json!({ "input": { "activityId": activity.id.to_string(), "communeId": commune.id.to_string(),
        "quantity": "5", "dueOn": "2026-12-31", "idempotencyKey": app.key() } })
}

#[track_caller]
fn problem(reply: &Reply, status: u16, code: &str) {
    assert_eq!(
        (reply.status.as_u16(), &reply.body["code"]),
        (status, &json!(code)),
        "{}",
        reply.text
    );
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(reply.headers[header::CACHE_CONTROL], "private, no-store");
    assert_eq!(
        (&reply.body["type"], &reply.body["status"]),
        (&json!("about:blank"), &json!(status))
    );
    assert_eq!(reply.body["traceId"].as_str().map(str::len), Some(32), "{}", reply.text);
    assert!(!reply.body["detail"].as_str().unwrap().is_empty(), "{}", reply.text);
}

#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) {
    problem(reply, status, code);
    assert_eq!(reply.body["userErrors"][0]["code"], code, "{}", reply.text);
}
