//! Enrolments: a commune takes part from a day to a day, once at a time.

use entity::{enrolment, place};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp, day};

use crate::authz::{last_event, mutation};

const SHOWN: &str = "enrolment { id version stage validFrom validTo commune { code } }";

async fn wanted(app: &TestApp, commune: &place::Model) -> Value {
    json!({ "communeId": commune.id.to_string(), "stage": "REPLICATED",
        "documentId": app.directive().await.id.to_string(), "validFrom": "2026-01-01",
        "idempotencyKey": app.key() })
}

async fn enrol(actor: &Actor, input: Value) -> Reply {
    actor.act(&mutation("enrolCommune", SHOWN), input).await
}

async fn end(actor: &Actor, row: &enrolment::Model, on: &str) -> Reply {
    let input = json!({ "id": row.id.to_string(), "validTo": on, "expectedVersion": row.version });
    actor.act(&mutation("endEnrolment", SHOWN), input).await
}

#[tokio::test]
async fn the_coordinator_enrols_a_commune() {
    let app = TestApp::start().await;
    let (coordinator, commune) = (app.coordinator().await, app.commune("02014").await);
    let before = app.all(enrolment::Entity).await.len();

    let reply = enrol(&coordinator, wanted(&app, &commune).await).await;

    let shown = &reply.expect_ok()["enrolCommune"]["enrolment"];
    assert_eq!(
        (&shown["stage"], &shown["commune"]["code"]),
        (&json!("REPLICATED"), &json!("02014"))
    );
    let rows = app.all(enrolment::Entity).await;
    let row = rows.iter().find(|row| row.commune_id == commune.id).unwrap();
    assert_eq!((rows.len(), row.stage), (before + 1, enrolment::Stage::Replicated));
    assert_eq!((row.valid_from, row.valid_to, row.version), (day("2026-01-01"), None, 1));
    let (event, data) = last_event(&app).await;
    assert_eq!((event.r#type.as_str(), event.commune_id), ("COMMUNE_ENROLLED", Some(commune.id)));
    assert_eq!(
        (event.subject, &data["after"]["stage"]),
        (row.id.to_string(), &json!("REPLICATED"))
    );
}

#[tokio::test]
async fn an_enrolment_ends_and_its_end_can_be_moved_until_it_is_past() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let row = app.enrolment(&app.commune("02014").await).await;

    end(&coordinator, &row, "2026-12-01").await.expect_ok();
    let row = app.reload(&row).await;
    let moved = end(&coordinator, &row, "2026-11-30").await;
    let row = app.reload(&row).await;
    app.clock.set_date("2026-11-30");
    let late = end(&coordinator, &row, "2026-12-15").await;

    moved.expect_ok();
    late.expect_refusal_at("ALREADY_ENDED", "validTo");
    assert_eq!((row.valid_to, row.version), (Some(day("2026-11-30")), 3));
    let (event, data) = last_event(&app).await;
    assert_eq!(event.r#type, "ENROLMENT_ENDED");
    let change = json!({ "version": 3, "before": { "validTo": "2026-12-01" }, "after": { "validTo": "2026-11-30" } });
    assert_eq!(data, change);
}

#[tokio::test]
async fn a_commune_is_enrolled_once_at_a_time_whatever_the_stage() {
    let app = TestApp::start().await;
    let (coordinator, commune) = (app.coordinator().await, app.commune("02014").await);
    let known = app.enrolment(&commune).with(|row| row.valid_to = Some(day("2026-02-01"))).await;

    let mut input = wanted(&app, &commune).await;
    input["stage"] = json!("PILOT");
    let overlap = enrol(&coordinator, input.clone()).await;
    input["validFrom"] = json!("2026-02-01");
    let next = enrol(&coordinator, input).await;

    overlap.expect_refusal_at("ALREADY_RECORDED", "validFrom");
    assert_eq!(overlap.at("/enrolCommune/enrolment/id"), &known.id.to_string());
    next.expect_ok();
}

#[tokio::test]
async fn an_enrolment_that_ends_on_its_first_day_makes_room_for_another() {
    let app = TestApp::start().await;
    let (coordinator, commune) = (app.coordinator().await, app.commune("02014").await);
    enrol(&coordinator, wanted(&app, &commune).await).await.expect_ok();
    let rows = app.all(enrolment::Entity).await;
    let mistake = rows.iter().find(|row| row.commune_id == commune.id).unwrap();

    end(&coordinator, mistake, "2026-01-01").await.expect_ok();
    let mut input = wanted(&app, &commune).await;
    input["stage"] = json!("PILOT");
    let again = enrol(&coordinator, input).await;

    again.expect_ok();
}

#[tokio::test]
async fn an_end_that_runs_into_the_next_enrolment_is_refused() {
    let app = TestApp::start().await;
    let commune = app.commune("02014").await;
    let first = app.enrolment(&commune).with(|row| row.valid_to = Some(day("2027-01-01"))).await;
    app.enrolment(&commune).with(|row| row.valid_from = day("2027-01-01")).await;

    let reply = end(&app.coordinator().await, &first, "2027-02-01").await;

    reply.expect_refusal_at("ALREADY_ENDED", "validTo");
    assert_eq!(app.reload(&first).await, first);
}

#[tokio::test]
async fn a_commune_that_has_ended_keeps_its_enrolment_beside_its_end() {
    let app = TestApp::start().await;
    let query = "{ place(by: { code: { code: \"02017\", asOf: \"2024-05-15\" } }) {
        validTo ... on Commune { enrolments { stage validFrom validTo document { reference } } } } }";

    let reply = app.public().ask(query).await;

    let expected = json!({ "validTo": "2025-07-01", "enrolments": [{ "stage": "PILOT",
        "validFrom": "2023-06-14", "validTo": null, "document": { "reference": "369/KH-UBND" } }] });
    assert_eq!(reply.at("/place"), &expected);
}
