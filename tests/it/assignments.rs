//! Assignments: a department helps a commune from a day to a day, once at a time.

use entity::{assignment, party, party::Kind, place, reach};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp, day};

use crate::authz::{as_letter, last_event, mutation};

const SHOWN: &str = "assignment { id version validFrom validTo department { code }
    commune { code } document { number } }";

async fn wanted(app: &TestApp, department: &party::Model, commune: &place::Model) -> Value {
    json!({ "departmentId": department.id.to_string(), "communeId": commune.id.to_string(),
        "documentId": app.directive().await.id.to_string(), "validFrom": "2026-01-01",
        "validTo": "2027-01-01", "idempotencyKey": app.key() })
}

async fn assign(actor: &Actor, input: Value) -> Reply {
    actor.act(&mutation("assignDepartment", &format!("{SHOWN} replayed")), input).await
}

async fn end(actor: &Actor, row: &assignment::Model, on: &str) -> Reply {
    let input = json!({ "id": row.id.to_string(), "validTo": on, "expectedVersion": row.version });
    actor.act(&mutation("endAssignment", SHOWN), input).await
}

fn reached(rows: &[reach::Model], party: &party::Model) -> Vec<Option<chrono::NaiveDate>> {
    let assigned = rows.iter().filter(|row| row.role == reach::Role::Assigned);
    assigned.filter(|row| row.party_id == party.id).map(|row| row.valid_to).collect()
}

#[tokio::test]
async fn the_coordinator_assigns_a_department_which_reaches_the_commune() {
    let app = TestApp::start().await;
    let (coordinator, commune) = (app.coordinator().await, app.commune("02014").await);
    let department = app.party(Kind::Department).await;

    let reply = assign(&coordinator, wanted(&app, &department, &commune).await).await;

    let shown = &reply.expect_ok()["assignDepartment"]["assignment"];
    assert_eq!(
        (&shown["department"]["code"], &shown["commune"]["code"]),
        (&json!(department.code), &json!("02014"))
    );
    assert_eq!(
        (&shown["validTo"], &shown["document"]["number"]),
        (&json!("2027-01-01"), &json!("1431"))
    );
    let [row] = &app.all(assignment::Entity).await[..] else { panic!("not one assignment") };
    assert_eq!((row.department_id, row.commune_id, row.version), (department.id, commune.id, 1));
    assert_eq!(reached(&app.all(reach::Entity).await, &department), [row.valid_to]);
    let (event, data) = last_event(&app).await;
    assert_eq!(
        (event.r#type.as_str(), event.commune_id),
        ("DEPARTMENT_ASSIGNED", Some(commune.id))
    );
    assert_eq!(
        (event.subject, &data["after"]["validTo"]),
        (row.id.to_string(), &json!("2027-01-01"))
    );
}

#[tokio::test]
async fn an_assignment_ends_on_the_day_that_is_named() {
    let app = TestApp::start().await;
    let (coordinator, commune) = (app.coordinator().await, app.commune("02014").await);
    let department = app.party(Kind::Department).await;
    let row = app.assignment(&department, &commune).await;

    let reply = end(&coordinator, &row, "2026-12-01").await;

    assert_eq!(reply.expect_ok()["endAssignment"]["assignment"]["version"], 2);
    let end = Some(day("2026-12-01"));
    assert_eq!(app.reload(&row).await.valid_to, end);
    assert_eq!(reached(&app.all(reach::Entity).await, &department), [end]);
    let (event, data) = last_event(&app).await;
    assert_eq!((event.r#type.as_str(), event.commune_id), ("ASSIGNMENT_ENDED", Some(commune.id)));
    assert_eq!(
        data,
        json!({ "version": 2, "before": { "validTo": null }, "after": { "validTo": "2026-12-01" } })
    );
}

#[tokio::test]
async fn an_assignment_that_ends_on_its_first_day_never_reached_anything() {
    let app = TestApp::start().await;
    let department = app.party(Kind::Department).await;
    let row = app.assignment(&department, &app.commune("02014").await);
    let row = row.valid("2026-11-23", None).await;

    end(&app.coordinator().await, &row, "2026-11-23").await.expect_ok();

    assert_eq!(app.reload(&row).await.valid_to, Some(row.valid_from));
    assert_eq!(reached(&app.all(reach::Entity).await, &department), []);
}

#[tokio::test]
async fn a_department_is_assigned_to_a_commune_once_at_a_time() {
    let app = TestApp::start().await;
    let (coordinator, commune) = (app.coordinator().await, app.commune("02014").await);
    let department = app.party(Kind::Department).await;
    let known = app.assignment(&department, &commune).valid("2026-03-01", Some("2026-06-01")).await;

    for (from, to, overlaps) in [
        ("2026-01-01", json!("2026-03-02"), true),
        ("2026-05-31", json!(null), true),
        ("2026-04-01", json!("2026-04-02"), true),
        ("2026-01-01", json!(null), true),
        ("2026-01-01", json!("2026-03-01"), false),
        ("2026-06-01", json!(null), false),
    ] {
        let mut input = wanted(&app, &department, &commune).await;
        (input["validFrom"], input["validTo"]) = (json!(from), to.clone());
        let reply = assign(&coordinator, input).await;
        if overlaps {
            reply.expect_refusal_at("ALREADY_RECORDED", "validFrom");
            let shown = reply.at("/assignDepartment/assignment/id");
            assert_eq!(shown, &known.id.to_string(), "{from} to {to}");
        } else {
            reply.expect_ok();
        }
    }
    assert_eq!(app.all(assignment::Entity).await.len(), 3);
}

#[tokio::test]
async fn an_end_that_runs_into_the_next_assignment_is_refused() {
    let app = TestApp::start().await;
    let commune = app.commune("02014").await;
    let department = app.party(Kind::Department).await;
    let first = app.assignment(&department, &commune).valid("2026-01-01", Some("2027-01-01")).await;
    app.assignment(&department, &commune).valid("2027-01-01", None).await;

    let reply = end(&app.coordinator().await, &first, "2027-02-01").await;

    reply.expect_refusal_at("ALREADY_ENDED", "validTo");
    assert_eq!(app.reload(&first).await, first);
}

#[tokio::test]
async fn what_never_was_in_force_stands_in_nobodys_way() {
    let app = TestApp::start().await;
    let commune = app.commune("02014").await;
    let department = app.party(Kind::Department).await;
    app.assignment(&department, &commune).valid("2026-03-01", Some("2026-03-01")).await;

    let reply = assign(&app.coordinator().await, wanted(&app, &department, &commune).await).await;

    reply.expect_ok();
}

#[tokio::test]
async fn an_assignment_passes_to_the_departments_successor_and_not_to_the_communes() {
    let app = TestApp::start().await;
    let old = app.party(Kind::Department).valid("2023-01-01", Some("2026-06-01")).await;
    let new = app.party(Kind::Department).await;
    app.party_succession(&old, &new, "2026-06-01").await;
    let (before, after) = (app.place_on("02017", "2024-01-01").await, app.commune("02014").await);
    app.assignment(&old, &before).valid("2023-08-09", None).await;
    app.settle().await;

    let rows = app.all(reach::Entity).await;

    let assigned = rows.iter().filter(|row| row.role == reach::Role::Assigned);
    let mut assigned: Vec<_> =
        assigned.map(|row| (row.party_id, row.place_id, row.valid_from, row.valid_to)).collect();
    assigned.sort_by_key(|row| row.2);
    let turn = day("2026-06-01");
    assert_eq!(
        assigned,
        [
            (old.id, Some(before.id), day("2023-08-09"), Some(turn)),
            (new.id, Some(before.id), turn, None),
        ]
    );
    assert!(rows.iter().all(|row| row.party_id != new.id || row.place_id != Some(after.id)));
}

#[tokio::test]
async fn an_assignment_under_a_letter_is_public_and_the_letter_is_not() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let letter = app.document(bank.party()).with(as_letter).await;
    let department = app.party(Kind::Department).await;
    let commune = app.commune("02014").await;
    app.assignment(&department, &commune).with(|row| row.document_id = letter.id).await;
    let query = "{ assignments(first: 9) { totalCount nodes { document { number } } } }";

    let (public, issuer) = (app.public().ask(query).await, bank.ask(query).await);

    let shown = json!({ "totalCount": 1, "nodes": [{ "document": { "number": letter.number } }] });
    assert_eq!(issuer.at("/assignments"), &shown);
    let hidden = json!({ "totalCount": 1, "nodes": [{ "document": null }] });
    assert_eq!(public.at("/assignments"), &hidden);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_assignments_of_one_period_at_once_one_is_made() {
    let app = TestApp::start().await;
    let (coordinator, commune) = (app.coordinator().await, app.commune("02014").await);
    let department = app.party(Kind::Department).await;
    app.settle().await;
    let mut requests = Vec::new();
    for _ in 0..8 {
        let (actor, input) = (coordinator.clone(), wanted(&app, &department, &commune).await);
        requests.push(tokio::spawn(async move { assign(&actor, input).await }));
    }

    let mut codes = Vec::new();
    for request in requests {
        let reply = request.await.unwrap();
        assert!(reply.errors().is_empty(), "{}", reply.text);
        codes.extend(reply.refusals().iter().map(|refusal| refusal["code"].clone()));
    }

    assert_eq!(codes, vec![json!("ALREADY_RECORDED"); 7]);
    assert_eq!(app.all(assignment::Entity).await.len(), 1);
}

#[tokio::test]
async fn an_end_that_was_decided_moves_nearer_and_never_further_away() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let row = app.assignment(&app.party(Kind::Department).await, &app.commune("02014").await);
    let row = row.valid("2026-01-01", Some("2026-12-31")).await;

    let further = end(&coordinator, &row, "2027-01-01").await;
    let nearer = end(&coordinator, &row, "2026-12-01").await;

    further.expect_refusal_at("ALREADY_ENDED", "validTo");
    nearer.expect_ok();
    assert_eq!(app.reload(&row).await.valid_to, Some(day("2026-12-01")));
}
