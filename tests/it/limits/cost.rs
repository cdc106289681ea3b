//! Cost before execution: an object costs a point, ten leaves another one, once for every row that
//! is asked for; and what it was in fact.

use axum::http::StatusCode;
use serde_json::{Value, json};
use tests::{Reply, TestApp};

#[tokio::test]
async fn the_cost_follows_from_the_shape_and_the_sizes_of_pages() {
    let app = TestApp::start().await;

    // In tenths of a point: 10 an object, 1 a leaf.
    for (query, tenths) in [
        ("{ __typename }", 1),
        ("{ party(by: { code: \"X\" }) { id name } }", 12),
        ("{ parties(first: 3) { totalCount nodes { id name } } }", 10 + 1 + 3 * 12),
        ("{ parties(last: 3) { edges { cursor node { id } } } }", 10 + 3 * (10 + 1 + 11)),
        (
            "{ ...A ...A } fragment A on Query { parties(first: 3) { ...B } }
          fragment B on PartyConnection { nodes { id } }",
            2 * (10 + 3 * 11),
        ),
        ("{ nodes(ids: [\"a\", \"b\"]) { id } }", 2 * 11),
        (
            "{ places(first: 10) { nodes { id arrived(first: 20) { nodes { id } } } } }",
            10 + 10 * (10 + 1 + 10 + 20 * 11),
        ),
    ] {
        let cost = cost(&app.public().ask(query).await).clone();

        assert_eq!(cost["requested"], u64::div_ceil(tenths, 10), "{query}");
    }
}

#[tokio::test]
async fn a_page_size_in_a_variable_counts_as_if_it_were_written() {
    let app = TestApp::start().await;
    let query = "query ($first: Int = 2) { parties(first: $first) { nodes { id } } }";

    let twenty = app.public().gql(query, json!({ "first": 20 })).await;
    let default = app.public().ask(query).await;

    assert_eq!(cost(&twenty)["requested"], (10 + 20 * 11_u64).div_ceil(10));
    assert_eq!(cost(&default)["requested"], (10 + 2 * 11_u64).div_ceil(10));
}

#[tokio::test]
async fn the_actual_cost_is_that_of_what_was_found() {
    let app = TestApp::start().await;

    let reply = app.public().ask("{ parties(first: 100) { nodes { id } } }").await;

    let found = reply.at("/parties/nodes").as_array().unwrap().len();
    let cost = cost(&reply);
    assert!(found < 100, "the pilot has fewer parties than a page");
    // The answer itself is an object, too.
    assert_eq!(cost["actual"], u64::try_from(20 + found * 11).unwrap().div_ceil(10));
    assert_eq!(cost["requested"], 111);
}

#[tokio::test]
async fn pages_of_pages_are_refused_with_their_cost() {
    let app = TestApp::start().await;
    let query = "query ($first: Int!) { places(first: $first) { nodes {
        promised(first: $first) { nodes { deliveries(first: $first) { nodes { id } } } } } } }";

    let refused = app.public().gql(query, json!({ "first": 100 })).await;
    let small = app.public().gql(query, json!({ "first": 5 })).await;

    let limit = &refused.expect_fault("COST_LIMIT")["extensions"]["limit"];
    assert_eq!((&limit["name"], &limit["maximum"]), (&json!("cost"), &json!(20_000)));
    assert!(limit["figure"].as_u64().unwrap() > 1_000_000, "{limit}");
    assert!(refused.body.get("data").is_none());
    small.expect_ok();
}

#[tokio::test]
async fn a_mutation_costs_more_and_a_batch_more_for_every_row() {
    let app = TestApp::start().await;
    let batch = "mutation ($input: ConfirmDeliveriesInput!) {
        confirmDeliveries(input: $input) { userErrors { code } } }";
    let rows = |count: usize| {
        let row = json!({ "id": "delivery_00000000000000000000000000", "expectedVersion": 1 });
        json!({ "input": { "deliveries": vec![row; count],
            "idempotencyKey": app.key() } })
    };

    let few = app.public().gql(batch, rows(10)).await;
    let many = app.public().gql(batch, rows(110)).await;

    let (few, many) = (requested(&few), requested(&many));
    assert!(few >= 20 && many >= few + 100, "{few} {many}");
}

#[tokio::test]
async fn the_schema_may_be_asked_for_and_not_in_circles() {
    let app = TestApp::start().await;
    let member = app.bank().await;
    let circle = "{ __schema { types { fields { type { fields { type { fields { type { fields {
        type { fields { name } } } } } } } } } } } }";

    let schema = member.ask(tests::introspection::QUERY).await;
    let circle = member.ask(circle).await;

    schema.expect_ok();
    circle.expect_fault("COST_LIMIT");
    assert_eq!(circle.status, StatusCode::OK);
}

#[track_caller]
fn cost(reply: &Reply) -> &Value {
    let cost = &reply.body["extensions"]["cost"];
    assert!(cost.is_object(), "{}", reply.text);
    cost
}

#[track_caller]
fn requested(reply: &Reply) -> u64 {
    cost(reply)["requested"].as_u64().unwrap()
}
