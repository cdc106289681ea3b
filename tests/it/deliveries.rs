//! Deliveries: what is written in the ledger and by whom, what the other side says of it, and how
//! each of these is taken back. After each act sums and cells are held against the ledger.

use std::collections::BTreeMap;

use entity::{board_cell, commitment, delivery, event, place, verification};
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp, ledger};

use crate::authz::{last_event, mutation};

mod agreeing;
mod batches;
mod carrying;
mod concurrent;
mod confirming;
mod deciding;
mod disputing;
mod line;
mod own_matter;
mod receipts;
mod recording;
mod referring;
mod removals;
mod reversing;
mod settling;
mod silent;

const SHOWN: &str = "id version state stage side quantity received agreed drawn remaining
    deliveredOn externalReference reason waitingSince commune { code } giver { code }
    via { code } reportedBy { code } enteredBy { code } reversalRequestedBy { code }
    evidence { number hash url }";

/// A company that promised 100 smartphones to a commune, for the parties only.
struct Ground {
    app: TestApp,
    giver: Actor,
    officer: Actor,
    commune: place::Model,
    commitment: commitment::Model,
}

impl Ground {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let (giver, officer) = (app.telecom().await, app.commune_officer("02014").await);
        let commune = app.commune("02014").await;
        let commitment = app.commitment(giver.party()).to(&commune).await;
        Self { app, giver, officer, commune, commitment }
    }

    /// 10 of what was promised, today, as a row of `recordDeliveries`.
    fn row(&self) -> Value {
        row(&self.app, &self.commitment, &self.commune)
    }

    /// What waits for the officer's word.
    async fn reported(&self) -> delivery::Model {
        self.app.delivery(&self.commitment).await
    }

    async fn record(&self, actor: &Actor, rows: Value) -> Reply {
        record(actor, json!({ "deliveries": rows, "idempotencyKey": self.app.key() })).await
    }
}

fn row(app: &TestApp, commitment: &commitment::Model, commune: &place::Model) -> Value {
    use api::clock::Clock;
    json!({ "commitmentId": commitment.id.to_string(), "communeId": commune.id.to_string(),
        "quantity": "10", "deliveredOn": app.clock.today() })
}

async fn record(actor: &Actor, input: Value) -> Reply {
    batch(actor, "recordDeliveries", input).await
}

/// Sends a mutation of many entries.
async fn batch(actor: &Actor, field: &str, input: Value) -> Reply {
    actor.act(&mutation(field, &format!("replayed deliveries {{ {SHOWN} }}")), input).await
}

/// Sends a mutation of one entry.
async fn one(actor: &Actor, field: &str, input: Value) -> Reply {
    actor.act(&mutation(field, &format!("replayed delivery {{ {SHOWN} }}")), input).await
}

/// Some entries at the versions that they have, for a mutation of many.
fn of(app: &TestApp, entries: &[&delivery::Model]) -> Value {
    let rows = entries
        .iter()
        .map(|entry| json!({ "id": entry.id.to_string(), "expectedVersion": entry.version }));
    json!({ "deliveries": rows.collect::<Vec<_>>(), "idempotencyKey": app.key() })
}

/// The same with a reason.
fn because(app: &TestApp, entries: &[&delivery::Model]) -> Value {
    with(of(app, entries), "reason", "Nhập nhầm")
}

/// One entry at the version that it has, for a mutation of one.
fn at(app: &TestApp, entry: &delivery::Model) -> Value {
    json!({ "id": entry.id.to_string(), "expectedVersion": entry.version,
        "idempotencyKey": app.key() })
}

/// The same with a figure and a reason.
fn figure(app: &TestApp, entry: &delivery::Model, figure: &str) -> Value {
    with(with(at(app, entry), "figure", figure), "reason", "Chúng tôi đếm lại")
}

fn with(mut input: Value, field: &str, value: impl Into<Value>) -> Value {
    input[field] = value.into();
    input
}

/// Puts a commitment as no act of anybody would.
async fn put(
    app: &TestApp,
    commitment: &commitment::Model,
    change: impl FnOnce(&mut commitment::Model),
) {
    let mut row = commitment.clone();
    change(&mut row);
    let row = row.into_active_model().reset_all();
    row.update(app.db().writer()).await.unwrap();
}

/// The entries of the ledger as they were entered.
async fn entries(app: &TestApp) -> Vec<delivery::Model> {
    let mut rows = app.all(delivery::Entity).await;
    rows.sort_unstable_by_key(|row| row.id);
    rows
}

/// What was said about an entry, in order.
async fn said(app: &TestApp, entry: &delivery::Model) -> Vec<verification::Model> {
    let mut rows = app.all(verification::Entity).await;
    rows.retain(|row| row.delivery_id == entry.id);
    rows.sort_unstable_by_key(|row| row.id);
    rows
}

/// How many events there are of a kind.
async fn events(app: &TestApp, r#type: &str) -> usize {
    app.all(event::Entity).await.iter().filter(|event| event.r#type == r#type).count()
}

/// The progress of a commitment: reported, confirmed, unverified, disputed, difference; after
/// making sure that everything derived equals the ledger.
async fn progress(app: &TestApp, commitment: &commitment::Model) -> [i64; 5] {
    sums_follow(app).await;
    let row = app.reload(commitment).await;
    [row.reported, row.confirmed, row.unverified, row.disputed, row.difference]
}

/// Progress, cells and what was handed over are what the ledger makes them, by an account of
/// their own.
async fn sums_follow(app: &TestApp) {
    let (commitments, deliveries) = (app.all(commitment::Entity).await, entries(app).await);
    for row in &commitments {
        let due = ledger::progress(row, &deliveries);
        let sums = ledger::Sums {
            promised: 0,
            reported: row.reported,
            confirmed: row.confirmed,
            unverified: row.unverified,
            disputed: row.disputed,
            difference: row.difference,
        };
        let is = ledger::Progress { sums, open_entries: row.open_entries, unmet_on: row.unmet_on };
        assert_eq!(is, due, "progress of {}", row.id);
        let agreed: i64 = deliveries
            .iter()
            .filter(|entry| entry.commitment_id == row.id && entry.commune_id.is_some())
            .filter(|entry| entry.state == delivery::State::Settled)
            .map(|entry| entry.quantity - entry.agreed.unwrap())
            .sum();
        assert_eq!(row.reported, row.confirmed + row.unverified + row.disputed + agreed);
    }
    for entry in &deliveries {
        assert_eq!(entry.drawn, ledger::drawn(entry.id, &deliveries), "drawn of {}", entry.id);
    }
    let cells = app.all(board_cell::Entity).await.into_iter().map(|cell| {
        let group = (cell.activity_id, cell.giver_id, cell.participants_id);
        let group = (group.0, group.1, group.2, cell.commitment_place_id, cell.disclosure);
        let sums = ledger::Sums {
            promised: cell.promised,
            reported: cell.reported,
            confirmed: cell.confirmed,
            unverified: cell.unverified,
            disputed: cell.disputed,
            difference: cell.difference,
        };
        ((group, (cell.place_id, cell.half_month)), sums)
    });
    let cells: BTreeMap<_, _> =
        cells.filter(|(_, sums)| *sums != ledger::Sums::default()).collect();
    assert_eq!(cells, ledger::cells(&commitments, &deliveries));
}
