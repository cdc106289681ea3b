//! What was run is counted, per operation, party and day.

use api::domain::operation::uses;
use entity::{operation_use, party::Kind};
use serde_json::json;
use tests::{TestApp, day};

use super::PLACE;

const USAGE: &str = "{ operations(first: 1) { nodes { usage { day uses lastUsedAt } } }
    sharedOperations { name usage { day uses } } }";

#[tokio::test]
async fn runs_are_counted_by_operation_party_and_day() {
    let app = TestApp::start().await;
    let (bank, other) = (app.bank().await, app.bank().await);
    let operation = app.operation(bank.party(), "Place", PLACE).await;
    app.operation_use(&operation, "2026-11-20").await;
    app.operation_use(&operation, "2026-10-01").await;

    for _ in 0..3 {
        bank.call("Place", json!({ "code": "02014" })).await;
    }
    other.call("WhoAmI", json!({})).await;
    app.public().call("OpenNeeds", json!({ "first": 1 })).await;
    bank.call("Place", json!({ "code": 1 })).await;
    uses::write(&app.api).await.unwrap();
    bank.call("Place", json!({ "code": "02014" })).await;
    uses::write(&app.api).await.unwrap();

    let usage = bank.ask(USAGE).await;
    let shown = usage.at("/operations/nodes/0/usage");
    assert_eq!(shown[0]["day"], "2026-11-23");
    assert_eq!((&shown[0]["uses"], &shown[1]["day"]), (&json!(4), &json!("2026-11-20")));
    assert_eq!(shown.as_array().unwrap().len(), 2, "of the last thirty days");
    let of_shared = other.ask(USAGE).await;
    let shared = of_shared.at("/sharedOperations").as_array().unwrap();
    let used: Vec<_> = shared.iter().filter(|row| row["usage"] != json!([])).collect();
    assert!(matches!(used[..], [row] if row["name"] == "WhoAmI" && row["usage"][0]["uses"] == 1));
    assert_eq!(app.all(operation_use::Entity).await.len(), 4);
}

#[tokio::test]
async fn what_could_not_be_written_is_written_later() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    bank.call("WhoAmI", json!({})).await;
    app.sql("ALTER TABLE operation_use RENAME TO away").await.unwrap();

    let failed = uses::write(&app.api).await;
    app.sql("ALTER TABLE away RENAME TO operation_use").await.unwrap();
    bank.call("WhoAmI", json!({})).await;
    uses::write(&app.api).await.unwrap();

    assert!(failed.is_err());
    let rows = app.all(operation_use::Entity).await;
    assert!(matches!(&rows[..], [row] if row.uses == 2 && row.party_id == bank.party().id));
}

#[tokio::test]
async fn two_writers_of_one_count_add_up() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let operation = app.operation(bank.party(), "Place", PLACE).await;
    app.operation_use(&operation, "2026-11-23").with(|row| row.uses = 40).await;

    bank.call("Place", json!({ "code": "02014" })).await;
    let (one, other) = tokio::join!(uses::write(&app.api), uses::write(&app.api));

    assert!(one.is_ok() && other.is_ok());
    let rows = app.all(operation_use::Entity).await;
    assert!(matches!(&rows[..], [row] if row.uses == 41));
}

#[tokio::test]
async fn old_counts_are_forgotten() {
    let app = TestApp::start().await;
    let operation = app.operation(&app.party(Kind::Bank).await, "Place", PLACE).await;
    app.operation_use(&operation, "2025-10-01").await;
    app.operation_use(&operation, "2025-11-01").await;

    let gone = uses::forget_old(&app.api).await.unwrap();

    let rows = app.all(operation_use::Entity).await;
    assert_eq!((gone, rows[0].day), (1, day("2025-11-01")));
}
