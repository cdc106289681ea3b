//! Withdrawing: the giver takes a promise back, with a reason; what was delivered stays.

use entity::{
    amendment::{self, State},
    board_cell,
    commitment::Status,
    delivery,
};
use serde_json::json;
use tests::TestApp;

use super::{act, amend, follows, promised, the_one, to};
use crate::authz::last_event;

const WITHDRAW: &str = "withdrawCommitment";

#[tokio::test]
async fn the_giver_withdraws_and_its_deliveries_stay() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let row = app.commitment(telecom.party()).await;
    let entry = app.delivery(&row).confirmed().await;
    app.delivery(&row).await;

    let reply = act(&telecom, WITHDRAW, &row, 1).await;

    let shown = &reply.expect_ok()[WITHDRAW]["commitment"];
    assert_eq!(
        (&shown["status"], &shown["reason"]),
        (&json!("WITHDRAWN"), &json!("Theo biên bản"))
    );
    assert_eq!(promised(&app).await, 0);
    let cells = app.all(board_cell::Entity).await;
    assert_eq!(cells.iter().map(|cell| cell.reported).sum::<i64>(), 20);
    assert_eq!(app.reload(&entry).await, entry);
    let seen = officer.ask("{ deliveries(first: 9) { totalCount } }").await;
    assert_eq!(seen.at("/deliveries/totalCount"), 2);
    assert_eq!(last_event(&app).await.0.r#type, "COMMITMENT_WITHDRAWN");
    follows(&app).await;
}

#[tokio::test]
async fn what_waited_for_the_receiver_waits_no_longer() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let row = app.commitment(telecom.party()).await;
    amend(&telecom, to(&app, &row, "60").await).await.expect_ok();

    act(&telecom, WITHDRAW, &row, 2).await.expect_ok();

    let amendment = &app.all(amendment::Entity).await[0];
    assert_eq!(amendment.state, State::Superseded);
    assert_eq!(last_event(&app).await.1["superseded"], amendment.id.to_string());
    assert_eq!(the_one(&app).await.waiting_since, None);
}

#[tokio::test]
async fn nothing_is_done_on_what_was_withdrawn() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let row = app.commitment(telecom.party()).proposed().await;
    act(&telecom, WITHDRAW, &row, 1).await.expect_ok();

    for (who, name) in
        [(&officer, "acceptCommitment"), (&officer, "declineCommitment"), (&telecom, WITHDRAW)]
    {
        act(who, name, &row, 2).await.expect_refusal_at("WRONG_STATE", "id");
    }
    let mut input = to(&app, &row, "120").await;
    input["expectedVersion"] = json!(2);
    amend(&telecom, input).await.expect_refusal_at("WRONG_STATE", "id");
    let entry = json!({ "commitmentId": row.id.to_string(), "quantity": 1,
        "communeId": row.place_id.to_string(), "deliveredOn": "2026-11-01" });
    let reply = crate::ledger::record(&telecom, &app, vec![entry]).await;
    reply.expect_refusal("WRONG_STATE");

    assert_eq!(the_one(&app).await.status, Status::Withdrawn);
    assert!(app.all(delivery::Entity).await.is_empty());
}

#[tokio::test]
async fn neither_joint_giver_nor_carrier_takes_back_what_another_promised() {
    let app = TestApp::start().await;
    let (telecom, joint, carrier) = (app.telecom().await, app.bank().await, app.union().await);
    let row = app.commitment(telecom.party()).joint(joint.party()).carrier(carrier.party()).await;

    for other in [joint, carrier] {
        act(&other, WITHDRAW, &row, 1).await.expect_refusal("FORBIDDEN");
    }

    assert_eq!(app.reload(&row).await, row);
}
