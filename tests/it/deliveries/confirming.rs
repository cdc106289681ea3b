//! Confirming: the figure is right, says whoever received it.

use entity::{
    delivery::{self, State},
    mandate::Act,
    member::Role,
    verification::{self, Capacity},
};
use serde_json::json;
use uuid::Uuid;

use super::{Ground, batch, events, last_event, of, progress, said, sums_follow};
use crate::needs::audience;

const CONFIRM: &str = "confirmDeliveries";

#[tokio::test]
async fn a_reporter_of_the_commune_confirms_many_at_once() {
    let g = Ground::new().await;
    let app = &g.app;
    let reporter = app.member_of(g.officer.party()).with_role(Role::Reporter).await;
    let (one, two) = (g.reported().await, g.reported().await);

    let reply = batch(&reporter, CONFIRM, of(app, &[&two, &one])).await;

    let shown = reply.expect_ok()["confirmDeliveries"]["deliveries"].as_array().unwrap();
    let ids: Vec<_> = shown.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, [two.id.to_string(), one.id.to_string()], "in the order of the input");
    let now = app.reload(&one).await;
    let expected =
        delivery::Model { state: State::Confirmed, waiting_since: None, version: 2, ..one.clone() };
    assert_eq!(now, expected);
    let [word] = &said(app, &one).await[..] else { panic!("not one word") };
    assert_eq!((word.act, word.figure), (verification::Act::Confirmed, Some(10)));
    assert_eq!((word.capacity, word.reason.as_deref()), (Capacity::Authority, None));
    let officer = g.officer.party().id;
    assert_eq!((word.verified_by_id, word.entered_by_id), (officer, officer));
    assert_eq!(progress(app, &g.commitment).await, [20, 20, 0, 0, 0]);
    assert_eq!(events(app, "DELIVERY_CONFIRMED").await, 2);
    let (event, data) = last_event(app).await;
    let told = json!({ "by": officer.to_string(), "capacity": "AUTHORITY", "version": 2,
        "before": { "state": "REPORTED" }, "after": { "state": "CONFIRMED" } });
    assert_eq!(data, told);
    let concerned = [Uuid::from(g.giver.party().id), g.commune.id.into()];
    assert_eq!(audience(app, event.position).await, concerned.into());
}

#[tokio::test]
async fn only_what_was_reported_is_confirmed_and_once() {
    let g = Ground::new().await;
    let app = &g.app;
    let build = || app.delivery(&g.commitment);
    let asked = build().confirmed();
    let asked = asked.with(|row| row.reversal_requested_by_id = Some(g.giver.party().id)).await;
    let reversed = build().await;
    let taken_back = app.reverse(&reversed).await;
    let wrong = [
        (build().confirmed().await, "CONFIRMED"),
        (build().disputed(7).await, "DISPUTED"),
        (build().settled(7).await, "SETTLED"),
        (asked, "REVERSAL_REQUESTED"),
        (app.reload(&reversed).await, "REVERSED"),
        (taken_back, "REVERSED"),
    ];
    let before = progress(app, &g.commitment).await;

    for (entry, state) in &wrong {
        let reply = batch(&g.officer, CONFIRM, of(app, &[entry])).await;
        let refusal = reply.expect_refusal("WRONG_STATE");
        assert_eq!(refusal["params"], json!([{ "name": "state", "value": state }]));
        assert_eq!(app.reload(entry).await, *entry);
    }

    assert_eq!(progress(app, &g.commitment).await, before);
    assert_eq!(events(app, "DELIVERY_CONFIRMED").await, 0);
}

#[tokio::test]
async fn a_commune_confirms_what_arrived_in_it_and_not_what_arrived_next_door() {
    let g = Ground::new().await;
    let app = &g.app;
    let wide = app.commitment(g.giver.party()).to(&app.province().await).await;
    let here = app.delivery(&wide).at(&g.commune).await;
    let there = app.delivery(&wide).at(&app.commune("02071").await).await;

    let reply = batch(&g.officer, CONFIRM, of(app, &[&here, &there])).await;
    let refusal = reply.expect_refusal("FORBIDDEN");
    assert_eq!(refusal["path"], json!(["input", "deliveries", "1"]));
    batch(&g.officer, CONFIRM, of(app, &[&here])).await.expect_ok();

    assert_eq!(app.reload(&there).await, there);
    assert_eq!(progress(app, &wide).await, [20, 10, 10, 0, 0]);
}

#[tokio::test]
async fn others_confirm_nothing() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = g.reported().await;
    let agent = app.union().await;
    app.mandate(g.officer.party(), agent.party()).acts([Act::Accept, Act::Record]).await;

    for (actor, code) in [
        (app.telecom().await, "NOT_FOUND"),
        (app.commune_officer("02071").await, "NOT_FOUND"),
        (agent, "FORBIDDEN"),
        (app.assigned_department("02014").await, "FORBIDDEN"),
        (app.coordinator().await, "FORBIDDEN"),
        (app.leadership().await, "FORBIDDEN"),
        (g.giver.clone(), "OWN_MATTER"),
        (app.member_of(g.officer.party()).with_role(Role::Viewer).await, "FORBIDDEN"),
    ] {
        batch(&actor, CONFIRM, of(app, &[&entry])).await.expect_refusal(code);
    }

    assert_eq!(app.reload(&entry).await, entry);
}

#[tokio::test]
async fn an_agent_confirms_in_the_name_of_the_commune() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = g.reported().await;
    let agent = app.union().await;
    app.mandate(g.officer.party(), agent.party()).acts([Act::Verify]).await;

    batch(&agent, CONFIRM, of(app, &[&entry])).await.expect_ok();

    let word = &said(app, &entry).await[0];
    let names = (word.verified_by_id, word.entered_by_id);
    assert_eq!(names, (g.officer.party().id, agent.party().id));
}

#[tokio::test]
async fn what_was_delivered_on_a_promise_that_has_ended_can_still_be_confirmed() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = g.reported().await;
    super::put(app, &app.reload(&g.commitment).await, |row| {
        row.status = entity::commitment::Status::Withdrawn;
        row.reason = Some("Ngừng chương trình".to_owned());
    })
    .await;
    app.sql("DELETE FROM board_cell WHERE reported = 0").await.unwrap();
    app.sql("UPDATE board_cell SET promised = 0").await.unwrap();

    batch(&g.officer, CONFIRM, of(app, &[&entry])).await.expect_ok();

    assert_eq!(progress(app, &g.commitment).await, [10, 10, 0, 0, 0]);
    sums_follow(app).await;
}

#[tokio::test]
async fn the_same_confirmation_twice_is_said_once() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = g.reported().await;
    let input = of(app, &[&entry]);
    batch(&g.officer, CONFIRM, input.clone()).await.expect_ok();

    let again = batch(&g.officer, CONFIRM, input).await;
    let late = batch(&g.officer, CONFIRM, of(app, &[&entry])).await;

    assert_eq!(again.expect_ok()["confirmDeliveries"]["replayed"], true);
    let refusal = late.expect_refusal("STALE_VERSION");
    assert_eq!(refusal["params"], json!([{ "name": "current", "value": "2" }]));
    assert_eq!(late.at("/confirmDeliveries/deliveries/0/state"), "CONFIRMED");
    assert_eq!(said(app, &entry).await.len(), 1);
}
