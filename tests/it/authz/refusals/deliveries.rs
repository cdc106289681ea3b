//! What is refused of deliveries.

use entity::{delivery, mandate::Act, member::Role, party::Kind};
use serde_json::{Value, json};
use tests::{Actor, TestApp};

use super::Table;

mod deciding;
mod recording;

pub use deciding::{consent_to_reversals, refuse_reversals, reverse_deliveries};
pub use recording::{record_deliveries, record_receipt};

/// An entry as it was read, in a batch of its own.
fn batch(app: &TestApp, entry: &delivery::Model) -> Value {
    json!({ "deliveries": [{ "id": entry.id.to_string(), "expectedVersion": entry.version }],
        "errorPolicy": "REJECT_ALL", "idempotencyKey": app.key() })
}

/// An entry as it was read, with one's own figure beside it.
fn figure(app: &TestApp, entry: &delivery::Model, figure: &str) -> Value {
    json!({ "id": entry.id.to_string(), "expectedVersion": entry.version, "figure": figure,
        "reason": "Đếm lại theo biên bản", "idempotencyKey": app.key() })
}

/// Reasons that no request may give.
fn reasons(table: Table) -> Table {
    table
        .rule(json!({ "reason": " \u{a0} " }), "BLANK", "reason")
        .rule(json!({ "reason": "a".repeat(2_001) }), "TOO_LONG", "reason")
        .rule(json!({ "reason": "Gọi 0912 345 678" }), "PERSONAL_DATA", "reason")
        .rule(json!({ "reason": "ẩn\u{200b}" }), "INVALID_FORMAT", "reason")
}

/// What a batch may not be.
fn sizes(table: Table) -> Table {
    let row = json!({ "id": "delivery_0", "expectedVersion": 1 });
    table
        .rule(json!({ "deliveries": [] }), "WRONG_COUNT", "deliveries")
        .rule(json!({ "deliveries": vec![row; 501] }), "WRONG_COUNT", "deliveries")
        .mismatch(json!({ "errorPolicy": "REJECT_FAILED_ROWS" }))
}

/// A company's promise to Xã Nghĩa Tá, and everybody who has no say in what arrives on it.
struct Arrival {
    giver: Actor,
    officer: Actor,
    entry: delivery::Model,
    /// Of another commune.
    theirs: delivery::Model,
    confirmed: delivery::Model,
}

impl Arrival {
    async fn new(app: &TestApp) -> Self {
        let (giver, officer) = (app.telecom().await, app.commune_officer("02071").await);
        let promise = app.commitment(giver.party()).await;
        let elsewhere = app.commitment(giver.party()).to(&app.commune("02014").await).await;
        Self {
            entry: app.delivery(&promise).await,
            theirs: app.delivery(&elsewhere).await,
            confirmed: app.delivery(&promise).confirmed().await,
            giver,
            officer,
        }
    }

    /// Those who may not verify it, of whom a stranger is told this.
    async fn judges(&self, app: &TestApp, table: Table, stranger: &'static str) -> Table {
        let agent = app.union().await;
        app.mandate(self.officer.party(), agent.party()).acts([Act::Accept]).await;
        let reporter = app.member_of(self.officer.party()).with_role(Role::Viewer).await;
        table
            .other("stranger", app.stranger(), stranger)
            .other("rival", app.telecom().await, "NOT_FOUND")
            .other("another commune", app.commune_officer("02014").await, "NOT_FOUND")
            .other("giver", self.giver.clone(), "OWN_MATTER")
            .other("agent for something else", agent, "FORBIDDEN")
            .other("department", app.assigned_department("02071").await, "FORBIDDEN")
            .other("coordinator before its turn", app.coordinator().await, "FORBIDDEN")
            .other("leadership", app.leadership().await, "FORBIDDEN")
            .other("viewer", reporter, "FORBIDDEN")
    }
}

pub async fn confirm_deliveries(app: &TestApp) -> Table {
    let arrival = Arrival::new(app).await;
    let (entry, confirmed) = (&arrival.entry, arrival.confirmed.id.to_string());
    let input = batch(app, entry);
    let twice = json!({ "deliveries": vec![input["deliveries"][0].clone(); 2] });
    let table = Table::new("confirmDeliveries", "deliveries", arrival.officer.clone(), input);
    let table = table.batch("deliveries");
    let table = arrival.judges(app, table, "FORBIDDEN").await;
    let table = table
        .hidden("id", &arrival.theirs.id)
        .rule(twice, "ALREADY_RECORDED", "deliveries.1.id")
        .row(json!({ "id": confirmed }), "WRONG_STATE", "id");
    sizes(table)
}

pub async fn dispute_delivery(app: &TestApp) -> Table {
    let arrival = Arrival::new(app).await;
    let (entry, confirmed) = (&arrival.entry, arrival.confirmed.id.to_string());
    let input = figure(app, entry, "7");
    let table = Table::new("disputeDelivery", "delivery", arrival.officer.clone(), input);
    let table = arrival.judges(app, table, "NOT_FOUND").await;
    let table = table
        .hidden("id", &arrival.theirs.id)
        .rule(json!({ "id": confirmed }), "WRONG_STATE", "id")
        .rule(json!({ "figure": "10" }), "SAME_FIGURE", "figure")
        .rule(json!({ "figure": "-1" }), "OUT_OF_RANGE", "figure")
        .rule(json!({ "figure": "7.5" }), "INVALID_FORMAT", "figure")
        .rule(json!({ "figure": "1000000000000001" }), "OUT_OF_RANGE", "figure")
        .mismatch(json!({ "figure": "8" }));
    reasons(table)
}

pub async fn agree_delivery(app: &TestApp) -> Table {
    let arrival = Arrival::new(app).await;
    let promise = app.commitment(arrival.giver.party()).await;
    let disputed = app.delivery(&promise).disputed(7).await;
    let agent = app.union().await;
    app.mandate(arrival.officer.party(), agent.party()).acts([Act::Accept, Act::Record]).await;
    let reporter = app.member_of(arrival.giver.party()).with_role(Role::Reporter).await;
    let other = arrival.theirs.id;
    let input = json!({ "id": disputed.id.to_string(), "expectedVersion": 1,
        "idempotencyKey": app.key() });
    let rival = app.telecom().await;
    let hidden = app.commitment(rival.party()).await;
    let hidden = app.delivery(&hidden).disputed(7).await.id;
    Table::new("agreeDelivery", "delivery", arrival.giver.clone(), input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("another commune", app.commune_officer("02014").await, "NOT_FOUND")
        .other("agent for something else", agent, "FORBIDDEN")
        .other("department", app.assigned_department("02071").await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("reporter", reporter, "FORBIDDEN")
        .hidden("id", &hidden)
        .rule(json!({ "id": other.to_string() }), "WRONG_STATE", "id")
        .rule(json!({ "id": arrival.confirmed.id.to_string() }), "WRONG_STATE", "id")
        .mismatch(json!({ "expectedVersion": 2 }))
}

pub async fn settle_delivery(app: &TestApp) -> Table {
    let arrival = Arrival::new(app).await;
    let promise = app.commitment(arrival.giver.party()).await;
    let disputed = app.delivery(&promise).disputed(7).await;
    let coordinator = app.coordinator().await;
    let old = app.party(Kind::Department).valid("2025-07-01", Some("2026-01-01")).await;
    app.party_succession(&old, coordinator.party(), "2026-01-01").await;
    let own = app.delivery(&app.commitment(&old).await).disputed(7).await.id;
    let reporter = app.member_of(coordinator.party()).with_role(Role::Reporter).await;
    let (entry, confirmed) = (arrival.entry.id.to_string(), arrival.confirmed.id.to_string());
    let input = figure(app, &disputed, "8");
    let table = Table::new("settleDelivery", "delivery", coordinator, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", app.telecom().await, "NOT_FOUND")
        .other("giver", arrival.giver.clone(), "FORBIDDEN")
        .other("receiver", arrival.officer.clone(), "FORBIDDEN")
        .other("department", app.assigned_department("02071").await, "FORBIDDEN")
        .other("leadership before its turn", app.leadership().await, "FORBIDDEN")
        .other("reporter", reporter, "FORBIDDEN")
        .rule(json!({ "id": own.to_string() }), "OWN_MATTER", "")
        .rule(json!({ "id": entry }), "WRONG_STATE", "id")
        .rule(json!({ "id": confirmed }), "WRONG_STATE", "id")
        .rule(json!({ "figure": "-1" }), "OUT_OF_RANGE", "figure")
        .rule(json!({ "figure": "7.5" }), "INVALID_FORMAT", "figure")
        .mismatch(json!({ "figure": "9" }));
    reasons(table)
}
