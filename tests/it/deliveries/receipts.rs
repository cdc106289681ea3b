//! Receipts: the receiver writes first, and the giver confirms or disputes.

use entity::{
    commitment,
    delivery::{Side, State},
    mandate::Act,
    member::Role,
    party::Kind,
    verification::Capacity,
};
use serde_json::{Value, json};
use tests::TestApp;

use super::{
    Ground, batch, entries, events, figure, last_event, of, one, progress, said, sums_follow, with,
};

/// 8 received today on the commitment of the ground.
fn receipt(g: &Ground) -> Value {
    json!({ "commitmentId": g.commitment.id.to_string(), "communeId": g.commune.id.to_string(),
        "quantity": "8", "deliveredOn": "2026-11-23", "idempotencyKey": g.app.key() })
}

/// The same without a commitment, from the giver of the ground.
async fn of_nothing(g: &Ground) -> Value {
    let phones = g.app.activity("smartphones_handed_over").await;
    let mut input = receipt(g);
    input.as_object_mut().unwrap().remove("commitmentId");
    input["giverId"] = json!(g.giver.party().id.to_string());
    input["activityId"] = json!(phones.id.to_string());
    input
}

#[tokio::test]
async fn a_commune_writes_down_what_arrived_and_the_giver_is_credited() {
    let g = Ground::new().await;
    let app = &g.app;
    let reporter = app.member_of(g.officer.party()).with_role(Role::Reporter).await;

    let reply = one(&reporter, "recordReceipt", receipt(&g)).await;

    let shown = &reply.expect_ok()["recordReceipt"]["delivery"];
    let (commune, giver) = (&g.officer.party().code, &g.giver.party().code);
    assert_eq!((&shown["side"], &shown["state"]), (&json!("RECEIVER"), &json!("REPORTED")));
    assert_eq!(
        (&shown["reportedBy"]["code"], &shown["giver"]["code"]),
        (&json!(commune), &json!(giver))
    );
    let entry = &entries(app).await[0];
    assert_eq!((entry.side, entry.reported_by_id), (Side::Receiver, g.officer.party().id));
    assert_eq!(progress(app, &g.commitment).await, [8, 0, 8, 0, 0]);
    let (event, data) = last_event(app).await;
    assert_eq!((&*event.r#type, &data["after"]["side"]), ("DELIVERY_RECORDED", &json!("RECEIVER")));
}

#[tokio::test]
async fn the_giver_confirms_or_disputes_and_the_commune_does_not() {
    let g = Ground::new().await;
    let app = &g.app;
    let joint = app.bank().await;
    let promise = app.commitment(g.giver.party()).to(&g.commune).joint(joint.party()).await;
    let [one_, two] = [0; 2].map(|_| app.delivery(&promise).receipt(g.officer.party()));
    let (first, second) = (one_.await, two.await);

    batch(&g.officer, "confirmDeliveries", of(app, &[&first])).await.expect_refusal("OWN_MATTER");
    one(&g.officer, "disputeDelivery", figure(app, &first, "9")).await.expect_refusal("OWN_MATTER");
    batch(&joint, "confirmDeliveries", of(app, &[&first])).await.expect_ok();
    one(&g.giver, "disputeDelivery", figure(app, &second, "12")).await.expect_ok();

    let (first, second) = (app.reload(&first).await, app.reload(&second).await);
    assert_eq!((first.state, second.state), (State::Confirmed, State::Disputed));
    assert_eq!(second.received, Some(12));
    assert_eq!(said(app, &first).await[0].capacity, Capacity::Giver);
    assert_eq!(progress(app, &promise).await, [20, 10, 0, 10, -2]);
    let agreed = one(&g.officer, "agreeDelivery", super::at(app, &second)).await;
    assert_eq!(agreed.expect_ok()["agreeDelivery"]["delivery"]["agreed"], "12");
    assert_eq!(progress(app, &promise).await, [20, 22, 0, 0, -2]);
}

#[tokio::test]
async fn without_a_commitment_it_belongs_to_the_givers_open_promise() {
    let g = Ground::new().await;
    let app = &g.app;

    one(&g.officer, "recordReceipt", of_nothing(&g).await).await.expect_ok();
    one(&g.officer, "recordReceipt", of_nothing(&g).await).await.expect_ok();

    let promises = app.all(commitment::Entity).await;
    let [promise] = promises.iter().filter(|row| row.open_year.is_some()).collect::<Vec<_>>()[..]
    else {
        panic!("not one open promise: {promises:?}")
    };
    assert_eq!((promise.giver_id, promise.open_year), (g.giver.party().id, Some(2026)));
    assert_eq!(promise.entered_by_id, g.officer.party().id);
    assert_eq!(progress(app, promise).await, [16, 0, 16, 0, 0]);
    assert_eq!(events(app, "COMMITMENT_PROPOSED").await, 1);
    let entry = &entries(app).await[0];
    batch(&g.giver, "confirmDeliveries", of(app, &[entry])).await.expect_ok();
}

#[tokio::test]
async fn a_receipt_says_from_whom_and_nobody_receives_from_itself() {
    let g = Ground::new().await;
    let app = &g.app;
    let nobody = of_nothing(&g).await;
    let mut nameless = nobody.clone();
    nameless.as_object_mut().unwrap().remove("giverId");
    let bank = app.party(Kind::Bank).valid("2020-01-01", Some("2026-01-01")).await;

    let own = with(nobody.clone(), "giverId", g.officer.party().id.to_string());
    let ended = with(nobody.clone(), "giverId", bank.id.to_string());

    one(&g.officer, "recordReceipt", nameless)
        .await
        .expect_refusal_at("EXACTLY_ONE", "commitmentId");
    one(&g.officer, "recordReceipt", own).await.expect_refusal("OWN_MATTER");
    one(&g.officer, "recordReceipt", ended).await.expect_refusal_at("OUTSIDE_VALIDITY", "giverId");
    for (field, id) in [("giverId", "x"), ("activityId", "x"), ("communeId", "x")] {
        let input = with(nobody.clone(), field, id);
        one(&g.officer, "recordReceipt", input).await.expect_refusal_at("NOT_FOUND", field);
    }
    assert!(entries(app).await.is_empty());
    assert_eq!(app.all(commitment::Entity).await.len(), 1);
}

#[tokio::test]
async fn only_the_authority_of_the_commune_writes_a_receipt() {
    let g = Ground::new().await;
    let app = &g.app;
    let (agent, helper) = (app.union().await, app.bank().await);
    app.mandate(g.officer.party(), agent.party()).acts([Act::Verify]).await;
    app.mandate(g.officer.party(), helper.party()).acts([Act::Record]).await;

    for (actor, code) in [
        (app.telecom().await, "NOT_FOUND"),
        (app.commune_officer("02071").await, "NOT_FOUND"),
        (g.giver.clone(), "FORBIDDEN"),
        (app.assigned_department("02014").await, "FORBIDDEN"),
        (app.coordinator().await, "FORBIDDEN"),
        (app.leadership().await, "FORBIDDEN"),
        (helper, "FORBIDDEN"),
        (app.member_of(g.officer.party()).with_role(Role::Viewer).await, "FORBIDDEN"),
    ] {
        one(&actor, "recordReceipt", receipt(&g)).await.expect_refusal(code);
        let reply = one(&actor, "recordReceipt", of_nothing(&g).await).await;
        reply.expect_refusal("FORBIDDEN");
    }
    one(&agent, "recordReceipt", receipt(&g)).await.expect_ok();

    let [entry] = &entries(app).await[..] else { panic!("not one entry") };
    let names = (entry.reported_by_id, entry.entered_by_id);
    assert_eq!(names, (g.officer.party().id, agent.party().id));
}

#[tokio::test]
async fn a_receipt_adds_something_and_is_written_once() {
    let g = Ground::new().await;
    let app = &g.app;
    let wifi = app.activity("public_wifi_points").await;
    let stock = app.commitment(g.giver.party()).to(&g.commune).of(&wifi).await;
    let mut input = with(receipt(&g), "commitmentId", stock.id.to_string());

    for quantity in ["0", "-3"] {
        let reply =
            one(&g.officer, "recordReceipt", with(input.clone(), "quantity", quantity)).await;
        reply.expect_refusal_at("OUT_OF_RANGE", "quantity");
    }
    input["externalReference"] = json!("BN-1");
    let first = one(&g.officer, "recordReceipt", input.clone()).await;
    let again = one(&g.officer, "recordReceipt", input.clone()).await;
    let same = with(input, "idempotencyKey", app.key().to_string());
    let known = one(&g.officer, "recordReceipt", same).await;

    assert_eq!(first.expect_ok()["recordReceipt"]["replayed"], false);
    assert_eq!(again.expect_ok()["recordReceipt"]["replayed"], true);
    let id = first.at("/recordReceipt/delivery/id");
    assert_eq!(again.at("/recordReceipt/delivery/id"), id);
    known.expect_refusal_at("ALREADY_RECORDED", "externalReference");
    assert_eq!(known.at("/recordReceipt/delivery/id"), id);
    assert_eq!(entries(app).await.len(), 1);
}

#[tokio::test]
async fn a_new_authority_writes_down_what_its_predecessor_received() {
    let app = TestApp::start().await;
    let telecom = app.party(Kind::TelecomCompany).valid("2023-01-01", None).await;
    let (old, new) = (app.place_on("02017", "2025-06-30").await, app.commune("02014").await);
    let officer = app.commune_officer("02014").await;
    let promise = app.commitment(&telecom).to(&old).await;
    let input = |commune: &entity::place::Model, on: &str| {
        json!({ "commitmentId": promise.id.to_string(), "communeId": commune.id.to_string(),
            "quantity": "8", "deliveredOn": on, "idempotencyKey": app.key() })
    };

    one(&officer, "recordReceipt", input(&old, "2025-06-30")).await.expect_ok();
    one(&officer, "recordReceipt", input(&new, "2025-07-01")).await.expect_ok();
    let late = one(&officer, "recordReceipt", input(&old, "2025-07-01")).await;

    late.expect_refusal_at("OUTSIDE_VALIDITY", "communeId");
    let communes: Vec<_> = entries(&app).await.iter().map(|entry| entry.commune_id).collect();
    assert_eq!(communes, [Some(old.id), Some(new.id)]);
    sums_follow(&app).await;
}
