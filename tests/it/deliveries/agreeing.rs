//! Agreeing: either side takes the other's figure.

use entity::{
    delivery::{self, State},
    mandate::Act,
    member::Role,
    verification,
};
use serde_json::json;

use super::{Ground, at, last_event, one, progress, said};

const AGREE: &str = "agreeDelivery";

#[tokio::test]
async fn the_giver_takes_the_receivers_figure() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = app.delivery(&g.commitment).quantity(40).disputed(37).await;

    let reply = one(&g.giver, AGREE, at(app, &entry)).await;

    let shown = &reply.expect_ok()["agreeDelivery"]["delivery"];
    assert_eq!((&shown["state"], &shown["agreed"]), (&json!("SETTLED"), &json!("37")));
    assert_eq!((&shown["quantity"], &shown["received"]), (&json!("40"), &json!("37")));
    let expected = delivery::Model {
        state: State::Settled,
        agreed: Some(37),
        waiting_since: None,
        version: 2,
        ..entry.clone()
    };
    assert_eq!(app.reload(&entry).await, expected);
    let word = &said(app, &entry).await[0];
    assert_eq!((word.act, word.figure), (verification::Act::Agreed, Some(37)));
    assert_eq!(progress(app, &g.commitment).await, [40, 37, 0, 0, 3]);
    let (event, data) = last_event(app).await;
    assert_eq!((&*event.r#type, &data["after"]["agreed"]), ("DELIVERY_AGREED", &json!(37)));
}

#[tokio::test]
async fn the_receiver_takes_the_givers_figure() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = app.delivery(&g.commitment).quantity(40).disputed(37).await;

    let reply = one(&g.officer, AGREE, at(app, &entry)).await;

    assert_eq!(reply.expect_ok()["agreeDelivery"]["delivery"]["agreed"], "40");
    assert_eq!(progress(app, &g.commitment).await, [40, 40, 0, 0, 0]);
}

#[tokio::test]
async fn only_managers_of_either_side_agree() {
    let g = Ground::new().await;
    let app = &g.app;
    let joint = app.bank().await;
    let promise = app.commitment(g.giver.party()).to(&g.commune).joint(joint.party()).await;
    let entry = app.delivery(&promise).disputed(7).await;
    let agent = app.union().await;
    app.mandate(g.officer.party(), agent.party()).acts([Act::Record]).await;

    for (actor, code) in [
        (app.telecom().await, "NOT_FOUND"),
        (app.member_of(g.giver.party()).with_role(Role::Reporter).await, "FORBIDDEN"),
        (app.member_of(g.officer.party()).with_role(Role::Reporter).await, "FORBIDDEN"),
        (app.assigned_department("02014").await, "FORBIDDEN"),
        (app.coordinator().await, "FORBIDDEN"),
        (agent, "FORBIDDEN"),
    ] {
        one(&actor, AGREE, at(app, &entry)).await.expect_refusal(code);
    }
    assert_eq!(app.reload(&entry).await, entry);
    one(&joint, AGREE, at(app, &entry)).await.expect_ok();
}

#[tokio::test]
async fn who_stands_on_both_sides_does_not_agree_with_itself() {
    let g = Ground::new().await;
    let app = &g.app;
    app.mandate(g.officer.party(), g.giver.party()).acts([Act::Verify]).await;
    let entry = app.delivery(&g.commitment).disputed(7).await;

    one(&g.giver, AGREE, at(app, &entry)).await.expect_refusal("OWN_MATTER");

    assert_eq!(app.reload(&entry).await, entry);
}

#[tokio::test]
async fn what_is_not_disputed_is_not_agreed_on() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = app.delivery(&g.commitment).disputed(7).await;
    let input = at(app, &entry);
    one(&g.giver, AGREE, input.clone()).await.expect_ok();

    let again = one(&g.giver, AGREE, input).await;
    let stale = one(&g.officer, AGREE, at(app, &entry)).await;
    let late = one(&g.officer, AGREE, at(app, &app.reload(&entry).await)).await;
    let reported = one(&g.giver, AGREE, at(app, &g.reported().await)).await;

    assert_eq!(again.expect_ok()["agreeDelivery"]["replayed"], true);
    stale.expect_refusal_at("STALE_VERSION", "expectedVersion");
    assert_eq!(stale.at("/agreeDelivery/delivery/state"), "SETTLED");
    late.expect_refusal("WRONG_STATE");
    reported.expect_refusal("WRONG_STATE");
    assert_eq!(progress(app, &g.commitment).await, [20, 7, 10, 0, 3]);
}
