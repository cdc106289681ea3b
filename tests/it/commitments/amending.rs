//! Amending: what holds at once, what waits for the receiver, and what becomes of what waited.

use entity::{
    amendment::{self, State},
    commitment::Status,
};
use serde_json::{Value, json};
use tests::{TestApp, day};

use super::{amend, decide, follows, promised, the_one, to};
use crate::authz::last_event;

async fn states(app: &TestApp) -> Vec<State> {
    let mut rows = app.all(amendment::Entity).await;
    rows.sort_by_key(|row| row.id);
    rows.into_iter().map(|row| row.state).collect()
}

#[tokio::test]
async fn raising_holds_at_once_and_keeps_before_and_after() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let row = app.commitment(telecom.party()).await;

    let reply = amend(&telecom, to(&app, &row, "120").await).await;

    let shown = &reply.expect_ok()["amendCommitment"]["commitment"];
    assert_eq!((&shown["quantity"], &shown["version"]), (&json!("120"), &json!(2)));
    assert_eq!(shown["amendments"][0]["state"], "IN_FORCE");
    let kept = &app.all(amendment::Entity).await[0];
    assert_eq!(kept.promise_before.quantity, Some(100));
    assert_eq!(kept.promise_after.quantity, Some(120));
    assert_eq!((kept.amended_by_id, &*kept.reason), (telecom.party().id, "Theo biên bản"));
    assert_eq!((promised(&app).await, the_one(&app).await.waiting_since), (120, None));
    let (event, data) = last_event(&app).await;
    assert_eq!(event.r#type, "COMMITMENT_AMENDED");
    assert_eq!(
        (&data["before"]["quantity"], &data["after"]["quantity"]),
        (&json!(100), &json!(120))
    );
    follows(&app).await;
}

#[tokio::test]
async fn bringing_forward_holds_and_postponing_waits() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let row = app.commitment(telecom.party()).await;
    let by = |input: &Value, version: i32, day: &str| {
        let mut input = input.clone();
        input["expectedVersion"] = json!(version);
        input["schedule"] = json!([{ "dueOn": day, "quantity": "100" }]);
        input["idempotencyKey"] = json!(app.key());
        input
    };
    let input = to(&app, &row, "100").await;

    amend(&telecom, by(&input, 1, "2026-12-01")).await.expect_ok();
    assert_eq!(the_one(&app).await.last_due_on, Some(day("2026-12-01")));
    amend(&telecom, by(&input, 2, "2027-01-31")).await.expect_ok();

    let kept = the_one(&app).await;
    assert_eq!(kept.last_due_on, Some(day("2026-12-01")), "it stands as it was");
    assert_eq!(kept.waiting_since, Some(day("2026-11-23")));
    assert_eq!(states(&app).await, [State::InForce, State::Pending]);
    follows(&app).await;
}

#[tokio::test]
async fn lowering_waits_and_holds_once_the_receiver_accepts() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let row = app.commitment(telecom.party()).await;
    let reply = amend(&telecom, to(&app, &row, "60").await).await;
    assert_eq!(reply.expect_ok()["amendCommitment"]["commitment"]["quantity"], "100");
    assert_eq!(last_event(&app).await.0.r#type, "AMENDMENT_PROPOSED");
    assert_eq!(promised(&app).await, 100);

    let reply = decide(&officer, &app, "acceptAmendment", 2).await;

    assert_eq!(reply.expect_ok()["acceptAmendment"]["commitment"]["quantity"], "60");
    let kept = the_one(&app).await;
    assert_eq!((kept.quantity, kept.version, kept.waiting_since), (Some(60), 3, None));
    let decided = &app.all(amendment::Entity).await[0];
    assert_eq!((decided.state, decided.decided_by_id), (State::InForce, Some(officer.party().id)));
    assert!(decided.decided_at.is_some());
    assert_eq!(last_event(&app).await.0.r#type, "AMENDMENT_ACCEPTED");
    assert_eq!(promised(&app).await, 60);
    follows(&app).await;
}

#[tokio::test]
async fn a_declined_amendment_leaves_the_promise_as_it_was() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let row = app.commitment(telecom.party()).await;
    amend(&telecom, to(&app, &row, "60").await).await.expect_ok();

    let reply = decide(&officer, &app, "declineAmendment", 2).await;

    assert_eq!(reply.expect_ok()["declineAmendment"]["commitment"]["quantity"], "100");
    let kept = the_one(&app).await;
    assert_eq!((kept.quantity, kept.version, kept.waiting_since), (Some(100), 3, None));
    let decided = &app.all(amendment::Entity).await[0];
    assert_eq!(
        (decided.state, decided.decision_reason.as_deref()),
        (State::Declined, Some("Vẫn cần đủ"))
    );
    follows(&app).await;
}

#[tokio::test]
async fn amending_again_takes_the_place_of_what_waited() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let mut row = app.commitment(telecom.party()).await;
    amend(&telecom, to(&app, &row, "60").await).await.expect_ok();
    row.version = 2;

    amend(&telecom, to(&app, &row, "80").await).await.expect_ok();

    assert_eq!(states(&app).await, [State::Superseded, State::Pending]);
    let first = app.all(amendment::Entity).await.into_iter().map(|row| row.id).min().unwrap();
    assert_eq!(last_event(&app).await.1["superseded"], first.to_string());
    row.version = 3;
    amend(&telecom, to(&app, &row, "150").await).await.expect_ok();
    assert_eq!(states(&app).await, [State::Superseded, State::Superseded, State::InForce]);
    assert_eq!(the_one(&app).await.waiting_since, None);
}

#[tokio::test]
async fn a_proposal_is_amended_before_anybody_decides_and_its_time_begins_anew() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let row = app.commitment(telecom.party()).proposed();
    let row = row.with(|row| row.waiting_since = Some(day("2026-10-01"))).await;

    amend(&telecom, to(&app, &row, "60").await).await.expect_ok();

    let kept = the_one(&app).await;
    assert_eq!((kept.status, kept.quantity), (Status::Proposed, Some(60)));
    assert_eq!(kept.waiting_since, Some(day("2026-11-23")));
    assert_eq!(promised(&app).await, 0);
    super::act(&officer, "acceptCommitment", &row, 1).await.expect_refusal("STALE_VERSION");
    super::act(&officer, "acceptCommitment", &row, 2).await.expect_ok();
    assert_eq!(promised(&app).await, 60);
    follows(&app).await;
}

#[tokio::test]
async fn the_successor_of_the_giver_amends() {
    let app = TestApp::start().await;
    let (gone, heir) = (app.party(entity::party::Kind::TelecomCompany), app.telecom().await);
    let gone = gone.valid("2020-01-01", Some("2026-01-01")).await;
    app.party_succession(&gone, heir.party(), "2026-01-01").await;
    let row = app.commitment(&gone).await;

    amend(&heir, to(&app, &row, "120").await).await.expect_ok();

    assert_eq!(the_one(&app).await.giver_id, gone.id, "it is carried, not taken over");
    assert_eq!(app.all(amendment::Entity).await[0].amended_by_id, heir.party().id);
}

#[tokio::test]
async fn the_same_request_twice_amends_once() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let row = app.commitment(telecom.party()).await;
    let input = to(&app, &row, "120").await;

    amend(&telecom, input.clone()).await.expect_ok();
    let again = amend(&telecom, input).await;

    assert_eq!(again.expect_ok()["amendCommitment"]["replayed"], true);
    assert_eq!((states(&app).await.len(), the_one(&app).await.version), (1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_amendments_at_once_one_is_stale() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let row = app.commitment(telecom.party()).await;
    let mut requests = Vec::new();
    for quantity in ["110", "60", "120", "70"] {
        let (telecom, input) = (telecom.clone(), to(&app, &row, quantity).await);
        app.settle().await;
        requests.push(tokio::spawn(async move { amend(&telecom, input).await }));
    }

    let refused = super::codes(requests).await;

    assert_eq!(refused, vec!["STALE_VERSION"; 3]);
    assert_eq!((states(&app).await.len(), the_one(&app).await.version), (1, 2));
    follows(&app).await;
}
