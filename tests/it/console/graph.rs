//! The graph by a session: the limits, answers and faults of `/graphql`, and what an operation costs.

use api::graphql::guard::Limits;
use serde_json::{Value, json};
use tests::{TestApp, introspection::QUERY};

use super::{WHO, expect_problem};

#[tokio::test]
async fn an_operation_costs_what_was_said_before() {
    let app = TestApp::limited(Limits::default()).await;
    let browser = app.bank().await.at_console().await;
    let query = "query ($first: Int) { parties(first: $first) { nodes { id name } } }";
    let sent = json!({ "query": query, "variables": { "first": 10 }, "operationName": null });

    let estimate = browser.post("/console/cost", sent.clone()).await;
    let again = browser.post("/console/cost", sent.clone()).await;
    let run = browser.post("/console/graphql", sent).await;

    assert_eq!(estimate.status, 200, "{}", estimate.text);
    assert_eq!(estimate.body, again.body, "nothing is taken");
    let limits = Limits::default();
    assert_eq!(estimate.body["maximum"], limits.cost);
    assert_eq!(estimate.body["available"], limits.signed_in.points);
    assert_eq!(estimate.body["restoreRate"], limits.signed_in.per_second);
    run.expect_ok();
    assert_eq!(estimate.body["requested"], run.body["extensions"]["cost"]["requested"]);
    assert!(estimate.body["requested"].as_u64().unwrap() > 10);
}

#[tokio::test]
async fn what_costs_too_much_is_told_before_and_refused_after() {
    let app = TestApp::limited(Limits { cost: 100, ..Limits::default() }).await;
    let browser = app.bank().await.at_console().await;
    let sent = json!({ "query": "{ parties(first: 100) { nodes { id code name kind } } }" });

    let estimate = browser.post("/console/cost", sent.clone()).await;
    let run = browser.post("/console/graphql", sent).await;

    assert_eq!(estimate.status, 200, "{}", estimate.text);
    assert_eq!(estimate.body["maximum"], 100);
    let limit = run.errors()[0]["extensions"]["limit"].clone();
    assert_eq!((&limit["name"], &limit["figure"]), (&json!("cost"), &estimate.body["requested"]));
}

#[tokio::test]
async fn a_mutation_is_priced_and_not_run() {
    let app = TestApp::start().await;
    let browser = app.bank().await.at_console().await;
    let query = "mutation ($input: AcceptInvitationInput!) {
        acceptInvitation(input: $input) { userErrors { code } } }";

    let sent = json!({ "query": query, "variables": { "input": { "code": "x" } } });
    let estimate = browser.post("/console/cost", sent).await;

    assert!(estimate.body["requested"].as_u64().unwrap() >= 10, "{}", estimate.text);
}

#[tokio::test]
async fn what_makes_no_sense_has_no_price_and_says_why() {
    let app = TestApp::start().await;
    let browser = app.bank().await.at_console().await;
    for (sent, status, code) in [
        (json!({ "query": "{" }), 400, "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "{ nothing }" }), 400, "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "" }), 400, "BAD_USER_INPUT"),
        (json!({ "variables": {} }), 400, "BAD_USER_INPUT"),
        (json!({ "query": format!("{{ {} }}", "a:".repeat(7000)) }), 400, "COST_LIMIT"),
    ] {
        let reply = browser.post("/console/cost", sent).await;
        expect_problem(&reply, status, code);
        assert!(!reply.body["detail"].as_str().unwrap().is_empty());
    }
    let nobody = app.browser().post("/console/cost", json!({ "query": WHO })).await;
    expect_problem(&nobody, 401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn the_schema_is_had_within_the_documented_limits() {
    let app = TestApp::limited(Limits::default()).await;
    let browser = app.bank().await.at_console().await;

    let reply = browser.gql(QUERY, json!({})).await;

    let types = reply.expect_ok()["__schema"]["types"].as_array().map_or(0, Vec::len);
    assert!(types > 100, "{types}");
}

#[tokio::test]
async fn faults_are_those_of_the_graph() {
    let app = TestApp::start().await;
    let browser = app.bank().await.at_console().await;

    let wrong = browser.gql("{ nothing }", json!({})).await;

    assert_eq!(wrong.errors()[0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(wrong.data(), &Value::Null);
}

#[tokio::test]
async fn a_stream_of_events_is_had_by_a_session() {
    use axum::body::Body;
    use tests::browser::page;

    let app = TestApp::start().await;
    let bank = app.bank().await;
    let browser = bank.at_console().await;

    let request = page("/console/graphql").header("accept", "text/event-stream");
    let reply = browser.send(request, Body::from(json!({ "query": WHO }).to_string())).await;

    assert_eq!(reply.headers["content-type"], "text/event-stream");
    assert!(reply.text.contains("event: next") && reply.text.contains(&bank.party().code));
}
