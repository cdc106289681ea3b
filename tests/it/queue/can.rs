//! `viewerCan` is what the mutations answer: each act is tried by each party with a version that does
//! not exist, and whoever has the right hears `STALE_VERSION`.

use entity::{
    commitment::{self, Status},
    delivery::{self, State},
    member::Role,
};
use serde_json::{Value, json};
use tests::{Actor, TestApp};

use super::{
    deciding::{ACCEPT, AGREE, CONFIRM, CONSENT, SETTLE, act, may},
    world::World,
};

const WITHDRAW: &str = "mutation ($input: WithdrawCommitmentInput!) {
    withdrawCommitment(input: $input) { userErrors { code path } } }";
const CLOSE: &str = "mutation ($input: CloseCommitmentInput!) {
    closeCommitment(input: $input) { userErrors { code path } } }";
const REOPEN: &str = "mutation ($input: ReopenCommitmentInput!) {
    reopenCommitment(input: $input) { userErrors { code path } } }";
const REVERSE: &str = "mutation ($input: ReverseDeliveriesInput!) {
    reverseDeliveries(input: $input) { userErrors { code path } } }";

/// What somebody may do with objects, in the order of their ids; null where one is not seen.
async fn can(by: &Actor, of: &str, fields: &str, ids: &[String]) -> Vec<Value> {
    let query = format!(
        "query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {of} {{ viewerCan {{ {fields} }} }} }} }}"
    );
    let reply = by.gql(&query, json!({ "ids": ids })).await;
    reply.expect_ok();
    let nodes = reply.at("/nodes").as_array().unwrap();
    nodes.iter().map(|node| node["viewerCan"].clone()).collect()
}

#[tokio::test]
async fn what_one_can_do_with_a_commitment_is_what_is_not_refused() {
    let app = TestApp::start().await;
    let World { mut commitments, parties, .. } = World::of(&app).await;
    let giver = &parties[0].1;
    let closed = app.commitment(giver.party()).with(|row| {
        (row.status, row.closed_at) = (Status::Closed, Some(row.proposed_at));
    });
    let done = app.commitment(giver.party()).quantity(5).await;
    app.delivery(&done).quantity(5).confirmed().await;
    commitments.extend([closed.await, app.reload(&done).await]);
    let ids: Vec<String> = commitments.iter().map(|row| row.id.to_string()).collect();

    let mut yes = 0;
    for (name, party) in &parties {
        let told = can(party, "Commitment", "accept withdraw amend close reopen", &ids).await;
        for (row, told) in commitments.iter().zip(told) {
            let expected = on_commitment(party, row).await;
            let told = if told.is_null() { [false; 5] } else { flags(&told) };
            assert_eq!(told, expected, "{name}: accept, amend, close, reopen, withdraw: {row:?}");
            yes += told.iter().filter(|can| **can).count();
        }
    }
    assert!(yes > 20, "somebody can do something: {yes}");
}

/// Accept, amend, close, reopen, withdraw.
async fn on_commitment(party: &Actor, row: &commitment::Model) -> [bool; 5] {
    let id = row.id.to_string();
    let tried = async |mutation: &str| {
        let input = json!({ "id": id, "reason": "Đã thống nhất" });
        let input = if mutation == ACCEPT { json!({ "id": id }) } else { input };
        may(&act(party, mutation, input).await)
    };
    let is = |states: &[Status]| states.contains(&row.status);
    let gives = tried(WITHDRAW).await && is(&[Status::Proposed, Status::Active]);
    let oversees = tried(REOPEN).await;
    let is_done = row.quantity.is_some_and(|quantity| row.confirmed >= quantity)
        && row.open_entries == 0
        && row.waiting_since.is_none();
    [
        tried(ACCEPT).await && is(&[Status::Proposed]),
        gives,
        is(&[Status::Active]) && (tried(CLOSE).await && is_done || oversees),
        oversees && is(&[Status::Closed]),
        gives,
    ]
}

#[tokio::test]
async fn what_one_can_do_with_a_delivery_is_what_is_not_refused() {
    let app = TestApp::start().await;
    let World { deliveries, parties, .. } = World::of(&app).await;
    let some: Vec<delivery::Model> = deliveries.into_iter().step_by(3).collect();
    let ids: Vec<String> = some.iter().map(|row| row.id.to_string()).collect();

    let mut yes = 0;
    for (name, party) in &parties {
        let fields = "agree decideReversal reverse settle verify";
        let told = can(party, "Delivery", fields, &ids).await;
        for (row, told) in some.iter().zip(told) {
            let expected = on_delivery(&app, party, row).await;
            let told = if told.is_null() { [false; 5] } else { flags(&told) };
            assert_eq!(told, expected, "{name}: agree, decide, reverse, settle, verify: {row:?}");
            yes += told.iter().filter(|can| **can).count();
        }
    }
    assert!(yes > 20, "somebody can do something: {yes}");
}

/// Agree, decide on a reversal, reverse, settle, verify.
async fn on_delivery(app: &TestApp, party: &Actor, row: &delivery::Model) -> [bool; 5] {
    let id = row.id.to_string();
    let one = async |mutation: &str, more: Value| {
        let mut input = json!({ "id": id, "idempotencyKey": app.key() });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        may(&act(party, mutation, input).await)
    };
    let batch = async |mutation: &str, more: Value| {
        let rows = json!([{ "id": id, "expectedVersion": 99 }]);
        let mut input = json!({ "deliveries": rows, "idempotencyKey": app.key() });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        may(&party.act(mutation, input).await)
    };
    let is_asked_for = row.reversal_requested_by_id.is_some();
    let is = |state: State| row.state == state && !is_asked_for;
    let settle = json!({ "figure": "8", "reason": "Đã kiểm tra" });
    [
        one(AGREE, json!({})).await && is(State::Disputed),
        batch(CONSENT, json!({})).await && is_asked_for,
        batch(REVERSE, json!({ "reason": "Ghi nhầm" })).await && !is_asked_for && row.drawn == 0,
        one(SETTLE, settle).await && is(State::Disputed),
        batch(CONFIRM, json!({})).await && is(State::Reported),
    ]
}

#[tokio::test]
async fn who_may_only_read_can_do_nothing() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02071").await;
    let viewer = app.member_of(officer.party()).with_role(Role::Viewer).await;
    let World { commitments, deliveries, .. } = World::of(&app).await;
    let phones = app.activity("smartphones_handed_over").await;
    let need = app.need(officer.party(), &phones).await;
    let note = app.note(officer.party()).on_need(&need).to(officer.party()).await;
    let first = |ids: Vec<String>| ids.into_iter().take(100).collect::<Vec<_>>();
    let asked = [
        ("Commitment", first(commitments.iter().map(|row| row.id.to_string()).collect())),
        ("Delivery", first(deliveries.iter().map(|row| row.id.to_string()).collect())),
        ("Need", vec![need.id.to_string()]),
        ("Note", vec![note.id.to_string()]),
    ];
    for (of, ids) in asked {
        let fields = match of {
            "Commitment" => "accept amend close decideAmendment record reopen transfer withdraw",
            "Delivery" => "agree decideReversal reverse settle verify",
            "Need" => "withdraw",
            _ => "done",
        };
        let may = |told: Vec<Value>| told.iter().flat_map(flags_of).any(|can| can);

        assert!(!may(can(&viewer, of, fields, &ids).await), "{of}");
        assert!(may(can(&officer, of, fields, &ids).await), "{of}");
    }
}

fn flags<const N: usize>(told: &Value) -> [bool; N] {
    flags_of(told).try_into().unwrap()
}

fn flags_of(told: &Value) -> Vec<bool> {
    let fields = told.as_object().into_iter().flatten();
    fields.map(|(_, can)| can.as_bool().unwrap()).collect()
}
