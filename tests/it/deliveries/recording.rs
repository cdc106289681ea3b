//! Recording: what is kept of an entry, by whom, where and when.

use entity::{
    commitment::{self, Disclosure, Status},
    delivery::{self, Side, Stage, State},
    mandate::Act,
    member::Role,
    party::Kind,
    place::Level,
};
use serde_json::json;
use tests::{TestApp, day};
use uuid::Uuid;

use super::{Ground, entries, last_event, progress, put, record, row};
use crate::needs::audience;

#[tokio::test]
async fn a_reporter_of_the_giver_records_what_it_delivered() {
    let g = Ground::new().await;
    let app = &g.app;
    let reporter = app.member_of(g.giver.party()).with_role(Role::Reporter).await;
    let mut row = g.row();
    row["evidence"] = json!({ "number": " BB-07/2026 ", "hash": "AB".repeat(32),
        "url": "https://vnpt.example/bb/7" });
    row["externalReference"] = json!("GN-2026/07");

    let reply = g.record(&reporter, json!([row])).await;

    let entry = &entries(app).await[0];
    let code = json!({ "code": g.giver.party().code });
    let shown = json!([{ "id": entry.id.to_string(), "version": 1, "state": "REPORTED",
        "stage": "DIRECT", "side": "GIVER", "quantity": "10", "received": null, "agreed": null,
        "drawn": null, "remaining": null, "deliveredOn": "2026-11-23",
        "externalReference": "GN-2026/07", "reason": null, "waitingSince": "2026-11-23",
        "commune": { "code": "02014" }, "giver": code, "via": null, "reportedBy": code,
        "enteredBy": code, "reversalRequestedBy": null,
        "evidence": { "number": "BB-07/2026", "hash": "ab".repeat(32),
            "url": "https://vnpt.example/bb/7" } }]);
    assert_eq!(reply.expect_ok()["recordDeliveries"]["deliveries"], shown);
    assert_eq!(
        (entry.side, entry.stage, entry.state),
        (Side::Giver, Stage::Direct, State::Reported)
    );
    assert_eq!(progress(app, &g.commitment).await, [10, 0, 10, 0, 0]);
    assert_eq!(app.reload(&g.commitment).await.version, 1, "deliveries do not touch the promise");
    let (event, data) = last_event(app).await;
    assert_eq!((&*event.r#type, &event.subject), ("DELIVERY_RECORDED", &entry.id.to_string()));
    let (giver, commune) = (g.giver.party().id, g.commune.id);
    assert_eq!((event.giver_id, event.commune_id), (Some(giver), Some(commune)));
    assert_eq!((&data["after"]["quantity"], &data["version"]), (&json!(10), &json!(1)));
    let concerned = [Uuid::from(giver), commune.into()];
    assert_eq!(audience(app, event.position).await, concerned.into());
}

#[tokio::test]
async fn what_is_public_is_told_to_everybody() {
    let app = TestApp::start().await;
    let (union, commune) = (app.union().await, app.commune("02014").await);
    let province = app.province().await;
    let promise = app.commitment(union.party()).to(&province).await;

    let rows =
        json!({ "deliveries": [row(&app, &promise, &commune)], "idempotencyKey": app.key() });
    record(&union, rows).await.expect_ok();

    let (event, _) = last_event(&app).await;
    let keys = [Uuid::nil(), union.party().id.into(), province.id.into(), commune.id.into()];
    assert_eq!(audience(&app, event.position).await, keys.into());
    assert_eq!(promise.disclosure, Disclosure::Public);
}

#[tokio::test]
async fn everybody_on_the_giving_side_records_and_the_lead_is_credited() {
    let g = Ground::new().await;
    let app = &g.app;
    let (joint, carrier) = (app.bank().await, app.union().await);
    let old = app.party(Kind::TelecomCompany).valid("2025-07-01", Some("2026-06-01")).await;
    let heir = app.telecom().await;
    app.party_succession(&old, heir.party(), "2026-06-01").await;
    let promise = app.commitment(g.giver.party()).to(&g.commune);
    let promise = promise.joint(joint.party()).joint(&old).carrier(carrier.party()).await;

    for actor in [&g.giver, &joint, &carrier, &heir] {
        g.record(actor, json!([row(app, &promise, &g.commune)])).await.expect_ok();
    }

    for (entry, actor) in entries(app).await.iter().zip([&g.giver, &joint, &carrier, &heir]) {
        assert_eq!((entry.giver_id, entry.reported_by_id), (g.giver.party().id, actor.party().id));
    }
    assert_eq!(progress(app, &promise).await, [40, 0, 40, 0, 0]);
}

#[tokio::test]
async fn an_agent_records_in_the_name_of_its_principal_where_and_while_it_may() {
    let g = Ground::new().await;
    let app = &g.app;
    let (agent, other) = (app.union().await, app.commune("02071").await);
    let elsewhere = app.commitment(g.giver.party()).to(&other).await;
    let verifier = app.bank().await;
    let mandate = app.mandate(g.giver.party(), agent.party()).at(&g.commune);
    mandate.valid("2026-01-01", Some("2026-11-24")).await;
    app.mandate(g.giver.party(), verifier.party()).acts([Act::Verify, Act::Report]).await;

    g.record(&agent, json!([g.row()])).await.expect_ok();
    g.record(&agent, json!([row(app, &elsewhere, &other)])).await.expect_refusal("NOT_FOUND");
    g.record(&verifier, json!([g.row()])).await.expect_refusal("FORBIDDEN");
    app.clock.advance_days(1);
    g.record(&agent, json!([g.row()])).await.expect_refusal("NOT_FOUND");

    let entry = &entries(app).await[0];
    let names = (entry.reported_by_id, entry.entered_by_id);
    assert_eq!(names, (g.giver.party().id, agent.party().id));
}

#[tokio::test]
async fn only_an_active_commitment_takes_entries() {
    let g = Ground::new().await;
    let (app, giver) = (&g.app, g.giver.party());

    for status in [Status::Proposed, Status::Closed, Status::Declined, Status::Withdrawn] {
        let promise = app.commitment(giver).to(&g.commune).with(|row| {
            (row.status, row.reason) = (status, Some("Lý do".to_owned()));
        });
        let reply = g.record(&g.giver, json!([row(app, &promise.await, &g.commune)])).await;
        let refusal = reply.expect_refusal("WRONG_STATE");
        assert_eq!(refusal["path"], json!(["input", "deliveries", "0", "commitmentId"]));
    }

    assert!(entries(app).await.is_empty());
}

#[tokio::test]
async fn a_commune_lies_inside_the_place_and_is_there_on_the_day() {
    let g = Ground::new().await;
    let (app, giver) = (&g.app, g.giver.party());
    let before = app.place_on("06", "2025-06-30").await;
    let district = app.place_on("063", "2025-06-30").await;
    let old = app.place_on("02017", "2025-06-30").await;
    let outside =
        app.place(Level::Commune, "99001", "Xã Ngoài").inside(&app.province().await).await;
    let to_old = app.commitment(giver).to(&old).await;
    let to_district = app.commitment(giver).to(&district).await;
    let to_province = app.commitment(giver).to(&before).await;

    for (promise, commune, on, code) in [
        (&g.commitment, &old, "2025-06-30", Some("OUTSIDE_PLACE")),
        (&g.commitment, &outside, "2026-11-01", Some("OUTSIDE_PLACE")),
        (&g.commitment, &g.commune, "2026-11-24", Some("OUT_OF_RANGE")),
        (&g.commitment, &app.province().await, "2026-11-01", Some("WRONG_KIND")),
        (&to_old, &old, "2025-06-30", None),
        (&to_old, &old, "2025-07-01", Some("OUTSIDE_VALIDITY")),
        (&to_old, &g.commune, "2025-06-30", Some("OUTSIDE_VALIDITY")),
        (&to_old, &g.commune, "2025-07-01", None),
        (&to_district, &old, "2025-06-30", None),
        (&to_district, &g.commune, "2026-11-23", None),
        (&to_district, &outside, "2026-11-23", Some("OUTSIDE_PLACE")),
        (&to_province, &g.commune, "2026-11-23", None),
        (&to_province, &outside, "2026-11-23", Some("OUTSIDE_PLACE")),
    ] {
        let mut row = row(app, promise, commune);
        row["deliveredOn"] = json!(on);
        let reply = g.record(&g.giver, json!([row])).await;
        let refusals = reply.refusals();
        let refused = refusals.first().map(|refusal| refusal["code"].as_str().unwrap());
        assert_eq!(refused, code, "{} on {on}: {}", commune.name, reply.text);
    }
    super::sums_follow(app).await;
}

#[tokio::test]
async fn a_quantity_has_the_digits_of_its_activity_and_is_more_than_nothing() {
    let g = Ground::new().await;
    let app = &g.app;
    let hectares = app.activity_kind("dien_tich").with(|row| row.precision = 2).await;
    let promise = app.commitment(g.giver.party()).to(&g.commune).of(&hectares).await;
    let mut row = row(app, &promise, &g.commune);

    for (quantity, code) in [
        ("0.001", "INVALID_FORMAT"),
        ("0", "OUT_OF_RANGE"),
        ("-1", "OUT_OF_RANGE"),
        ("10000000000000.01", "OUT_OF_RANGE"),
    ] {
        row["quantity"] = json!(quantity);
        let reply = g.record(&g.giver, json!([row])).await;
        let refusal = reply.expect_refusal(code);
        assert_eq!(refusal["path"], json!(["input", "deliveries", "0", "quantity"]), "{quantity}");
        if quantity == "0" {
            let bounds = json!([{ "name": "max", "value": "10000000000000.00" },
                { "name": "min", "value": "0.01" }]);
            assert_eq!(refusal["params"], bounds);
        }
    }
    row["quantity"] = json!("10.5");
    let reply = g.record(&g.giver, json!([row])).await;

    assert_eq!(reply.expect_ok()["recordDeliveries"]["deliveries"][0]["quantity"], "10.50");
    assert_eq!(progress(app, &promise).await, [1050, 0, 1050, 0, 0]);
}

#[tokio::test]
async fn a_sum_that_leaves_sixty_four_bits_is_refused_in_its_row() {
    let g = Ground::new().await;
    let app = &g.app;
    let other = app.commitment(g.giver.party()).to(&g.commune).await;
    // Nearly as much as the row of a commitment holds, which no test can record one by one.
    let full = i64::MAX - 5;
    put(app, &g.commitment, |row| (row.reported, row.unverified) = (full, full)).await;
    let mut rows = json!({ "deliveries": [g.row(), row(app, &other, &g.commune)],
        "errorPolicy": "REJECT_FAILED_ROWS", "idempotencyKey": app.key() });

    let reply = record(&g.giver, rows.clone()).await;

    let refusal = reply.expect_refusal("OUT_OF_RANGE");
    assert_eq!(refusal["path"], json!(["input", "deliveries", "0", "quantity"]));
    assert_eq!(app.reload(&other).await.reported, 10);
    assert_eq!(app.reload(&g.commitment).await.reported, full);
    rows["deliveries"][0]["quantity"] = json!("5");
    rows["idempotencyKey"] = json!(app.key());
    record(&g.giver, rows).await.expect_ok();
    assert_eq!(app.reload(&g.commitment).await.reported, i64::MAX);
}

#[tokio::test]
async fn a_row_says_in_one_way_what_it_belongs_to() {
    let g = Ground::new().await;
    let phones = g.app.activity("smartphones_handed_over").await;
    let (commitment, activity) = (g.commitment.id.to_string(), phones.id.to_string());
    let giver = g.giver.party().id.to_string();

    for named in [
        json!({}),
        json!({ "giverId": giver }),
        json!({ "commitmentId": commitment, "activityId": activity }),
        json!({ "commitmentId": commitment, "giverId": giver }),
    ] {
        let mut row = named.clone();
        row["communeId"] = json!(g.commune.id.to_string());
        row["quantity"] = json!("1");
        row["deliveredOn"] = json!("2026-11-23");
        let refusal = g.record(&g.giver, json!([row])).await;
        let refusal = refusal.expect_refusal("EXACTLY_ONE");
        assert_eq!(refusal["path"], json!(["input", "deliveries", "0", "commitmentId"]), "{named}");
    }

    assert_eq!(g.app.all(delivery::Entity).await.len(), 0);
    assert_eq!(g.app.all(commitment::Entity).await.len(), 1);
}

#[tokio::test]
async fn a_delivery_falls_into_the_half_month_of_its_day() {
    let g = Ground::new().await;
    let mut rows = Vec::new();
    for on in ["2026-10-31", "2026-11-01", "2026-11-14", "2026-11-15"] {
        let mut row = g.row();
        row["deliveredOn"] = json!(on);
        rows.push(row);
    }

    g.record(&g.giver, json!(rows)).await.expect_ok();

    assert_eq!(progress(&g.app, &g.commitment).await, [40, 0, 40, 0, 0]);
    let mut cells = g.app.all(entity::board_cell::Entity).await;
    cells.sort_unstable_by_key(|cell| cell.half_month);
    let cells: Vec<_> = cells.iter().map(|cell| (cell.half_month, cell.reported)).collect();
    let halves = [("2026-10-15", 10), ("2026-11-01", 20), ("2026-11-15", 10), ("2026-12-15", 0)];
    assert_eq!(cells, halves.map(|(on, reported)| (day(on), reported)));
}
