//! Proposing: what is kept and shown, what begins in force, and what a proposal may refer to.

use entity::{
    commitment::{Disclosure, Status},
    commitment_document, document, need,
    party::Kind,
};
use serde_json::json;
use tests::{TestApp, day};
use uuid::Uuid;

use super::{follows, promised, propose, row, send, the_one};
use crate::{
    authz::{as_letter, last_event},
    needs::audience,
};

#[tokio::test]
async fn a_manager_proposes_and_nothing_is_promised_yet() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let letter = app.document(telecom.party()).with(as_letter).await;
    let mut input = row(&app).await;
    input["text"] = json!(" Ma\u{301}y   cho h\u{1ed9} nghe\u{300}o ");
    input["documentIds"] = json!([letter.id.to_string()]);
    input["bundle"] = json!("TT-2026");
    input["externalReference"] = json!("CK-1");

    let reply = propose(&telecom, &app, vec![input]).await;

    let kept = the_one(&app).await;
    let shown = json!({ "id": kept.id.to_string(), "version": 1, "status": "PROPOSED",
        "quantity": "40", "reason": null, "waitingSince": "2026-11-23",
        "lastDueOn": "2026-12-31" });
    assert_eq!(reply.expect_ok()["proposeCommitments"]["commitments"], json!([shown]));
    assert_eq!((&*kept.text, kept.disclosure), ("Máy cho hộ nghèo", Disclosure::Parties));
    assert_eq!(kept.bundle.as_deref(), Some("TT-2026"));
    assert_eq!(kept.external_reference.as_deref(), Some("CK-1"));
    assert_eq!((kept.giver_id, kept.entered_by_id), (telecom.party().id, telecom.party().id));
    assert_eq!((kept.unmet_on, kept.accepted_at), (Some(day("2026-12-31")), None));
    let basis = app.all(commitment_document::Entity).await;
    assert_eq!(
        basis,
        [commitment_document::Model { commitment_id: kept.id, document_id: letter.id }]
    );
    assert_eq!(promised(&app).await, 0);
    let (event, data) = last_event(&app).await;
    assert_eq!((&*event.r#type, event.giver_id), ("COMMITMENT_PROPOSED", Some(kept.giver_id)));
    assert_eq!((event.commune_id, &data["version"]), (Some(kept.place_id), &json!(1)));
    let told: [Uuid; 2] = [kept.giver_id.into(), kept.place_id.into()];
    assert_eq!(audience(&app, event.position).await, told.into(), "nobody else hears of it");
    follows(&app).await;
}

#[tokio::test]
async fn a_union_promises_in_public_and_an_activity_can_forbid_it() {
    let app = TestApp::start().await;
    let union = app.union().await;
    let all = |row: &mut entity::activity_kind::Model| {
        row.promisers = [Kind::MassOrganization].into_iter().collect();
    };
    let open = app.activity_kind("tuyen_truyen").with(all).await;
    let quiet = app.activity_kind("kin").with(all).with(|row| row.forces_parties = true).await;
    let mut rows = vec![row(&app).await, row(&app).await, row(&app).await];
    for (row, activity) in rows.iter_mut().zip([&open, &open, &quiet]) {
        row["activityId"] = json!(activity.id.to_string());
    }
    rows[1]["disclosure"] = json!("PARTIES");

    propose(&union, &app, rows).await.expect_ok();

    let kept = app.all(entity::commitment::Entity).await;
    let public = kept.iter().filter(|row| row.disclosure == Disclosure::Public);
    assert_eq!((public.count(), kept.len()), (1, 3));
    let quiet = kept.iter().find(|row| row.activity_id == quiet.id).unwrap();
    assert_eq!(quiet.disclosure, Disclosure::Parties);
}

#[tokio::test]
async fn a_state_body_that_was_assigned_the_task_needs_nobodys_acceptance() {
    let app = TestApp::start().await;
    let department = app.department().await;
    let directive = app.directive().await;
    let mut input = row(&app).await;
    let kind = app.activity_kind("ho_tro");
    let kind = kind.with(|row| row.promisers = [Kind::Department].into_iter().collect()).await;
    input["activityId"] = json!(kind.id.to_string());
    input["taskId"] = json!(app.task(&directive).await.id.to_string());

    propose(&department, &app, vec![input]).await.expect_ok();

    let kept = the_one(&app).await;
    assert_eq!((kept.status, kept.waiting_since), (Status::Active, None));
    assert!(kept.accepted_at.is_some());
    assert_eq!(app.all(commitment_document::Entity).await[0].document_id, directive.id);
    assert_eq!(promised(&app).await, 40);
    follows(&app).await;
}

#[tokio::test]
async fn a_task_of_a_predecessor_is_the_successors() {
    let app = TestApp::start().await;
    let (before, now) = (app.party(Kind::Department), app.department().await);
    let before = before.valid("2023-01-01", Some("2025-08-01")).await;
    app.party_succession(&before, now.party(), "2025-08-01").await;
    let task = app.task(&app.directive().await).asks(&before).await;
    let kind = app.activity_kind("ho_tro");
    let kind = kind.with(|row| row.promisers = [Kind::Department].into_iter().collect()).await;
    let mut input = row(&app).await;
    input["activityId"] = json!(kind.id.to_string());
    input["taskId"] = json!(task.id.to_string());

    propose(&now, &app, vec![input.clone()]).await.expect_ok();
    let stranger = propose(&app.department().await, &app, vec![input]).await;

    stranger.expect_refusal("WRONG_KIND");
    assert_eq!(the_one(&app).await.status, Status::Active);
}

#[tokio::test]
async fn a_task_that_is_only_asked_for_leaves_the_receiver_its_say() {
    let app = TestApp::start().await;
    let department = app.department().await;
    let asking = app.document(&app.party_by_code("UBND-19-2025").await);
    let asking = asking.with(|row| row.force = document::Force::Requests).await;
    let kind = app.activity_kind("ho_tro");
    let kind = kind.with(|row| row.promisers = [Kind::Department].into_iter().collect()).await;
    let mut input = row(&app).await;
    input["activityId"] = json!(kind.id.to_string());
    input["taskId"] = json!(app.task(&asking).await.id.to_string());

    let reply = propose(&department, &app, vec![input.clone()]).await;
    input["taskId"] = json!(null);
    propose(&department, &app, vec![input]).await.expect_ok();

    let refusal = reply.expect_refusal("WRONG_KIND");
    assert_eq!(refusal["path"], json!(["input", "commitments", "0", "taskId"]));
    assert_eq!(the_one(&app).await.status, Status::Proposed);
}

#[tokio::test]
async fn a_need_is_answered_where_it_is() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let phones = app.activity("smartphones_handed_over").await;
    let (here, there) = (app.commune_officer("02014").await, app.commune_officer("02071").await);
    let old = app.party_by_code("UBND-02017-2023").await;
    let of_old = app.need(&old, &phones).await;
    let of_here = app.need(here.party(), &phones).await;
    let of_there = app.need(there.party(), &phones).await;
    let (commune, province) = (app.commune("02014").await, app.province().await);

    let cases: [(&need::Model, &entity::place::Model, bool); 5] = [
        (&of_here, &commune, true),
        (&of_old, &commune, true),
        (&of_there, &commune, false),
        (&of_there, &province, true),
        (&of_old, &province, true),
    ];
    for (need, place, fits) in cases {
        let mut input = row(&app).await;
        input["placeId"] = json!(place.id.to_string());
        input["needId"] = json!(need.id.to_string());
        let reply = propose(&telecom, &app, vec![input]).await;
        match fits {
            true => drop(reply.expect_ok()),
            false => drop(reply.expect_refusal("WRONG_KIND")),
        }
    }

    assert_eq!(app.all(entity::commitment::Entity).await.len(), 4);
}

#[tokio::test]
async fn a_quantity_has_the_digits_of_its_activity() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let area = app.activity_kind("dien_tich").with(|row| row.precision = 2).await;
    let mut input = row(&app).await;
    input["activityId"] = json!(area.id.to_string());
    let with = |quantity: &str| {
        let mut input = input.clone();
        input["quantity"] = json!(quantity);
        input["schedule"] = json!([{ "dueOn": "2026-12-31", "quantity": quantity }]);
        input
    };

    let finer = propose(&telecom, &app, vec![with("10.125")]).await;
    let nothing = propose(&telecom, &app, vec![with("0")]).await;
    let fits = propose(&telecom, &app, vec![with("10.5")]).await;

    finer.expect_refusal("INVALID_FORMAT");
    let refusal = nothing.expect_refusal("OUT_OF_RANGE");
    assert_eq!(refusal["params"][1], json!({ "name": "min", "value": "0.01" }));
    assert_eq!(fits.at("/proposeCommitments/commitments/0/quantity"), "10.50");
    assert_eq!(the_one(&app).await.quantity, Some(1_050));
}

#[tokio::test]
async fn the_same_batch_twice_proposes_once() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let input = json!({ "commitments": [row(&app).await, row(&app).await],
        "idempotencyKey": app.key() });

    let first = send(&telecom, input.clone()).await;
    let again = send(&telecom, input).await;

    assert_eq!(first.expect_ok()["proposeCommitments"]["replayed"], false);
    assert_eq!(again.expect_ok()["proposeCommitments"]["replayed"], true);
    let shown = "/proposeCommitments/commitments";
    assert_eq!(first.at(shown), again.at(shown));
    assert_eq!(app.all(entity::commitment::Entity).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_requests_with_one_key_propose_once() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let input = json!({ "commitments": [row(&app).await], "idempotencyKey": app.key() });
    app.settle().await;
    let requests = (0..50).map(|_| {
        let (telecom, input) = (telecom.clone(), input.clone());
        tokio::spawn(async move { send(&telecom, input).await })
    });

    let refused = super::codes(requests.collect()).await;

    assert_eq!(refused, Vec::<String>::new());
    the_one(&app).await;
}
