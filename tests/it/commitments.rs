//! Commitments: proposed, accepted or declined, amended, withdrawn, closed, reopened and handed on;
//! by whom, for whom, when, twice, late, stale and at once. Sums and boards follow from the rows.

use entity::{amendment, board_cell, commitment, delivery};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp, ledger};

use crate::authz::mutation;

mod accepting;
mod amending;
mod batches;
mod closing;
mod declining;
mod moving;
mod proposing;
mod references;
mod reopening;
mod texts;
mod transferring;
mod withdrawing;

const SHOWN: &str = "id version status quantity reason waitingSince lastDueOn";

/// A row for 40 smartphones to Xã Nghĩa Tá by the end of the year.
async fn row(app: &TestApp) -> Value {
    json!({ "placeId": app.commune("02071").await.id.to_string(),
        "activityId": app.activity("smartphones_handed_over").await.id.to_string(),
        "quantity": "40", "schedule": [{ "dueOn": "2026-12-31", "quantity": "40" }] })
}

async fn propose(actor: &Actor, app: &TestApp, rows: Vec<Value>) -> Reply {
    send(actor, json!({ "commitments": rows, "idempotencyKey": app.key() })).await
}

/// A whole batch of proposals, as it is.
async fn send(actor: &Actor, input: Value) -> Reply {
    let shown = format!("replayed commitments {{ {SHOWN} }}");
    actor.act(&mutation("proposeCommitments", &shown), input).await
}

/// An act that names a commitment, at a version, with a reason where the act takes one.
async fn act(actor: &Actor, name: &str, row: &commitment::Model, version: i32) -> Reply {
    let mut input = json!({ "id": row.id.to_string(), "expectedVersion": version });
    if name != "acceptCommitment" {
        input["reason"] = json!("Theo biên bản");
    }
    actor.act(&mutation(name, &format!("commitment {{ {SHOWN} }}")), input).await
}

/// What an amendment asks for: another quantity by the end of the year.
async fn to(app: &TestApp, row: &commitment::Model, quantity: &str) -> Value {
    let paper = app.document(&giver_of(app, row).await).await;
    json!({ "id": row.id.to_string(), "expectedVersion": row.version,
        "documentId": paper.id.to_string(), "reason": "Theo biên bản", "quantity": quantity,
        "schedule": [{ "dueOn": "2026-12-31", "quantity": quantity }],
        "idempotencyKey": app.key() })
}

async fn giver_of(app: &TestApp, row: &commitment::Model) -> entity::party::Model {
    let parties = app.all(entity::party::Entity).await;
    parties.into_iter().find(|party| party.id == row.giver_id).unwrap()
}

async fn amend(actor: &Actor, input: Value) -> Reply {
    let shown = format!("replayed commitment {{ {SHOWN} amendments {{ id state }} }}");
    actor.act(&mutation("amendCommitment", &shown), input).await
}

/// What the receiver says about the one amendment that waits.
async fn decide(actor: &Actor, app: &TestApp, name: &str, version: i32) -> Reply {
    let waiting = app.all(amendment::Entity).await.into_iter();
    let waiting: Vec<_> = waiting.filter(|row| row.state == amendment::State::Pending).collect();
    let [pending] = &waiting[..] else { panic!("not one amendment waits: {waiting:?}") };
    let mut input = json!({ "id": pending.id.to_string(), "expectedVersion": version });
    if name == "declineAmendment" {
        input["reason"] = json!("Vẫn cần đủ");
    }
    actor.act(&mutation(name, &format!("commitment {{ {SHOWN} }}")), input).await
}

/// The one commitment there is.
async fn the_one(app: &TestApp) -> commitment::Model {
    let rows = app.all(commitment::Entity).await;
    let [row] = &rows[..] else { panic!("not one commitment: {rows:?}") };
    row.clone()
}

/// Progress and board are what the rows of the ledger make them.
async fn follows(app: &TestApp) {
    let commitments = app.all(commitment::Entity).await;
    let deliveries = app.all(delivery::Entity).await;
    for row in &commitments {
        let progress = ledger::progress(row, &deliveries);
        let (sums, open) = (progress.sums, progress.open_entries);
        let kept = (row.reported, row.confirmed, row.unverified, row.disputed, row.difference);
        let made = (sums.reported, sums.confirmed, sums.unverified, sums.disputed, sums.difference);
        assert_eq!((kept, row.open_entries), (made, open), "progress of {}", row.id);
        assert_eq!(row.unmet_on, progress.unmet_on, "first date not met of {}", row.id);
    }
    let made = ledger::cells(&commitments, &deliveries);
    let kept = app.all(board_cell::Entity).await.into_iter().map(|cell| {
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
    let kept = kept.filter(|(_, sums)| *sums != ledger::Sums::default()).collect();
    assert_eq!(made, kept, "the board follows from the ledger");
}

/// How much is promised on the board, in all.
async fn promised(app: &TestApp) -> i64 {
    app.all(board_cell::Entity).await.iter().map(|cell| cell.promised).sum()
}

/// The codes of what was refused, once many have asked at once; no fault is among them.
async fn codes(requests: Vec<tokio::task::JoinHandle<Reply>>) -> Vec<String> {
    let mut codes = Vec::new();
    for request in requests {
        let reply = request.await.unwrap();
        assert!(reply.errors().is_empty(), "{}", reply.text);
        codes.extend(reply.refusals().iter().map(|r| r["code"].as_str().unwrap().to_owned()));
    }
    codes
}
