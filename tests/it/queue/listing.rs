//! The lists themselves: their order, their pages, what they cost and whom they are for.

use entity::{member::Role, party::Kind};
use serde_json::json;
use tests::{Actor, TestApp, day};

use super::{LISTS, waiting, world::World};

#[tokio::test]
async fn what_has_waited_longest_comes_first_page_by_page() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02071").await;
    let telecom = app.party(Kind::TelecomCompany).await;
    let mut expected = Vec::new();
    for since in ["2026-11-03", "2026-11-01", "2026-11-02"] {
        let proposal = app.commitment(&telecom).proposed();
        let row = proposal.with(|row| row.waiting_since = Some(day(since))).await;
        expected.push((since, row.id.to_string()));
    }
    expected.sort();

    let query = "query ($after: String) { viewer { workQueue { toAccept(first: 2, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { id } } } } }";
    let first = officer.gql(query, json!({})).await;
    let page = first.at("/viewer/workQueue/toAccept").clone();
    let rest = officer.gql(query, json!({ "after": page["pageInfo"]["endCursor"] })).await;

    let ids: Vec<&str> = expected.iter().map(|(_, id)| id.as_str()).collect();
    assert_eq!(first.column("/viewer/workQueue/toAccept", "id"), ids[..2]);
    assert_eq!((&page["totalCount"], &page["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)));
    assert_eq!(rest.column("/viewer/workQueue/toAccept", "id"), ids[2..]);
}

#[tokio::test]
async fn a_list_without_a_size_and_one_that_is_too_long_are_refused() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02071").await;

    for size in ["", "(first: 101)", "(first: 1, last: 1)"] {
        for list in LISTS {
            let query = format!("{{ viewer {{ workQueue {{ {list}{size} {{ totalCount }} }} }} }}");
            officer.ask(&query).await.expect_fault("BAD_USER_INPUT");
        }
    }
}

#[tokio::test]
async fn overdue_is_what_was_not_reported_by_the_last_due_date() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let late = [("2026-10-31", 10), ("2026-11-20", 20)];
    let not_met = app.commitment(telecom.party()).schedule(late).await;
    app.delivery(&not_met).quantity(19).await;
    let met = app.commitment(telecom.party()).schedule(late).await;
    app.delivery(&met).quantity(20).await;
    app.commitment(telecom.party()).schedule([("2026-10-31", 10), ("2026-12-31", 20)]).await;
    app.commitment(telecom.party()).open().await;
    app.commitment(telecom.party()).schedule(late).proposed().await;
    let expected = [not_met.id.to_string()].into();

    for actor in [
        telecom,
        app.commune_officer("02071").await,
        app.assigned_department("02071").await,
        app.coordinator().await,
        app.leadership().await,
    ] {
        assert_eq!(waiting(&actor, &["overdue"]).await, expected, "{}", actor.party().name);
    }
    assert!(waiting(&app.telecom().await, &["overdue"]).await.is_empty());
}

#[tokio::test]
async fn open_notes_stand_with_their_addressee_by_due_date() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let officer = app.commune_officer("02071").await;
    let commitment = app.commitment(telecom.party()).await;
    let note = || app.note(officer.party()).on_commitment(&commitment).to(telecom.party());
    let whenever = note().await;
    let later = note().with(|row| row.due_on = Some(day("2026-12-20"))).await;
    let sooner = note().with(|row| row.due_on = Some(day("2026-12-01"))).await;
    app.note(officer.party()).on_commitment(&commitment).await;
    note()
        .with(|row| {
            row.status = entity::note::Status::Done;
            (row.done_at, row.done_by_id) = (Some(row.written_at), Some(telecom.party().id));
        })
        .await;

    let reply = telecom.ask("{ viewer { workQueue { notes(first: 9) { nodes { id } } } } }").await;

    let expected = [sooner, later, whenever].map(|note| note.id.to_string());
    assert_eq!(reply.column("/viewer/workQueue/notes", "id"), expected);
    assert!(waiting(&officer, &["notes"]).await.is_empty());
    assert!(waiting(&app.coordinator().await, &["notes"]).await.is_empty());
}

#[tokio::test]
async fn the_queue_is_the_partys_and_not_the_members() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02071").await;
    let viewer = app.member_of(officer.party()).with_role(Role::Viewer).await;
    World::of(&app).await;

    for list in LISTS {
        assert_eq!(waiting(&officer, &[list]).await, waiting(&viewer, &[list]).await, "{list}");
    }
}

#[tokio::test]
async fn nothing_waits_for_somebody_who_acts_for_nobody() {
    let app = TestApp::start().await;
    World::of(&app).await;

    assert!(waiting(&app.stranger(), &LISTS).await.is_empty());
    let public = app.public();
    let reply = public.ask("{ viewer { workQueue { notes(first: 1) { totalCount } } } }").await;
    assert!(reply.expect_ok()["viewer"].is_null());
}

#[tokio::test]
async fn a_full_queue_costs_the_statements_of_an_empty_one() {
    let app = TestApp::start().await;
    let before = cost(&app, &app.commune_officer("02071").await).await;
    World::of(&app).await;

    let after = cost(&app, &app.commune_officer("02071").await).await;

    assert_eq!(after, before);
    assert_eq!(after, LISTS.len());
}

/// The statements of all lists, besides those that say who is asking.
async fn cost(app: &TestApp, by: &Actor) -> usize {
    let who = app.count_statements(by.ask("{ __typename }")).await;
    app.count_statements(waiting(by, &LISTS)).await - who
}
