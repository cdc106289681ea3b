//! Raising: what is kept, what is refused, and what happens when it is sent twice.

use entity::{event, member::Role, need};
use serde_json::json;
use tests::{TestApp, day};
use uuid::Uuid;

use super::{DISGUISES, HARMLESS, audience, raise, the_need, wanted};
use crate::authz::last_event;

#[tokio::test]
async fn a_reporter_of_the_commune_raises_a_need_in_its_name() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").with_role(Role::Reporter).await;
    let commune = app.commune("02014").await;
    let mut input = wanted(&app, &commune).await;
    input["text"] = json!(" Thie\u{302}\u{301}u  ma\u{301}y ");
    input["externalReference"] = json!("NC-2026/01");

    let reply = raise(&officer, input).await;

    let code = json!({ "code": officer.party().code });
    let row = the_need(&app).await;
    let shown = json!({ "id": row.id.to_string(), "version": 1, "status": "OPEN",
        "quantity": "40", "dueOn": "2026-12-31", "text": "Thiếu máy", "met": false,
        "reason": null, "externalReference": "NC-2026/01", "commune": { "code": "02014" },
        "activity": { "code": "smartphones_handed_over" }, "raisedBy": code, "enteredBy": code });
    assert_eq!(reply.expect_ok()["raiseNeed"]["need"], shown);
    assert_eq!((row.quantity, row.precision, row.due_on), (40, 0, day("2026-12-31")));
    let (event, data) = last_event(&app).await;
    assert_eq!((event.r#type.as_str(), &event.subject), ("NEED_RAISED", &row.id.to_string()));
    assert_eq!((event.commune_id, event.actor_id), (Some(commune.id), Some(officer.party().id)));
    assert_eq!((&data["version"], &data["after"]["quantity"]), (&json!(1), &json!(40)));
    let everybody = [Uuid::nil(), commune.id.into()];
    assert_eq!(audience(&app, event.position).await, everybody.into());
}

#[tokio::test]
async fn a_quantity_has_the_digits_of_its_activity() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let hectares = app.activity_kind("dien_tich").with(|row| row.precision = 2).await;
    let mut input = wanted(&app, &app.commune("02014").await).await;
    input["activityId"] = json!(hectares.id.to_string());

    for (quantity, code) in [
        (json!("0.001"), "INVALID_FORMAT"),
        (json!("0"), "OUT_OF_RANGE"),
        (json!("-1"), "OUT_OF_RANGE"),
        (json!("10000000000000.01"), "OUT_OF_RANGE"),
    ] {
        input["quantity"] = quantity;
        raise(&officer, input.clone()).await.expect_refusal_at(code, "quantity");
    }
    input["quantity"] = json!("10.5");
    let reply = raise(&officer, input).await;

    reply.expect_ok();
    assert_eq!(reply.at("/raiseNeed/need/quantity"), "10.50");
    assert_eq!((the_need(&app).await.quantity, the_need(&app).await.precision), (1050, 2));
}

#[tokio::test]
async fn the_same_request_twice_raises_one_need() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let input = wanted(&app, &app.commune("02014").await).await;
    raise(&officer, input.clone()).await.expect_ok();
    let before = (the_need(&app).await, app.all(event::Entity).await.len());

    let again = raise(&officer, input).await;

    let payload = &again.expect_ok()["raiseNeed"];
    assert_eq!(payload["need"]["id"], before.0.id.to_string());
    assert_eq!((the_need(&app).await, app.all(event::Entity).await.len()), before);
}

#[tokio::test]
async fn a_reference_names_one_need_of_an_authority_for_ever() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let commune = app.commune("02014").await;
    let phones = app.activity(super::PHONES).await;
    let known = app.need(officer.party(), &phones).referred_to_as("NC-1").withdrawn().await;
    let mut input = wanted(&app, &commune).await;
    input["externalReference"] = json!("NC-1");

    let reply = raise(&officer, input.clone()).await;

    let refusal = reply.expect_refusal_at("ALREADY_RECORDED", "externalReference");
    let params = json!([{ "name": "id", "value": known.id.to_string() },
        { "name": "what", "value": "NC-1" }]);
    assert_eq!(refusal["params"], params);
    assert_eq!(reply.at("/raiseNeed/need/id"), &json!(known.id.to_string()));
    assert_eq!(app.all(need::Entity).await, [known]);
    let other = app.commune_officer("02071").await;
    input["communeId"] = json!(app.commune("02071").await.id.to_string());
    raise(&other, input).await.expect_ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_needs_with_one_reference_at_once_one_is_raised() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let commune = app.commune("02014").await;
    app.settle().await;
    let mut requests = Vec::new();
    for _ in 0..8 {
        let mut input = wanted(&app, &commune).await;
        input["externalReference"] = json!("NC-1");
        let officer = officer.clone();
        requests.push(tokio::spawn(async move { raise(&officer, input).await }));
    }

    let mut codes = Vec::new();
    for request in requests {
        let reply = request.await.unwrap();
        assert!(reply.errors().is_empty(), "{}", reply.text);
        codes.extend(reply.refusals().iter().map(|refusal| refusal["code"].clone()));
    }

    assert_eq!(codes, vec![json!("ALREADY_RECORDED"); 7]);
    the_need(&app).await;
}

#[tokio::test]
async fn numbers_of_persons_are_refused_in_every_disguise_and_others_pass() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let commune = app.commune("02014").await;
    let mut input = wanted(&app, &commune).await;

    for text in DISGUISES {
        input["text"] = json!(text);
        raise(&officer, input.clone()).await.expect_refusal_at("PERSONAL_DATA", "text");
    }
    input["text"] = json!("");
    for reference in
        ["A0912345678", "SDT-0912-345-678", "cccd/012.345.678.901", "x1_2_3_4_5_6_7_8_9"]
    {
        input["externalReference"] = json!(reference);
        let reply = raise(&officer, input.clone()).await;
        reply.expect_refusal_at("PERSONAL_DATA", "externalReference");
    }
    assert!(app.all(need::Entity).await.is_empty());

    for text in HARMLESS {
        let mut input = wanted(&app, &commune).await;
        input["text"] = json!(text);
        raise(&officer, input).await.expect_ok();
    }
}
