//! How many statements the busiest requests cost, the same for one row and for a hundred. What it
//! takes to know who is asking is not counted. The board's one statement is in `board::filters`.

use entity::party::Kind;
use serde_json::{Value, json};
use tests::{Actor, TestApp};

use crate::ledger::kit::RECORD;

/// The most statements of a batch on commitments that are there already.
const BATCH: usize = 11;

const PAGE: &str = "query ($id: ID!, $first: Int!) { party(by: { id: $id }) { id code name
    owes(first: $first) { edges { ofPredecessor } nodes { id quantity health version
        place { id code name } activity { code name } giver { id code name }
        progress { promised reported confirmed unverified disputed difference } } } } }";

const NODES: &str = "query ($ids: [ID!]!) { nodes(ids: $ids) { id
    ... on Commitment { status health progress { reported } place { code } activity { code }
        giver { code } }
    ... on Delivery { state quantity } ... on Need { status } ... on Bank { code } } }";

#[tokio::test]
async fn the_page_of_a_party_is_two_statements() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    app.insert((0..100).map(|_| app.commitment(telecom.party()))).await;
    let page = |first: usize| json!({ "id": telecom.party().id.to_string(), "first": first });

    let one = cost(&app, &telecom, PAGE, page(1)).await;
    let hundred = cost(&app, &telecom, PAGE, page(100)).await;

    assert_eq!((one, hundred), (2, 2));
}

#[tokio::test]
async fn five_hundred_nodes_are_one_statement_for_each_type() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let phones = app.activity("smartphones_handed_over").await;
    let officer = app.commune_officer("02071").await;
    let banks = app.insert((0..125).map(|_| app.party(Kind::Bank))).await;
    let needs = app.insert((0..125).map(|_| app.need(officer.party(), &phones))).await;
    let promises = app.insert((0..125).map(|_| app.commitment(telecom.party()))).await;
    let entries = app.insert(promises.iter().map(|row| app.delivery(row))).await;
    let promises: Vec<String> = promises.iter().map(|row| row.id.to_string()).collect();
    let ids: Vec<String> = (0..125)
        .flat_map(|i| {
            let others = [banks[i].id.to_string(), needs[i].id.to_string()];
            [promises[i].clone(), entries[i].id.to_string()].into_iter().chain(others)
        })
        .collect();

    let of_one_type = cost(&app, &telecom, NODES, json!({ "ids": promises })).await;
    let of_each = cost(&app, &telecom, NODES, json!({ "ids": ids[..4] })).await;
    let five_hundred = cost(&app, &telecom, NODES, json!({ "ids": ids })).await;

    assert_eq!((of_one_type, of_each, five_hundred), (1, 4, 4));
}

#[tokio::test]
async fn a_batch_of_a_hundred_deliveries_costs_no_more_than_one() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let promises = app.insert((0..100).map(|_| app.commitment(telecom.party()))).await;
    let row = |i: usize| {
        json!({ "commitmentId": promises[i].id.to_string(), "quantity": 1,
        "communeId": promises[i].place_id.to_string(), "deliveredOn": "2026-11-20" })
    };

    let one = batch(&app, &telecom, vec![row(0)]).await;
    let hundred = batch(&app, &telecom, (0..100).map(row).collect()).await;

    assert_eq!(one, hundred);
    assert!(one <= BATCH, "{one} statements");
}

#[tokio::test]
async fn silent_promises_add_a_constant() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let kinds = app.insert((0..100).map(|i| app.activity_kind(&format!("test_{i}")))).await;
    let commune = app.commune("02071").await.id.to_string();
    let row = |i: usize| {
        json!({ "activityId": kinds[i].id.to_string(), "communeId": commune,
        "quantity": 1, "deliveredOn": "2026-11-20" })
    };

    let one = batch(&app, &telecom, vec![row(0)]).await;
    let rest = batch(&app, &telecom, (1..100).map(row).collect()).await;

    assert_eq!(one, rest);
}

#[tokio::test]
async fn hand_overs_add_a_constant() {
    let app = TestApp::start().await;
    let telecom = app.party(Kind::TelecomCompany).await;
    let front = app.member_of(&app.party(Kind::MassOrganization).await).await;
    let promises = (0..100).map(|_| app.commitment(&telecom).carrier(front.party()));
    let promises = app.insert(promises).await;
    let held = promises.iter().map(|row| app.delivery(row).to_carrier(front.party()).confirmed());
    let held = app.insert(held).await;
    let row = |i: usize| {
        json!({ "commitmentId": promises[i].id.to_string(), "quantity": 1,
        "communeId": promises[i].place_id.to_string(), "deliveredOn": "2026-11-23",
        "stage": "HANDED_OVER", "drawnFromId": held[i].id.to_string() })
    };

    let one = batch(&app, &front, vec![row(0)]).await;
    let rest = batch(&app, &front, (1..100).map(row).collect()).await;

    assert_eq!(one, rest);
}

/// What recording a batch costs; every row is taken.
async fn batch(app: &TestApp, by: &Actor, rows: Vec<Value>) -> usize {
    let input = json!({ "deliveries": rows, "idempotencyKey": app.key() });
    cost(app, by, RECORD, json!({ "input": input })).await
}

/// The statements of a request that is answered in full, besides those that say who is asking.
async fn cost(app: &TestApp, by: &Actor, query: &str, variables: Value) -> usize {
    let who = app.count_statements(by.ask("{ __typename }")).await;
    let all = app.count_statements(async {
        by.gql(query, variables).await.expect_ok();
    });
    all.await - who
}
