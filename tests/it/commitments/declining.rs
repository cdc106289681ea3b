//! Declining: with a reason, once, and a new proposal may come after.

use entity::commitment::Status;
use serde_json::json;
use tests::TestApp;

use super::{act, follows, promised, propose, row};
use crate::authz::last_event;

const DECLINE: &str = "declineCommitment";

#[tokio::test]
async fn the_commune_declines_with_its_reason() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let proposal = app.commitment(telecom.party()).proposed().await;

    let reply = act(&officer, DECLINE, &proposal, 1).await;

    let shown = &reply.expect_ok()[DECLINE]["commitment"];
    assert_eq!((&shown["status"], &shown["reason"]), (&json!("DECLINED"), &json!("Theo biên bản")));
    let kept = app.reload(&proposal).await;
    assert_eq!((kept.status, kept.version, kept.waiting_since), (Status::Declined, 2, None));
    assert_eq!(promised(&app).await, 0);
    let (event, data) = last_event(&app).await;
    assert_eq!(
        (&*event.r#type, &data["after"]["reason"]),
        ("COMMITMENT_DECLINED", &json!("Theo biên bản"))
    );
    follows(&app).await;
}

#[tokio::test]
async fn a_declined_proposal_is_not_decided_again() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let proposal = app.commitment(telecom.party()).proposed().await;
    act(&officer, DECLINE, &proposal, 1).await.expect_ok();

    for name in [DECLINE, "acceptCommitment"] {
        let reply = act(&officer, name, &proposal, 2).await;
        let refusal = reply.expect_refusal_at("WRONG_STATE", "id");
        assert_eq!(refusal["params"], json!([{ "name": "state", "value": "DECLINED" }]));
    }

    assert_eq!(app.reload(&proposal).await.version, 2);
}

#[tokio::test]
async fn a_new_proposal_points_to_the_declined_one() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let proposal = app.commitment(telecom.party()).proposed().await;
    act(&officer, DECLINE, &proposal, 1).await.expect_ok();
    let mut again = row(&app).await;
    again["replacesId"] = json!(proposal.id.to_string());

    let reply = propose(&telecom, &app, vec![again]).await;

    let id = reply.expect_ok()["proposeCommitments"]["commitments"][0]["id"].clone();
    let query = "query ($id: ID!) { commitment(by: { id: $id }) { replaces { id status } } }";
    let seen = officer.gql(query, json!({ "id": id })).await;
    assert_eq!(seen.at("/commitment/replaces/id"), &proposal.id.to_string());
    assert_eq!(seen.at("/commitment/replaces/status"), "DECLINED");
}

#[tokio::test]
async fn what_happened_is_told_in_order_to_those_who_see_the_commitment() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    propose(&telecom, &app, vec![row(&app).await]).await.expect_ok();
    let proposal = super::the_one(&app).await;
    act(&officer, DECLINE, &proposal, 1).await.expect_ok();
    let query = "query ($id: ID!) { commitment(by: { id: $id }) { history {
        type version actor { code } } } }";

    let seen = telecom.gql(query, json!({ "id": proposal.id.to_string() })).await;
    let hidden = app.bank().await.gql(query, json!({ "id": proposal.id.to_string() })).await;

    let (giver, receiver) = (&telecom.party().code, &officer.party().code);
    let told = json!([
        { "type": "COMMITMENT_PROPOSED", "version": 1, "actor": { "code": giver } },
        { "type": "COMMITMENT_DECLINED", "version": 2, "actor": { "code": receiver } },
    ]);
    assert_eq!(seen.at("/commitment/history"), &told);
    assert!(hidden.at("/commitment").is_null());
}
