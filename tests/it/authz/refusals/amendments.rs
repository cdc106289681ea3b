//! What is refused of amendments.

use entity::{
    amendment::{self, Promise, State},
    commitment::{self, Due, Schedule, Status},
    member::Role,
};
use serde_json::{Value, json};
use tests::{TestApp, day};

use super::{Table, commitments::reasons};
use crate::authz::as_letter;

pub async fn amend_commitment(app: &TestApp) -> Table {
    let (telecom, joint) = (app.telecom().await, app.bank().await);
    let row = app.commitment(telecom.party()).joint(joint.party()).await;
    let closed = app.commitment(telecom.party()).with(|row| {
        (row.status, row.closed_at) = (Status::Closed, row.accepted_at);
    });
    let closed = closed.await.id;
    let letter = app.document(telecom.party()).with(as_letter).await;
    let rival = app.telecom().await;
    let hidden = app.document(rival.party()).with(as_letter).await;
    let theirs = app.commitment(rival.party()).await;
    let ended = app.place_on("02122", "2025-06-30").await.id.to_string();
    let due = |quantity: &str| json!([{ "dueOn": "2026-12-31", "quantity": quantity }]);
    let input = json!({ "id": row.id.to_string(), "expectedVersion": 1,
        "documentId": letter.id.to_string(), "reason": "Giảm kinh phí", "quantity": "60",
        "schedule": due("60"), "placeId": app.commune("02014").await.id.to_string(),
        "idempotencyKey": app.key() });
    let reporter = app.member_of(telecom.party()).with_role(Role::Reporter).await;
    let here = app.commune("02071").await.id.to_string();
    let table = Table::new("amendCommitment", "commitment", telecom, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("reporter", reporter, "FORBIDDEN")
        .hidden("id", &theirs.id)
        .hidden("documentId", &hidden.id)
        .rule(json!({ "id": closed.to_string() }), "WRONG_STATE", "id")
        .rule(json!({ "placeId": ended }), "OUTSIDE_VALIDITY", "placeId")
        .rule(json!({ "quantity": "0" }), "OUT_OF_RANGE", "quantity")
        .rule(json!({ "quantity": "0.5" }), "INVALID_FORMAT", "quantity")
        .rule(json!({ "schedule": null }), "REQUIRED", "schedule")
        .rule(json!({ "schedule": [] }), "WRONG_COUNT", "schedule")
        .rule(json!({ "schedule": due("59") }), "INVALID_FORMAT", "schedule")
        .rule(json!({ "schedule": due("0.5") }), "INVALID_FORMAT", "schedule")
        .rule(
            json!({ "quantity": "100", "schedule": due("100"), "placeId": here }),
            "NO_CHANGE",
            "",
        )
        .rule(json!({ "quantity": null, "schedule": null, "placeId": null }), "NO_CHANGE", "")
        .mismatch(json!({ "reason": "Giảm tiếp" }));
    reasons(table)
}

pub async fn accept_amendment(app: &TestApp) -> Table {
    decided(app, "acceptAmendment", json!({ "expectedVersion": 2 })).await
}

pub async fn decline_amendment(app: &TestApp) -> Table {
    let input = json!({ "expectedVersion": 2, "reason": "Vẫn cần đủ" });
    reasons(decided(app, "declineAmendment", input).await)
}

/// An amendment downward that the authority of Xã Nghĩa Tá decides on, and who does not.
async fn decided(app: &TestApp, mutation: &'static str, mut input: Value) -> Table {
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let row = app.commitment(telecom.party()).with(waiting).await;
    let letter = app.document(telecom.party()).with(as_letter).await;
    let pending = app.amendment(&row, &letter).with(downward).await;
    let in_force = app.amendment(&row, &letter).await.id;
    let other = app.commune("02014").await;
    let elsewhere = app.commitment(telecom.party()).to(&other).with(waiting).await;
    let elsewhere = app.amendment(&elsewhere, &letter).with(downward).await;
    input["id"] = json!(pending.id.to_string());
    let reporter = app.member_of(officer.party()).with_role(Role::Reporter).await;
    Table::new(mutation, "commitment", officer, input)
        .shows(&row.id)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", app.telecom().await, "NOT_FOUND")
        .other("another commune", app.commune_officer("02014").await, "NOT_FOUND")
        .other("giver", telecom, "OWN_MATTER")
        .other("assigned department", app.assigned_department("02071").await, "FORBIDDEN")
        .other("coordinator before its turn", app.coordinator().await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("reporter", reporter, "FORBIDDEN")
        .hidden("id", &elsewhere.id)
        .rule(json!({ "id": in_force.to_string() }), "WRONG_STATE", "id")
}

fn waiting(row: &mut commitment::Model) {
    (row.version, row.waiting_since) = (2, Some(day("2026-11-23")));
}

/// From 100 to 60.
fn downward(row: &mut amendment::Model) {
    let schedule = Schedule(vec![Due { due_on: day("2026-12-31"), quantity: 60 }]);
    row.promise_after =
        Promise { quantity: Some(60), schedule, place_id: row.promise_before.place_id };
    row.state = State::Pending;
}
