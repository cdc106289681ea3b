//! Accepting: by whom, in whose name, when it is whose turn, and once.

use entity::{commitment::Status, mandate::Act, party::Kind};
use serde_json::json;
use tests::{TestApp, day};

use super::{act, codes, follows, promised};
use crate::authz::last_event;

const ACCEPT: &str = "acceptCommitment";

#[tokio::test]
async fn the_commune_accepts_and_it_is_promised_from_then_on() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let row = app.commitment(telecom.party()).proposed().await;
    assert_eq!(promised(&app).await, 0);

    let reply = act(&officer, ACCEPT, &row, 1).await;

    let shown = &reply.expect_ok()[ACCEPT]["commitment"];
    assert_eq!((&shown["status"], &shown["version"]), (&json!("ACTIVE"), &json!(2)));
    assert!(shown["waitingSince"].is_null());
    let kept = app.reload(&row).await;
    assert_eq!((kept.status, kept.waiting_since), (Status::Active, None));
    assert!(kept.accepted_at.is_some());
    assert_eq!(promised(&app).await, 100);
    let (event, data) = last_event(&app).await;
    assert_eq!(event.r#type, "COMMITMENT_ACCEPTED");
    assert_eq!(data["capacity"], "AUTHORITY");
    assert_eq!(data["by"], officer.party().id.to_string());
    assert_eq!(data["before"]["status"], "PROPOSED");
    follows(&app).await;
}

#[tokio::test]
async fn what_is_promised_to_the_province_is_the_coordinators_to_accept() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let row = app.commitment(telecom.party()).to(&app.province().await).proposed().await;

    act(&app.leadership().await, ACCEPT, &row, 1).await.expect_refusal("FORBIDDEN");
    act(&app.commune_officer("02071").await, ACCEPT, &row, 1).await.expect_refusal("FORBIDDEN");
    act(&app.coordinator().await, ACCEPT, &row, 1).await.expect_ok();

    assert_eq!(last_event(&app).await.1["capacity"], "COORDINATOR");
}

#[tokio::test]
async fn what_was_promised_to_a_district_that_ended_is_the_coordinators_even_if_it_has_heirs() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let district = app.place_on("063", "2025-06-30").await;
    let row = app.commitment(telecom.party()).to(&district).proposed().await;
    let heir = app.party(Kind::Department).await;
    app.party_succession(&app.party_by_code("UBND-063-2023").await, &heir, "2025-07-01").await;

    act(&app.member_of(&heir).await, ACCEPT, &row, 1).await.expect_refusal("FORBIDDEN");
    act(&app.coordinator().await, ACCEPT, &row, 1).await.expect_ok();

    assert_eq!(app.reload(&row).await.status, Status::Active);
}

#[tokio::test]
async fn what_was_promised_to_a_commune_that_ended_is_its_successors() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let old = app.place_on("02017", "2025-06-30").await;
    let row = app.commitment(telecom.party()).to(&old).proposed().await;
    let before = app.member_of(&app.party_by_code("UBND-02017-2023").await).await;

    act(&before, ACCEPT, &row, 1).await.expect_refusal("NOT_FOUND");
    act(&app.commune_officer("02014").await, ACCEPT, &row, 1).await.expect_ok();

    assert_eq!(app.reload(&row).await.place_id, old.id);
}

#[tokio::test]
async fn a_district_accepted_for_itself_until_it_ended() {
    let app = TestApp::start().await;
    app.clock.set_date("2025-06-20");
    let telecom = app.party(Kind::TelecomCompany).valid("2023-01-01", None).await;
    let district = app.place_on("063", "2025-06-20").await;
    let row = app.commitment(&telecom).to(&district).proposed().await;
    let officer = app.member_of(&app.party_by_code("UBND-063-2023").await).await;

    act(&officer, ACCEPT, &row, 1).await.expect_ok();

    assert_eq!(last_event(&app).await.1["capacity"], "AUTHORITY");
}

#[tokio::test]
async fn the_coordinator_is_next_in_line_once_fifteen_working_days_are_over() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let (coordinator, leadership) = (app.coordinator().await, app.leadership().await);
    let assigned = app.assigned_department("02071").await;
    let row = app.commitment(telecom.party()).proposed();
    let row = row.with(|row| row.waiting_since = Some(day("2026-11-02"))).await;

    app.clock.set_date("2026-11-20");
    act(&coordinator, ACCEPT, &row, 1).await.expect_refusal("FORBIDDEN");
    app.clock.set_date("2026-11-23");
    act(&assigned, ACCEPT, &row, 1).await.expect_refusal("FORBIDDEN");
    act(&leadership, ACCEPT, &row, 1).await.expect_refusal("FORBIDDEN");
    app.clock.set_date("2026-12-14");
    act(&leadership, ACCEPT, &row, 2).await.expect_refusal("STALE_VERSION");
    act(&coordinator, ACCEPT, &row, 1).await.expect_ok();

    assert_eq!(last_event(&app).await.1["capacity"], "COORDINATOR");
}

#[tokio::test]
async fn nobody_accepts_its_own_matter_and_the_next_in_line_does_at_once() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02071").await;
    let (office, branch) = (app.telecom().await, app.party(Kind::TelecomCompany));
    let branch = branch.branch_of(office.party()).await;
    let own = app.commitment(officer.party()).proposed().await;
    let of_coordinator = app.coordinator().await;
    let joint = app.commitment(&branch).joint(of_coordinator.party()).public();
    let joint = joint.to(&app.province().await).proposed().await;

    for (who, row) in [(&officer, &own), (&of_coordinator, &joint), (&office, &joint)] {
        act(who, ACCEPT, row, 1).await.expect_refusal("OWN_MATTER");
    }
    act(&of_coordinator, ACCEPT, &own, 1).await.expect_ok();
    act(&app.leadership().await, ACCEPT, &joint, 1).await.expect_ok();

    assert_eq!(last_event(&app).await.1["capacity"], "LEADERSHIP");
}

#[tokio::test]
async fn an_agent_accepts_in_the_communes_name_within_its_mandate() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let (agent, recorder) = (app.bank().await, app.bank().await);
    app.mandate(officer.party(), agent.party()).acts([Act::Accept]).await;
    app.mandate(officer.party(), recorder.party()).acts([Act::Record]).await;
    app.mandate(officer.party(), telecom.party()).acts([Act::Accept]).await;
    let row = app.commitment(telecom.party()).proposed().await;

    act(&telecom, ACCEPT, &row, 1).await.expect_refusal("OWN_MATTER");
    act(&recorder, ACCEPT, &row, 1).await.expect_refusal("FORBIDDEN");
    act(&agent, ACCEPT, &row, 1).await.expect_ok();

    let (event, data) = last_event(&app).await;
    assert_eq!(data["by"], officer.party().id.to_string());
    assert_eq!(event.actor_id, Some(agent.party().id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_accepting_and_declining_at_once_one_wins_and_the_other_is_shown_what_stands() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    for _ in 0..8 {
        let row = app.commitment(telecom.party()).proposed().await;
        app.settle().await;
        let requests = [ACCEPT, "declineCommitment"].map(|name| {
            let (officer, row) = (officer.clone(), row.clone());
            tokio::spawn(async move { act(&officer, name, &row, 1).await })
        });
        let mut shown = Vec::new();
        let mut refused = Vec::new();
        for (name, request) in [ACCEPT, "declineCommitment"].into_iter().zip(requests) {
            let reply = request.await.unwrap();
            assert!(reply.errors().is_empty(), "{}", reply.text);
            refused.extend(reply.refusals().iter().map(|refusal| refusal["code"].clone()));
            shown.push(reply.at(&format!("/{name}/commitment")).clone());
        }

        assert_eq!(refused, [json!("STALE_VERSION")]);
        assert_eq!(shown[0], shown[1], "both see the commitment as it is");
        let kept = app.reload(&row).await;
        assert_eq!(kept.version, 2);
        assert!(matches!(kept.status, Status::Active | Status::Declined));
    }
    follows(&app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_accept_at_once_one_does() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let row = app.commitment(telecom.party()).proposed().await;
    app.settle().await;
    let requests = (0..6).map(|_| {
        let (officer, row) = (officer.clone(), row.clone());
        tokio::spawn(async move { act(&officer, ACCEPT, &row, 1).await })
    });

    let refused = codes(requests.collect()).await;

    assert_eq!(refused, vec!["STALE_VERSION"; 5]);
    assert_eq!(promised(&app).await, 100);
}
