//! A giver's own references: each names one commitment of it for ever, and says nothing of others'.

use entity::commitment;
use serde_json::json;
use tests::{Actor, TestApp};

use super::{codes, propose, row, send, the_one};

#[tokio::test]
async fn a_reference_that_is_taken_answers_with_what_has_it() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let known = app.commitment(telecom.party()).with(|row| {
        row.external_reference = Some("CK-1".to_owned());
        (row.status, row.reason) = (commitment::Status::Withdrawn, Some("Thôi".to_owned()));
    });
    let known = known.await;
    let mut input = row(&app).await;
    input["externalReference"] = json!("CK-1");

    let reply = propose(&telecom, &app, vec![input]).await;

    let refusal = reply.expect_refusal("ALREADY_RECORDED");
    let params = json!([{ "name": "id", "value": known.id.to_string() },
        { "name": "what", "value": "CK-1" }]);
    assert_eq!(refusal["params"], params);
    assert_eq!(reply.at("/proposeCommitments/commitments/0/id"), &known.id.to_string());
    assert_eq!(the_one(&app).await, known);
}

#[tokio::test]
async fn a_reference_of_another_is_free_whether_it_is_seen_or_not() {
    let app = TestApp::start().await;
    let (telecom, rival) = (app.telecom().await, app.telecom().await);
    for (reference, public) in [("CK-1", false), ("CK-2", true)] {
        let build = app.commitment(rival.party());
        let build = if public { build.public() } else { build };
        build.with(|row| row.external_reference = Some(reference.to_owned())).await;
        let mut input = row(&app).await;
        input["externalReference"] = json!(reference);
        propose(&telecom, &app, vec![input]).await.expect_ok();
    }
}

#[tokio::test]
async fn two_rows_of_a_batch_do_not_share_one() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let mut twice = row(&app).await;
    twice["externalReference"] = json!("CK-1");
    let mut input = json!({ "commitments": [twice, twice], "idempotencyKey": app.key() });

    let all = send(&telecom, input.clone()).await;
    let refusal = all.expect_refusal("ALREADY_RECORDED");
    assert_eq!(refusal["path"], json!(["input", "commitments", "1", "externalReference"]));
    assert_eq!(refusal["params"], json!([{ "name": "what", "value": "CK-1" }]), "nothing has it");
    assert!(app.all(commitment::Entity).await.is_empty());

    input["errorPolicy"] = json!("REJECT_FAILED_ROWS");
    let some = send(&telecom, input).await;
    let made = the_one(&app).await.id.to_string();
    assert_eq!(some.expect_refusal("ALREADY_RECORDED")["params"][0]["value"], made);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_proposals_with_one_reference_at_once_one_is_made() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let mut input = row(&app).await;
    input["externalReference"] = json!("CK-1");
    app.settle().await;
    let requests = (0..6).map(|_| {
        let telecom = telecom.clone();
        let input = json!({ "commitments": [input], "idempotencyKey": app.key() });
        tokio::spawn(async move { send(&telecom, input).await })
    });

    let refused = codes(requests.collect()).await;

    assert_eq!(refused, vec!["ALREADY_RECORDED"; 5]);
    the_one(&app).await;
}

#[tokio::test]
async fn a_commitment_is_found_by_the_reference_of_its_giver_by_those_whom_it_concerns() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let known = app.commitment(telecom.party()).public();
    let known = known.with(|row| row.external_reference = Some("CK-1".to_owned())).await;
    let query = "query ($code: String!) { commitment(by: { externalReference:
        { giverCode: $code, reference: \"CK-1\" } }) { id externalReference } }";
    let found = async |actor: &Actor| {
        let reply = actor.gql(query, json!({ "code": telecom.party().code })).await;
        reply.expect_ok()["commitment"]["id"].as_str().map(str::to_owned)
    };

    let id = Some(known.id.to_string());
    assert_eq!(found(&telecom).await, id);
    assert_eq!(found(&app.commune_officer("02071").await).await, id);
    assert_eq!(found(&app.coordinator().await).await, id);
    assert_eq!(found(&app.telecom().await).await, None);
    assert_eq!(found(&app.public()).await, None);
}
