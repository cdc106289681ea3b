//! Goods through a carrier: into its hands, out of them, and never more than it holds.

use entity::{
    delivery::{self, Stage},
    place,
    verification::Capacity,
};
use serde_json::{Value, json};
use tests::{Actor, TestApp};

use super::{
    Ground, at, batch, because, entries, figure, of, one, progress, record, said, sums_follow, with,
};

/// A promise that passes through a fund, which holds 40 of it.
struct Fund {
    g: Ground,
    carrier: Actor,
    commitment: entity::commitment::Model,
    held: delivery::Model,
}

impl Fund {
    async fn new() -> Self {
        let g = Ground::new().await;
        let carrier = g.app.union().await;
        let promise = g.app.commitment(g.giver.party()).to(&g.commune).carrier(carrier.party());
        let commitment = promise.await;
        let held = g.app.delivery(&commitment).quantity(40).to_carrier(carrier.party());
        let held = held.confirmed().await;
        Self { g, carrier, commitment, held }
    }

    fn app(&self) -> &TestApp {
        &self.g.app
    }

    /// So much of what it holds, handed over today.
    fn handed(&self, quantity: i64) -> Value {
        handed(&self.held, &self.g.commune, quantity)
    }

    async fn hand_over(&self, rows: Value) -> tests::Reply {
        self.g.record(&self.carrier, rows).await
    }
}

fn handed(held: &delivery::Model, commune: &place::Model, quantity: i64) -> Value {
    json!({ "drawnFromId": held.id.to_string(), "stage": "HANDED_OVER", "quantity": quantity,
        "communeId": commune.id.to_string(), "deliveredOn": "2026-11-23" })
}

#[tokio::test]
async fn what_goes_into_its_hands_names_no_commune_and_enters_no_sum() {
    let f = Fund::new().await;
    let app = f.app();
    let row = json!({ "commitmentId": f.commitment.id.to_string(), "stage": "TO_CARRIER",
        "quantity": "5", "deliveredOn": "2026-11-23" });

    let reply = f.g.record(&f.g.giver, json!([row])).await;
    let commune = with(row.clone(), "communeId", f.g.commune.id.to_string());
    let named = f.g.record(&f.g.giver, json!([commune])).await;
    let direct = with(row, "commitmentId", f.g.commitment.id.to_string());
    let without = f.g.record(&f.g.giver, json!([direct])).await;

    let shown = &reply.expect_ok()["recordDeliveries"]["deliveries"][0];
    assert_eq!(
        (&shown["commune"], &shown["via"]["code"]),
        (&json!(null), &json!(f.carrier.party().code))
    );
    assert_eq!((&shown["drawn"], &shown["remaining"]), (&json!("0"), &json!("0")));
    assert_eq!(named.expect_refusal("NOT_APPLICABLE")["path"][3], "communeId");
    assert_eq!(without.expect_refusal("WRONG_KIND")["path"][3], "stage");
    assert_eq!(progress(app, &f.commitment).await, [0; 5]);
    let entry = entries(app).await.pop().unwrap();
    batch(&f.g.giver, "confirmDeliveries", of(app, &[&entry])).await.expect_refusal("OWN_MATTER");
    batch(&f.g.officer, "confirmDeliveries", of(app, &[&entry])).await.expect_refusal("FORBIDDEN");
    batch(&f.carrier, "confirmDeliveries", of(app, &[&entry])).await.expect_ok();
    assert_eq!(said(app, &entry).await[0].capacity, Capacity::Carrier);
    assert_eq!(progress(app, &f.commitment).await, [0; 5]);
}

#[tokio::test]
async fn what_the_carrier_reported_itself_is_its_own_matter() {
    let f = Fund::new().await;
    let app = f.app();
    let own = app.delivery(&f.commitment).to_carrier(f.carrier.party()).by(f.carrier.party()).await;

    batch(&f.carrier, "confirmDeliveries", of(app, &[&own])).await.expect_refusal("OWN_MATTER");
    app.clock.set_date("2026-12-14");
    let coordinator = app.coordinator().await;
    batch(&coordinator, "confirmDeliveries", of(app, &[&own])).await.expect_ok();
}

#[tokio::test]
async fn a_hand_over_is_credited_to_the_giver_via_the_carrier() {
    let f = Fund::new().await;
    let app = f.app();

    let reply = f.hand_over(json!([f.handed(15), f.handed(25)])).await;

    let shown = &reply.expect_ok()["recordDeliveries"]["deliveries"][0];
    let (giver, carrier) = (&f.g.giver.party().code, &f.carrier.party().code);
    assert_eq!((&shown["giver"]["code"], &shown["via"]["code"]), (&json!(giver), &json!(carrier)));
    assert_eq!(&shown["reportedBy"]["code"], &json!(carrier));
    let held = app.reload(&f.held).await;
    assert_eq!((held.drawn, held.version), (40, 3));
    assert_eq!(progress(app, &f.commitment).await, [40, 0, 40, 0, 0]);
    let over = &entries(app).await[1];
    assert_eq!((over.stage, over.drawn_from_id), (Stage::HandedOver, Some(held.id)));
    batch(&f.carrier, "confirmDeliveries", of(app, &[over])).await.expect_refusal("OWN_MATTER");
    batch(&f.g.officer, "confirmDeliveries", of(app, &[over])).await.expect_ok();
    assert_eq!(progress(app, &f.commitment).await, [40, 15, 25, 0, 0]);
}

#[tokio::test]
async fn no_more_is_handed_over_than_is_there() {
    let f = Fund::new().await;
    let app = f.app();

    let too_much = f.hand_over(json!([f.handed(41)])).await;
    let together = f.hand_over(json!([f.handed(30), f.handed(11)])).await;
    let in_part = json!({ "deliveries": [f.handed(30), f.handed(11), f.handed(10)],
        "errorPolicy": "REJECT_FAILED_ROWS", "idempotencyKey": app.key() });
    let in_part = record(&f.carrier, in_part).await;

    let refusal = too_much.expect_refusal("EXCEEDS_AVAILABLE");
    assert_eq!(refusal["params"], json!([{ "name": "available", "value": "40" }]));
    assert_eq!(refusal["path"], json!(["input", "deliveries", "0", "quantity"]));
    let refusal = together.expect_refusal("EXCEEDS_AVAILABLE");
    assert_eq!(refusal["params"][0]["value"], "10");
    assert_eq!(in_part.expect_refusal("EXCEEDS_AVAILABLE")["path"][2], "1");
    assert_eq!(app.reload(&f.held).await.drawn, 40);
    assert_eq!(progress(app, &f.commitment).await, [40, 0, 40, 0, 0]);
}

#[tokio::test]
async fn a_refused_hand_over_takes_nothing() {
    let f = Fund::new().await;
    let app = f.app();
    let known = with(f.handed(1), "externalReference", "PH-1");
    f.hand_over(json!([known])).await.expect_ok();
    let again = with(f.handed(39), "externalReference", "PH-1");
    let rows = json!([again, f.handed(20), with(f.handed(19), "evidence", json!({ "hash": "x" }))]);
    let in_part = json!({ "deliveries": rows, "errorPolicy": "REJECT_FAILED_ROWS",
        "idempotencyKey": app.key() });

    let reply = record(&f.carrier, in_part).await;

    let codes: Vec<_> = reply.refusals().iter().map(|refusal| refusal["code"].clone()).collect();
    assert_eq!(codes, ["ALREADY_RECORDED", "INVALID_FORMAT"]);
    assert_eq!(app.reload(&f.held).await.drawn, 21);
    assert_eq!(progress(app, &f.commitment).await, [21, 0, 21, 0, 0]);
}

#[tokio::test]
async fn only_what_is_confirmed_or_agreed_is_there() {
    let f = Fund::new().await;
    let app = f.app();
    let carrier = f.carrier.party();
    let build = || app.delivery(&f.commitment).quantity(40).to_carrier(carrier);
    let asked = build().confirmed();
    let asked = asked.with(|row| row.reversal_requested_by_id = Some(f.g.giver.party().id)).await;

    for (held, there) in [
        (build().await, 0),
        (build().disputed(37).await, 0),
        (asked, 0),
        (build().settled(37).await, 37),
        (build().settled(45).await, 45),
    ] {
        let over = json!([handed(&held, &f.g.commune, there + 1)]);
        let refusal = f.hand_over(over).await;
        let refusal = refusal.expect_refusal("EXCEEDS_AVAILABLE");
        assert_eq!(refusal["params"][0]["value"], there.to_string());
        let shown = "query ($id: ID!) { delivery(by: { id: $id }) { remaining } }";
        let shown = f.carrier.gql(shown, json!({ "id": held.id.to_string() })).await;
        assert_eq!(shown.at("/delivery/remaining"), &json!(there.to_string()));
        if there > 0 {
            f.hand_over(json!([handed(&held, &f.g.commune, there)])).await.expect_ok();
            assert_eq!(app.reload(&held).await.drawn, there);
        }
    }
    sums_follow(app).await;
}

#[tokio::test]
async fn only_the_carrier_hands_over_and_only_what_it_holds() {
    let f = Fund::new().await;
    let app = f.app();
    let joint = app.bank().await;
    let other = app.commitment(f.g.giver.party()).to(&f.g.commune).joint(joint.party());
    let other = other.carrier(f.carrier.party()).await;
    let direct = app.delivery(&f.commitment).confirmed().await;
    let elsewhere = with(f.handed(1), "commitmentId", other.id.to_string());
    let mut nowhere = f.handed(1);
    nowhere.as_object_mut().unwrap().remove("communeId");
    let mut from_nothing = with(f.handed(1), "commitmentId", f.commitment.id.to_string());
    from_nothing.as_object_mut().unwrap().remove("drawnFromId");

    for (actor, row, code, field) in [
        (&f.g.giver, f.handed(1), "FORBIDDEN", None),
        (&app.telecom().await, f.handed(1), "NOT_FOUND", Some("drawnFromId")),
        (&f.carrier, elsewhere, "NOT_FOUND", Some("drawnFromId")),
        (&f.carrier, handed(&direct, &f.g.commune, 1), "WRONG_KIND", Some("drawnFromId")),
        (&f.carrier, with(f.handed(1), "stage", "DIRECT"), "REQUIRED", Some("drawnFromId")),
        (&f.carrier, from_nothing, "REQUIRED", Some("drawnFromId")),
        (&f.carrier, nowhere, "REQUIRED", Some("communeId")),
        (&f.carrier, f.handed(0), "OUT_OF_RANGE", Some("quantity")),
        (&f.carrier, f.handed(-1), "OUT_OF_RANGE", Some("quantity")),
    ] {
        let reply = f.g.record(actor, json!([row])).await;
        let refusal = reply.expect_refusal(code);
        assert_eq!(refusal["path"].get(3), field.map(|field| json!(field)).as_ref(), "{row}");
    }
    assert_eq!(app.reload(&f.held).await, f.held);
    let agent = f.g.giver.clone();
    app.mandate(f.carrier.party(), agent.party()).await;
    f.g.record(&agent, json!([f.handed(1)])).await.expect_ok();
    let over = entries(app).await.pop().unwrap();
    let names = (over.reported_by_id, over.entered_by_id);
    assert_eq!(names, (f.carrier.party().id, agent.party().id));
}

#[tokio::test]
async fn a_reversed_hand_over_gives_back_and_what_was_drawn_upon_stays() {
    let f = Fund::new().await;
    let app = f.app();
    f.hand_over(json!([f.handed(15), f.handed(25)])).await.expect_ok();
    let rows = entries(app).await;
    let (fifteen, rest) = (&rows[1], &rows[2]);
    let held = app.reload(&f.held).await;

    let source = batch(&f.g.giver, "reverseDeliveries", because(app, &[&held])).await;
    batch(&f.carrier, "reverseDeliveries", because(app, &[fifteen])).await.expect_ok();

    assert_eq!(source.expect_refusal("DRAWN_UPON")["path"][3], "id");
    assert_eq!(app.reload(&f.held).await.drawn, 25);
    assert_eq!(progress(app, &f.commitment).await, [25, 0, 25, 0, 0]);
    f.hand_over(json!([f.handed(16)])).await.expect_refusal("EXCEEDS_AVAILABLE");
    batch(&f.g.officer, "confirmDeliveries", of(app, &[rest])).await.expect_ok();
    let rest = app.reload(rest).await;
    batch(&f.carrier, "reverseDeliveries", because(app, &[&rest])).await.expect_ok();
    assert_eq!(app.reload(&f.held).await.drawn, 25, "asked for only");
    let rest = app.reload(&rest).await;
    batch(&f.g.officer, "consentToReversals", of(app, &[&rest])).await.expect_ok();
    assert_eq!(app.reload(&f.held).await.drawn, 0);
    assert_eq!(progress(app, &f.commitment).await, [0; 5]);
    let held = app.reload(&f.held).await;
    batch(&f.g.giver, "reverseDeliveries", because(app, &[&held])).await.expect_ok();
    f.hand_over(json!([f.handed(1)])).await.expect_refusal("EXCEEDS_AVAILABLE");
    let held = app.reload(&held).await;
    batch(&f.carrier, "consentToReversals", of(app, &[&held])).await.expect_ok();
    sums_follow(app).await;
}

#[tokio::test]
async fn giver_and_carrier_come_to_one_figure() {
    let f = Fund::new().await;
    let app = f.app();
    let build = || app.delivery(&f.commitment).quantity(40).to_carrier(f.carrier.party());
    let (one_, two, three) = (build().await, build().await, build().disputed(38).await);

    for entry in [&one_, &two] {
        one(&f.carrier, "disputeDelivery", figure(app, entry, "37")).await.expect_ok();
    }
    let one_now = app.reload(&one_).await;
    let two_now = app.reload(&two).await;
    let taken = one(&f.g.giver, "agreeDelivery", at(app, &one_now)).await;
    let given = one(&f.carrier, "agreeDelivery", at(app, &two_now)).await;
    one(&f.g.officer, "agreeDelivery", at(app, &three)).await.expect_refusal("FORBIDDEN");
    let coordinator = app.coordinator().await;
    one(&coordinator, "settleDelivery", figure(app, &three, "39")).await.expect_ok();

    assert_eq!(taken.expect_ok()["agreeDelivery"]["delivery"]["agreed"], "37");
    assert_eq!(given.expect_ok()["agreeDelivery"]["delivery"]["agreed"], "40");
    assert_eq!(app.reload(&three).await.agreed, Some(39));
    assert_eq!(progress(app, &f.commitment).await, [0; 5]);
}
