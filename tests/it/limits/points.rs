//! Points: what an operation may cost is taken before it runs, what it did not use is given back,
//! time brings them back, and who has too few waits.

use api::{graphql::guard::Limits, hub::budget::Rate};
use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Reply, TestApp};

/// May cost 111 points.
const PAGE: &str = "{ parties(first: 100) { nodes { id } } }";

const SIGNED_IN: Rate = Rate { points: 200, per_second: 10 };
const PUBLIC: Rate = Rate { points: 120, per_second: 5 };

async fn app() -> TestApp {
    let limits = Limits { signed_in: SIGNED_IN, public: PUBLIC, streams: 2, ..Limits::default() };
    TestApp::limited(limits).await
}

#[track_caller]
fn cost(reply: &Reply) -> [u64; 4] {
    let cost = &reply.body["extensions"]["cost"];
    ["requested", "actual", "available", "restoreRate"].map(|figure| match cost[figure].as_u64() {
        Some(figure) => figure,
        None => panic!("no {figure} in {}", reply.text),
    })
}

#[tokio::test]
async fn the_arithmetic_of_points() {
    let app = app().await;
    let bank = app.bank().await;

    let first = bank.ask(PAGE).await;
    let [requested, actual, available, restore_rate] = cost(&first);
    assert_eq!((requested, restore_rate), (111, 10));
    assert!(actual < requested, "the pilot has fewer parties than a page");
    assert_eq!(available, 200 - actual, "what was not used is back");

    let mut left = available;
    while left >= 111 {
        let reply = bank.ask(PAGE).await;
        assert_eq!(cost(&reply), [111, actual, left - actual, 10]);
        left -= actual;
    }
    let refused = bank.ask(PAGE).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let wait = (111 - left).div_ceil(10);
    assert_eq!(refused.headers[header::RETRY_AFTER], wait.to_string());
    let error = &refused.errors()[0]["extensions"];
    assert_eq!(error["code"], "RATE_LIMITED");
    let told = json!({ "requested": 111, "actual": 0, "available": left, "restoreRate": 10 });
    assert_eq!(error["cost"], told);

    let seconds = i64::try_from(wait).unwrap();
    app.clock.advance(TimeDelta::seconds(seconds - 1));
    assert_eq!(bank.ask(PAGE).await.status, StatusCode::TOO_MANY_REQUESTS, "a second too soon");
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(cost(&bank.ask(PAGE).await), [111, actual, left + 10 * wait - actual, 10]);
    app.clock.advance(TimeDelta::seconds(3600));
    assert_eq!(cost(&bank.ask(PAGE).await)[2], 200 - actual, "never more than there is room for");
}

#[tokio::test]
async fn everybody_has_points_of_their_own_and_the_public_by_address() {
    let app = app().await;
    let (one, other) = (app.bank().await, app.telecom().await);
    let colleague = app.member_of(one.party()).await;
    while one.ask(PAGE).await.status == StatusCode::OK {}

    for neighbour in [&other, &colleague, &app.public().at_address("192.0.2.1")] {
        assert_eq!(neighbour.ask(PAGE).await.status, StatusCode::OK);
    }
    let (here, there) = ("2001:db8:1:2::1", "2001:db8:1:3::1");
    while app.public().at_address(here).ask(PAGE).await.status == StatusCode::OK {}
    let same_subscriber = app.public().at_address("2001:db8:1:2::ffff").ask(PAGE).await;
    assert_eq!(same_subscriber.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(app.public().at_address(there).ask(PAGE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_mutation_that_is_refused_has_cost_its_transaction() {
    let app = app().await;
    let accept = "mutation ($input: AcceptCommitmentInput!) {
        acceptCommitment(input: $input) { userErrors { code } } }";

    let input = json!({ "id": "commitment_00000000000000000000000000", "expectedVersion": 1 });
    let reply = app.bank().await.act(accept, input).await;

    reply.expect_refusal("NOT_FOUND");
    assert!(cost(&reply)[1] >= 10, "{}", reply.text);
}

#[tokio::test]
async fn the_description_of_operations_costs_points_too() {
    let rate = Rate { points: 1_500, per_second: 50 };
    let app = TestApp::limited(Limits { signed_in: rate, ..Limits::default() }).await;
    let bank = app.bank().await;

    let described = bank.fetch("/operations/openapi.json").await;
    let again = bank.fetch("/operations/openapi.json").await;

    assert_eq!(described.status, StatusCode::OK);
    assert_eq!(again.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(again.headers[header::RETRY_AFTER], "10");
}

#[tokio::test]
async fn what_is_not_executed_costs_nothing() {
    let app = app().await;
    let bank = app.bank().await;

    for wrong in ["{", "{ nonsense }", "query ($n: Int!) { parties(first: $n) { totalCount } }"] {
        assert!(!bank.ask(wrong).await.errors().is_empty());
    }

    let [_, actual, available, _] = cost(&bank.ask("{ __typename }").await);
    assert_eq!(available, 200 - actual);
}

#[tokio::test]
async fn a_socket_counts_the_same_points_and_says_so() {
    let app = app().await;
    let bank = app.bank().await;
    let mut socket = bank.connected().await;

    let mut refused = Value::Null;
    for id in 0.. {
        socket.subscribe(&id.to_string(), PAGE, json!({})).await;
        let message = socket.hear().await.said();
        if message["type"] == "error" {
            refused = message["payload"][0]["extensions"].clone();
            break;
        }
        assert_eq!(socket.hear().await.said()["type"], "complete");
    }

    assert_eq!(refused["code"], "RATE_LIMITED");
    assert_eq!(refused["cost"]["requested"], 111);
    assert_eq!(bank.ask(PAGE).await.status, StatusCode::TOO_MANY_REQUESTS, "one purse");
}

#[tokio::test]
async fn more_streams_than_one_may_have_are_refused_until_one_ends() {
    const EVENTS: &str = "subscription { events { cursor } }";
    let app = app().await;
    let bank = app.bank().await;
    let mut first = bank.connected().await;
    first.subscribe("1", EVENTS, json!({})).await;
    first.subscribe("2", EVENTS, json!({})).await;

    // Whichever of the two came second.
    let refused = first.hear().await.said();
    assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED");

    let mut second = app.socket("graphql-transport-ws", &[]).await;
    let payload = json!({ "authorization": format!("Bearer {}", bank.bearer().unwrap()) });
    second.say(json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(second.hear().await.closed(), 4429);
}
