//! What is refused of recording, by either side.

use entity::{commitment::Status, mandate::Act, member::Role};
use serde_json::{Value, json};
use tests::TestApp;

use crate::authz::refusals::Table;

/// What no quantity, day, evidence or reference may be, in either mutation.
fn figures() -> Vec<(Value, &'static str, &'static str)> {
    vec![
        (json!({ "quantity": "0" }), "OUT_OF_RANGE", "quantity"),
        (json!({ "quantity": "-1" }), "OUT_OF_RANGE", "quantity"),
        (json!({ "quantity": "1.5" }), "INVALID_FORMAT", "quantity"),
        (json!({ "quantity": "1000000000000001" }), "OUT_OF_RANGE", "quantity"),
        (json!({ "deliveredOn": "2026-11-24" }), "OUT_OF_RANGE", "deliveredOn"),
        (json!({ "evidence": { "hash": "xyz" } }), "INVALID_FORMAT", "evidence"),
        (json!({ "evidence": { "url": "ftp://vnpt.example" } }), "INVALID_FORMAT", "evidence"),
        (json!({ "evidence": { "number": "0912345678" } }), "PERSONAL_DATA", "evidence"),
        (json!({ "externalReference": "1-A" }), "INVALID_FORMAT", "externalReference"),
        (json!({ "externalReference": "A-123456789" }), "PERSONAL_DATA", "externalReference"),
    ]
}

pub async fn record_deliveries(app: &TestApp) -> Table {
    let (giver, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let promise = app.commitment(giver.party()).await;
    let proposed = app.commitment(giver.party()).proposed().await.id;
    let declined = app.commitment(giver.party()).with(|row| {
        (row.status, row.reason) = (Status::Declined, Some("Không cần".to_owned()));
    });
    let declined = declined.await.id;
    let (commune, outside) = (app.commune("02071").await, app.commune("02014").await);
    let old = app.place_on("02071", "2025-06-30").await;
    let rival = app.telecom().await;
    let theirs = app.commitment(rival.party()).await.id;
    let agent = app.union().await;
    app.mandate(giver.party(), agent.party()).acts([Act::Verify]).await;
    let known = app.delivery(&promise).with(|row| row.external_reference = Some("A-1".into()));
    known.await;
    let wifi = app.activity("public_wifi_points").await.id.to_string();
    let viewer = app.member_of(giver.party()).with_role(Role::Viewer).await;
    let input = json!({ "deliveries": [{ "commitmentId": promise.id.to_string(),
            "communeId": commune.id.to_string(), "quantity": "10", "deliveredOn": "2026-11-23" }],
        "idempotencyKey": app.key() });

    let table = Table::new("recordDeliveries", "deliveries", giver, input)
        .batch("deliveries")
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("rival", rival, "NOT_FOUND")
        .other("receiver", officer, "FORBIDDEN")
        .other("agent for something else", agent, "FORBIDDEN")
        .other("department", app.assigned_department("02071").await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("viewer", viewer, "FORBIDDEN")
        .hidden("commitmentId", &theirs)
        .row(json!({ "commitmentId": proposed.to_string() }), "WRONG_STATE", "commitmentId")
        .row(json!({ "commitmentId": declined.to_string() }), "WRONG_STATE", "commitmentId")
        .row(json!({ "activityId": wifi }), "EXACTLY_ONE", "commitmentId")
        .row(json!({ "commitmentId": null }), "EXACTLY_ONE", "commitmentId")
        .row(json!({ "communeId": null }), "REQUIRED", "communeId")
        .row(json!({ "communeId": outside.id.to_string() }), "OUTSIDE_PLACE", "communeId")
        .row(json!({ "communeId": old.id.to_string() }), "OUTSIDE_VALIDITY", "communeId")
        .row(json!({ "deliveredOn": "2025-06-30" }), "OUTSIDE_VALIDITY", "communeId")
        .row(json!({ "stage": "TO_CARRIER" }), "WRONG_KIND", "stage")
        .row(json!({ "stage": "HANDED_OVER" }), "REQUIRED", "drawnFromId")
        .row(json!({ "reason": "Dỡ bỏ" }), "NOT_APPLICABLE", "reason")
        .row(json!({ "externalReference": "A-1" }), "ALREADY_RECORDED", "externalReference");
    let rules = figures().into_iter();
    let table = rules.fold(table, |table, (change, code, field)| table.row(change, code, field));
    sizes_of_rows(table)
}

/// What a batch of new entries may not be.
fn sizes_of_rows(table: Table) -> Table {
    let row = json!({ "quantity": "1", "deliveredOn": "2026-11-23" });
    table
        .rule(json!({ "deliveries": [] }), "WRONG_COUNT", "deliveries")
        .rule(json!({ "deliveries": vec![row; 501] }), "WRONG_COUNT", "deliveries")
        .mismatch(json!({ "errorPolicy": "REJECT_FAILED_ROWS" }))
}

pub async fn record_receipt(app: &TestApp) -> Table {
    let (giver, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let promise = app.commitment(giver.party()).await;
    let proposed = app.commitment(giver.party()).proposed().await.id;
    let own = app.commitment(giver.party()).joint(officer.party()).await.id;
    let wide = app.commitment(giver.party()).to(&app.province().await).await.id;
    let commune = app.commune("02071").await.id.to_string();
    let neighbour = app.commune("02014").await;
    let theirs = app.commitment(giver.party()).to(&neighbour).await.id;
    let agent = app.union().await;
    app.mandate(officer.party(), agent.party()).acts([Act::Record, Act::RaiseNeed]).await;
    let viewer = app.member_of(officer.party()).with_role(Role::Viewer).await;
    let input = json!({ "commitmentId": promise.id.to_string(), "communeId": commune,
        "quantity": "10", "deliveredOn": "2026-11-23", "idempotencyKey": app.key() });
    let next_door = json!({ "commitmentId": wide.to_string(),
        "communeId": neighbour.id.to_string() });

    let table = Table::new("recordReceipt", "delivery", officer, input)
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("rival", app.telecom().await, "NOT_FOUND")
        .other("giver", giver, "FORBIDDEN")
        .other("another commune", app.commune_officer("02014").await, "NOT_FOUND")
        .other("agent for something else", agent, "FORBIDDEN")
        .other("department", app.assigned_department("02071").await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("viewer", viewer, "FORBIDDEN")
        .hidden("commitmentId", &theirs)
        .rule(next_door, "FORBIDDEN", "")
        .rule(json!({ "commitmentId": own.to_string() }), "OWN_MATTER", "")
        .rule(json!({ "commitmentId": proposed.to_string() }), "WRONG_STATE", "commitmentId")
        .rule(json!({ "commitmentId": null }), "EXACTLY_ONE", "commitmentId")
        .rule(json!({ "deliveredOn": "2025-06-30" }), "OUTSIDE_VALIDITY", "communeId")
        .mismatch(json!({ "quantity": "11" }));
    figures()
        .into_iter()
        .fold(table, |table, (change, code, field)| table.rule(change, code, field))
}
