//! Disputing: "you say 40, we counted 37"; both figures stand.

use entity::{
    delivery::{self, State},
    member::Role,
    verification::{Act, Capacity},
};
use serde_json::json;

use super::{Ground, figure, last_event, one, progress, said, with};
use crate::needs::DISGUISES;

const DISPUTE: &str = "disputeDelivery";

#[tokio::test]
async fn the_receivers_own_figure_stands_beside_the_reported_one() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = app.delivery(&g.commitment).quantity(40).await;
    let reporter = app.member_of(g.officer.party()).with_role(Role::Reporter).await;
    app.clock.advance_days(3);

    let reply = one(&reporter, DISPUTE, figure(app, &entry, "37")).await;

    let shown = &reply.expect_ok()["disputeDelivery"]["delivery"];
    assert_eq!((&shown["quantity"], &shown["received"]), (&json!("40"), &json!("37")));
    let expected = delivery::Model {
        state: State::Disputed,
        received: Some(37),
        waiting_since: Some(tests::day("2026-11-26")),
        version: 2,
        ..entry.clone()
    };
    assert_eq!(app.reload(&entry).await, expected);
    let [word] = &said(app, &entry).await[..] else { panic!("not one word") };
    assert_eq!((word.act, word.figure), (Act::Disputed, Some(37)));
    assert_eq!(word.capacity, Capacity::Authority);
    assert_eq!(word.reason.as_deref(), Some("Chúng tôi đếm lại"));
    assert_eq!(progress(app, &g.commitment).await, [40, 0, 0, 40, 3]);
    let (event, data) = last_event(app).await;
    assert_eq!((&*event.r#type, &data["after"]["received"]), ("DELIVERY_DISPUTED", &json!(37)));
}

#[tokio::test]
async fn a_dispute_names_another_figure_that_could_be() {
    let g = Ground::new().await;
    let app = &g.app;
    let hectares = app.activity_kind("dien_tich").with(|row| row.precision = 2).await;
    let promise = app.commitment(g.giver.party()).to(&g.commune).of(&hectares).await;
    let entry = app.delivery(&promise).quantity(1050).await;

    for (value, code) in [
        ("10.50", "SAME_FIGURE"),
        ("10.5", "SAME_FIGURE"),
        ("-1", "OUT_OF_RANGE"),
        ("0.001", "INVALID_FORMAT"),
        ("10000000000000.01", "OUT_OF_RANGE"),
    ] {
        let reply = one(&g.officer, DISPUTE, figure(app, &entry, value)).await;
        reply.expect_refusal_at(code, "figure");
    }
    assert_eq!(app.reload(&entry).await, entry);
    one(&g.officer, DISPUTE, figure(app, &entry, "0")).await.expect_ok();
    assert_eq!(progress(app, &promise).await, [1050, 0, 0, 1050, 1050]);
}

#[tokio::test]
async fn a_dispute_gives_its_reason_and_no_number_of_a_person() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = g.reported().await;

    for reason in DISGUISES {
        let input = with(figure(app, &entry, "7"), "reason", reason);
        one(&g.officer, DISPUTE, input).await.expect_refusal_at("PERSONAL_DATA", "reason");
    }
    for (reason, code) in [(" ".to_owned(), "BLANK"), ("a".repeat(2001), "TOO_LONG")] {
        let input = with(figure(app, &entry, "7"), "reason", reason);
        one(&g.officer, DISPUTE, input).await.expect_refusal_at(code, "reason");
    }

    assert_eq!(app.reload(&entry).await, entry);
}

#[tokio::test]
async fn what_is_reported_is_disputed_once() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = g.reported().await;
    let input = figure(app, &entry, "7");
    one(&g.officer, DISPUTE, input.clone()).await.expect_ok();

    let again = one(&g.officer, DISPUTE, input).await;
    let stale = one(&g.officer, DISPUTE, figure(app, &entry, "6")).await;
    let late = one(&g.officer, DISPUTE, figure(app, &app.reload(&entry).await, "6")).await;

    assert_eq!(again.expect_ok()["disputeDelivery"]["replayed"], true);
    stale.expect_refusal_at("STALE_VERSION", "expectedVersion");
    assert_eq!(stale.at("/disputeDelivery/delivery/received"), "7");
    late.expect_refusal("WRONG_STATE");
    let confirmed = app.delivery(&g.commitment).confirmed().await;
    one(&g.officer, DISPUTE, figure(app, &confirmed, "6")).await.expect_refusal("WRONG_STATE");
    assert_eq!(progress(app, &g.commitment).await, [20, 10, 0, 10, 3]);
}

#[tokio::test]
async fn others_dispute_nothing() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = g.reported().await;

    for (actor, code) in [
        (app.telecom().await, "NOT_FOUND"),
        (app.commune_officer("02071").await, "NOT_FOUND"),
        (app.assigned_department("02014").await, "FORBIDDEN"),
        (app.coordinator().await, "FORBIDDEN"),
        (g.giver.clone(), "OWN_MATTER"),
        (app.member_of(g.officer.party()).with_role(Role::Viewer).await, "FORBIDDEN"),
    ] {
        let reply = one(&actor, DISPUTE, figure(app, &entry, "7")).await;
        reply.expect_refusal(code);
        assert!(reply.at("/disputeDelivery/delivery").is_null());
    }

    assert_eq!(app.reload(&entry).await, entry);
}
