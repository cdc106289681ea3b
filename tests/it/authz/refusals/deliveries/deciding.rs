//! What is refused of taking entries back, and of deciding on that.

use entity::{mandate::Act, member::Role};
use serde_json::{Value, json};
use tests::TestApp;

use super::{Arrival, batch, reasons, sizes};
use crate::authz::refusals::Table;

pub async fn reverse_deliveries(app: &TestApp) -> Table {
    let arrival = Arrival::new(app).await;
    let giver = arrival.giver.party();
    let carrier = app.union().await;
    let fund = app.commitment(giver).carrier(carrier.party()).await;
    let held = app.delivery(&fund).to_carrier(carrier.party()).confirmed().await;
    app.delivery(&fund).drawn_from(&held).by(carrier.party()).await;
    let promise = app.commitment(giver).await;
    let gone = app.delivery(&promise).await;
    let back = app.reverse(&gone).await;
    let receipt = app.delivery(&promise).receipt(arrival.officer.party()).await;
    let asked = app.delivery(&promise).confirmed();
    let asked = asked.with(|row| row.reversal_requested_by_id = Some(giver.id)).await;
    let agent = app.union().await;
    app.mandate(giver, agent.party()).acts([Act::Verify]).await;
    let rival = app.telecom().await;
    let theirs = app.delivery(&app.commitment(rival.party()).await).await.id;
    let viewer = app.member_of(giver).with_role(Role::Viewer).await;
    let mut input = batch(app, &arrival.entry);
    input["reason"] = json!("Nhập nhầm");
    let twice = json!({ "deliveries": vec![input["deliveries"][0].clone(); 2] });

    let table = Table::new("reverseDeliveries", "deliveries", arrival.giver.clone(), input)
        .batch("deliveries")
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("rival", rival, "NOT_FOUND")
        .other("receiver", arrival.officer.clone(), "FORBIDDEN")
        .other("agent for something else", agent, "FORBIDDEN")
        .other("department", app.assigned_department("02071").await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("viewer", viewer, "FORBIDDEN")
        .hidden("id", &theirs)
        .rule(twice, "ALREADY_RECORDED", "deliveries.1.id")
        .row(json!({ "id": receipt.id.to_string() }), "FORBIDDEN", "")
        .row(json!({ "id": gone.id.to_string() }), "WRONG_STATE", "id")
        .row(json!({ "id": back.id.to_string() }), "WRONG_STATE", "id")
        .row(json!({ "id": asked.id.to_string() }), "WRONG_STATE", "id")
        .row(json!({ "id": held.id.to_string() }), "DRAWN_UPON", "id");
    sizes(reasons(table))
}

pub async fn consent_to_reversals(app: &TestApp) -> Table {
    sizes(deciding(app, "consentToReversals", json!({})).await)
}

pub async fn refuse_reversals(app: &TestApp) -> Table {
    let table = deciding(app, "refuseReversals", json!({ "reason": "Số liệu đúng" })).await;
    sizes(reasons(table))
}

/// An entry that its giver wants back, before the receiver.
async fn deciding(app: &TestApp, mutation: &'static str, with: Value) -> Table {
    let arrival = Arrival::new(app).await;
    let giver = arrival.giver.party();
    let asked = app.delivery(&app.commitment(giver).await).confirmed();
    let asked = asked.with(|row| row.reversal_requested_by_id = Some(giver.id)).await;
    let request = app.verification(&asked, giver).with(|row| {
        row.act = entity::verification::Act::ReversalRequested;
        (row.figure, row.reason) = (None, Some("Nhập nhầm".to_owned()));
    });
    request.await;
    let agent = app.union().await;
    app.mandate(arrival.officer.party(), agent.party()).acts([Act::Accept]).await;
    let viewer = app.member_of(arrival.officer.party()).with_role(Role::Viewer).await;
    let input = super::super::changed(&batch(app, &asked), &with);
    let twice = json!({ "deliveries": vec![input["deliveries"][0].clone(); 2] });

    Table::new(mutation, "deliveries", arrival.officer.clone(), input)
        .batch("deliveries")
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("rival", app.telecom().await, "NOT_FOUND")
        .other("another commune", app.commune_officer("02014").await, "NOT_FOUND")
        .other("giver", arrival.giver.clone(), "OWN_MATTER")
        .other("agent for something else", agent, "FORBIDDEN")
        .other("department", app.assigned_department("02071").await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("viewer", viewer, "FORBIDDEN")
        .hidden("id", &arrival.theirs.id)
        .rule(twice, "ALREADY_RECORDED", "deliveries.1.id")
        .row(json!({ "id": arrival.entry.id.to_string() }), "WRONG_STATE", "id")
        .row(json!({ "id": arrival.confirmed.id.to_string() }), "WRONG_STATE", "id")
}
