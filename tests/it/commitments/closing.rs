//! Closing: either side what is fulfilled with nothing open; the coordinator any time, with a
//! reason.

use entity::{commitment::Status, party::Kind};
use serde_json::json;
use tests::{Actor, Reply, TestApp};

use super::{amend, follows, promised, the_one, to};
use crate::authz::{last_event, mutation};

async fn close(actor: &Actor, id: &impl ToString, version: i32, reason: &str) -> Reply {
    let input = json!({ "id": id.to_string(), "expectedVersion": version, "reason": reason });
    let shown = format!("commitment {{ {} health closedAt }}", super::SHOWN);
    actor.act(&mutation("closeCommitment", &shown), input).await
}

#[tokio::test]
async fn either_side_closes_what_is_fulfilled() {
    let app = TestApp::start().await;
    let (telecom, joint, carrier) = (app.telecom().await, app.bank().await, app.union().await);
    let officer = app.commune_officer("02071").await;
    for who in [&telecom, &joint, &carrier, &officer] {
        let row = app.commitment(telecom.party()).joint(joint.party()).carrier(carrier.party());
        let row = row.await;
        app.delivery(&row).quantity(100).confirmed().await;

        let reply = close(who, &row.id, 1, "").await;

        let shown = &reply.expect_ok()["closeCommitment"]["commitment"];
        assert_eq!((&shown["status"], &shown["health"]), (&json!("CLOSED"), &json!("FULFILLED")));
        assert!(shown["closedAt"].is_string() && shown["reason"].is_null());
    }
    assert_eq!(promised(&app).await, 400, "what is closed stays promised");
    assert_eq!(last_event(&app).await.0.r#type, "COMMITMENT_CLOSED");
    follows(&app).await;
}

#[tokio::test]
async fn nothing_may_be_open() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let row = app.commitment(telecom.party()).await;
    app.delivery(&row).quantity(100).confirmed().await;
    let disputed = app.delivery(&row).disputed(3).await;

    let reply = close(&telecom, &row.id, 1, "").await;
    assert_eq!(reply.expect_refusal("STILL_OPEN")["params"][0]["value"], "1");
    app.reverse(&disputed).await;
    app.delivery(&row)
        .with(|row| row.reversal_requested_by_id = Some(row.giver_id))
        .confirmed()
        .await;
    close(&telecom, &row.id, 1, "").await.expect_refusal("STILL_OPEN");

    assert_eq!(the_one(&app).await.status, Status::Active);
}

#[tokio::test]
async fn an_amendment_that_waits_is_open() {
    let app = TestApp::start().await;
    let (telecom, coordinator) = (app.telecom().await, app.coordinator().await);
    let row = app.commitment(telecom.party()).await;
    app.delivery(&row).quantity(100).confirmed().await;
    amend(&telecom, to(&app, &row, "60").await).await.expect_ok();

    close(&telecom, &row.id, 2, "").await.expect_refusal("STILL_OPEN");
    close(&coordinator, &row.id, 2, "Hết chương trình").await.expect_ok();

    assert!(last_event(&app).await.1["superseded"].is_string());
    assert_eq!(the_one(&app).await.waiting_since, None);
}

#[tokio::test]
async fn the_coordinator_closes_any_time_and_says_why() {
    let app = TestApp::start().await;
    let (telecom, coordinator) = (app.telecom().await, app.coordinator().await);
    let row = app.commitment(telecom.party()).open().await;
    app.delivery(&row).await;

    close(&telecom, &row.id, 1, "Xong").await.expect_refusal("STILL_OPEN");
    close(&coordinator, &row.id, 1, " ").await.expect_refusal_at("BLANK", "reason");
    close(&coordinator, &row.id, 1, "Hết chương trình").await.expect_ok();

    let kept = the_one(&app).await;
    assert_eq!((kept.status, kept.reason.as_deref()), (Status::Closed, Some("Hết chương trình")));
    follows(&app).await;
}

#[tokio::test]
async fn an_open_promise_is_never_fulfilled() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let row = app.commitment(telecom.party()).open().await;
    app.delivery(&row).quantity(1_000).confirmed().await;

    let reply = close(&telecom, &row.id, 1, "").await;

    let refusal = reply.expect_refusal("NOT_FULFILLED");
    assert_eq!(refusal["params"][0], json!({ "name": "confirmed", "value": "1000" }));
}

#[tokio::test]
async fn the_coordinators_own_is_closed_unfulfilled_by_the_leadership_only() {
    let app = TestApp::start().await;
    let (coordinator, leadership) = (app.coordinator().await, app.leadership().await);
    let own = app.commitment(coordinator.party()).await;
    let telecom = app.party(Kind::TelecomCompany).await;
    let other = app.commitment(&telecom).await;

    close(&coordinator, &own.id, 1, "Thôi").await.expect_refusal("OWN_MATTER");
    close(&leadership, &other.id, 1, "Thôi").await.expect_refusal("FORBIDDEN");
    close(&leadership, &own.id, 1, "Thôi").await.expect_ok();
    assert_eq!(app.reload(&own).await.status, Status::Closed);

    let done = app.commitment(coordinator.party()).await;
    app.delivery(&done).quantity(100).confirmed().await;
    close(&coordinator, &done.id, 1, "").await.expect_ok();
}

#[tokio::test]
async fn the_authority_of_the_province_closes_nothing_promised_to_it() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let row = app.commitment(telecom.party()).to(&app.province().await).await;
    app.delivery(&row).quantity(100).confirmed().await;

    close(&app.leadership().await, &row.id, 1, "").await.expect_refusal("FORBIDDEN");
    close(&app.coordinator().await, &row.id, 1, "").await.expect_ok();

    assert_eq!(the_one(&app).await.status, Status::Closed);
}
