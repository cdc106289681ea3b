//! Settling: the coordinator decides a third figure, and in its own matters the leadership.

use entity::{
    delivery::State,
    member::Role,
    party::Kind,
    verification::{Act, Capacity},
};
use serde_json::json;

use super::{Ground, figure, last_event, one, progress, said, with};

const SETTLE: &str = "settleDelivery";

#[tokio::test]
async fn the_coordinator_decides_a_third_figure_and_all_stay() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = app.delivery(&g.commitment).quantity(40).disputed(37).await;
    let coordinator = app.coordinator().await;

    let reply = one(&coordinator, SETTLE, figure(app, &entry, "38")).await;

    reply.expect_ok();
    let now = app.reload(&entry).await;
    assert_eq!((now.quantity, now.received, now.agreed), (40, Some(37), Some(38)));
    assert_eq!((now.state, now.waiting_since, now.version), (State::Settled, None, 2));
    let word = &said(app, &entry).await[0];
    assert_eq!(
        (word.act, word.figure, word.capacity),
        (Act::Settled, Some(38), Capacity::Coordinator)
    );
    assert_eq!(word.reason.as_deref(), Some("Chúng tôi đếm lại"));
    assert_eq!(progress(app, &g.commitment).await, [40, 38, 0, 0, 2]);
    assert_eq!(last_event(app).await.0.r#type, "DELIVERY_SETTLED");
}

#[tokio::test]
async fn it_may_take_either_sides_figure_but_none_that_could_not_be() {
    let g = Ground::new().await;
    let app = &g.app;
    let coordinator = app.coordinator().await;
    let entry = app.delivery(&g.commitment).quantity(40).disputed(37).await;

    for (value, code) in [("-1", "OUT_OF_RANGE"), ("1.5", "INVALID_FORMAT")] {
        let reply = one(&coordinator, SETTLE, figure(app, &entry, value)).await;
        reply.expect_refusal_at(code, "figure");
    }
    let input = with(figure(app, &entry, "40"), "reason", "0912345678");
    one(&coordinator, SETTLE, input).await.expect_refusal_at("PERSONAL_DATA", "reason");
    one(&coordinator, SETTLE, figure(app, &entry, "40")).await.expect_ok();

    assert_eq!(progress(app, &g.commitment).await, [40, 40, 0, 0, 0]);
    let reported = g.reported().await;
    let reply = one(&coordinator, SETTLE, figure(app, &reported, "7")).await;
    reply.expect_refusal("WRONG_STATE");
}

#[tokio::test]
async fn others_decide_nothing() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = app.delivery(&g.commitment).disputed(7).await;
    let coordinator = app.party_by_code("SKHCN-19-2025").await;

    for (actor, code) in [
        (app.telecom().await, "NOT_FOUND"),
        (g.giver.clone(), "FORBIDDEN"),
        (g.officer.clone(), "FORBIDDEN"),
        (app.assigned_department("02014").await, "FORBIDDEN"),
        (app.leadership().await, "FORBIDDEN"),
        (app.member_of(&coordinator).with_role(Role::Reporter).await, "FORBIDDEN"),
    ] {
        one(&actor, SETTLE, figure(app, &entry, "8")).await.expect_refusal(code);
    }

    assert_eq!(app.reload(&entry).await, entry);
}

#[tokio::test]
async fn after_fifteen_working_days_the_leadership_decides() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = app.delivery(&g.commitment).disputed(7).await;
    let leadership = app.leadership().await;

    app.clock.set_date("2026-12-13");
    one(&leadership, SETTLE, figure(app, &entry, "8")).await.expect_refusal("FORBIDDEN");
    app.clock.set_date("2026-12-14");
    one(&leadership, SETTLE, figure(app, &entry, "8")).await.expect_ok();

    assert_eq!(said(app, &entry).await[0].capacity, Capacity::Leadership);
}

#[tokio::test]
async fn in_the_coordinators_own_matter_the_leadership_decides_at_once() {
    let g = Ground::new().await;
    let app = &g.app;
    let coordinator = app.coordinator().await;
    let promise = app.commitment(coordinator.party()).to(&g.commune).await;
    let entry = app.delivery(&promise).disputed(7).await;
    let old = app.party(Kind::Department).valid("2025-07-01", Some("2026-06-01")).await;
    app.party_succession(&old, coordinator.party(), "2026-06-01").await;
    let theirs = app.commitment(&old).to(&g.commune).await;
    let of_predecessor = app.delivery(&theirs).disputed(7).await;
    let leadership = app.leadership().await;

    for entry in [&entry, &of_predecessor] {
        one(&coordinator, SETTLE, figure(app, entry, "8")).await.expect_refusal("OWN_MATTER");
        one(&leadership, SETTLE, figure(app, entry, "8")).await.expect_ok();
    }

    assert_eq!(progress(app, &promise).await, [10, 8, 0, 0, 2]);
}

#[tokio::test]
async fn the_same_decision_twice_is_made_once() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = app.delivery(&g.commitment).disputed(7).await;
    let coordinator = app.coordinator().await;
    let input = figure(app, &entry, "8");
    one(&coordinator, SETTLE, input.clone()).await.expect_ok();

    let again = one(&coordinator, SETTLE, input.clone()).await;
    let other = one(&coordinator, SETTLE, with(input, "figure", "9")).await;
    let stale = one(&coordinator, SETTLE, figure(app, &entry, "9")).await;

    assert_eq!(again.expect_ok()["settleDelivery"]["replayed"], true);
    other.expect_refusal_at("IDEMPOTENCY_MISMATCH", "idempotencyKey");
    stale.expect_refusal_at("STALE_VERSION", "expectedVersion");
    assert_eq!(stale.at("/settleDelivery/delivery/agreed"), &json!("8"));
}
