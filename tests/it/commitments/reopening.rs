//! Reopening: the coordinator, with a reason; then the ledger goes on.

use entity::commitment::{self, Status};
use serde_json::json;
use tests::TestApp;

use super::{act, codes, follows, promised, the_one};
use crate::authz::last_event;

const REOPEN: &str = "reopenCommitment";

fn closed(row: &mut commitment::Model) {
    (row.status, row.closed_at) = (Status::Closed, row.accepted_at);
}

#[tokio::test]
async fn the_coordinator_reopens_and_deliveries_go_on() {
    let app = TestApp::start().await;
    let (telecom, coordinator) = (app.telecom().await, app.coordinator().await);
    let row = app.commitment(telecom.party()).with(closed).await;
    let entry = json!({ "commitmentId": row.id.to_string(), "quantity": 1,
        "communeId": row.place_id.to_string(), "deliveredOn": "2026-11-01" });
    let before = crate::ledger::record(&telecom, &app, vec![entry.clone()]).await;
    before.expect_refusal("WRONG_STATE");

    let reply = act(&coordinator, REOPEN, &row, 1).await;

    let shown = &reply.expect_ok()[REOPEN]["commitment"];
    assert_eq!((&shown["status"], &shown["version"]), (&json!("ACTIVE"), &json!(2)));
    let kept = the_one(&app).await;
    assert_eq!((kept.closed_at, kept.reason.as_deref()), (None, Some("Theo biên bản")));
    assert_eq!(last_event(&app).await.0.r#type, "COMMITMENT_REOPENED");
    crate::ledger::record(&telecom, &app, vec![entry]).await.expect_ok();
    assert_eq!(promised(&app).await, 100);
    follows(&app).await;
}

#[tokio::test]
async fn only_what_is_closed_reopens() {
    let app = TestApp::start().await;
    let (telecom, coordinator) = (app.telecom().await, app.coordinator().await);
    let withdrawn = app.commitment(telecom.party()).with(|row| {
        (row.status, row.reason) = (Status::Withdrawn, Some("Thôi".to_owned()));
    });
    let rows = [
        app.commitment(telecom.party()).await,
        app.commitment(telecom.party()).proposed().await,
        withdrawn.await,
    ];

    for row in &rows {
        act(&coordinator, REOPEN, row, 1).await.expect_refusal_at("WRONG_STATE", "id");
    }
}

#[tokio::test]
async fn the_coordinators_own_is_reopened_by_the_leadership() {
    let app = TestApp::start().await;
    let (coordinator, leadership) = (app.coordinator().await, app.leadership().await);
    let own = app.commitment(coordinator.party()).with(closed).await;
    let other = app.commitment(app.telecom().await.party()).with(closed).await;

    act(&coordinator, REOPEN, &own, 1).await.expect_refusal("OWN_MATTER");
    act(&leadership, REOPEN, &other, 1).await.expect_refusal("FORBIDDEN");
    act(&leadership, REOPEN, &own, 1).await.expect_ok();

    assert_eq!(app.reload(&own).await.status, Status::Active);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_reopen_at_once_one_does() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let row = app.commitment(app.telecom().await.party()).with(closed).await;
    app.settle().await;
    let requests = (0..4).map(|_| {
        let (coordinator, row) = (coordinator.clone(), row.clone());
        tokio::spawn(async move { act(&coordinator, REOPEN, &row, 1).await })
    });

    let refused = codes(requests.collect()).await;

    assert_eq!(refused, vec!["STALE_VERSION"; 3]);
    assert_eq!(the_one(&app).await.version, 2);
}
