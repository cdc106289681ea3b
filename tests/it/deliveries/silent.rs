//! Silent promises: what is delivered without a commitment belongs to one open promise for each
//! giver, commune, activity and civil year.

use entity::{
    commitment::{self, Disclosure, Status},
    party::Kind,
};
use serde_json::{Value, json};
use tests::{Actor, TestApp};
use uuid::Uuid;

use super::{Ground, entries, events, progress, put, record, sums_follow, with};
use crate::{authz::mutation, needs::audience};

async fn row(g: &Ground, activity: &str) -> Value {
    json!({ "activityId": g.app.activity(activity).await.id.to_string(), "quantity": "1",
        "communeId": g.commune.id.to_string(), "deliveredOn": "2026-11-23" })
}

const PHONES: &str = "smartphones_handed_over";

/// The open promises that were made silently.
async fn silent(app: &TestApp) -> Vec<commitment::Model> {
    let mut rows = app.all(commitment::Entity).await;
    rows.retain(|row| row.open_year.is_some());
    rows.sort_unstable_by_key(|row| row.id);
    rows
}

#[tokio::test]
async fn one_is_made_when_it_is_first_needed_and_holds_at_once() {
    let g = Ground::new().await;
    let app = &g.app;
    let row = row(&g, PHONES).await;

    g.record(&g.giver, json!([row, row])).await.expect_ok();
    g.record(&g.giver, json!([with(row, "deliveredOn", "2026-01-01")])).await.expect_ok();

    let promises = silent(app).await;
    let [promise] = &promises[..] else { panic!("not one: {promises:?}") };
    assert_eq!(
        (promise.status, promise.quantity, promise.open_year),
        (Status::Active, None, Some(2026))
    );
    assert_eq!((promise.giver_id, promise.place_id), (g.giver.party().id, g.commune.id));
    assert_eq!((promise.disclosure, promise.waiting_since), (Disclosure::Parties, None));
    assert!(promise.accepted_at.is_some());
    assert_eq!(progress(app, promise).await, [3, 0, 3, 0, 0]);
    assert_eq!(events(app, "COMMITMENT_PROPOSED").await, 1);
    let log = app.all(entity::event::Entity).await;
    let made = log.iter().find(|event| event.r#type == "COMMITMENT_PROPOSED").unwrap();
    let concerned = [Uuid::from(g.giver.party().id), g.commune.id.into()];
    assert_eq!(audience(app, made.position).await, concerned.into());
}

#[tokio::test]
async fn each_year_commune_and_activity_has_its_own() {
    let g = Ground::new().await;
    let app = &g.app;
    let row_ = row(&g, PHONES).await;
    let other = app.commune("02071").await.id.to_string();

    let rows = json!([
        row_,
        with(row_.clone(), "deliveredOn", "2025-12-31"),
        with(row_.clone(), "communeId", other),
        row(&g, "public_wifi_points").await
    ]);
    g.record(&g.giver, rows).await.expect_ok();

    let years: Vec<_> = silent(app).await.iter().map(|row| row.open_year.unwrap()).collect();
    assert_eq!(years, [2026, 2025, 2026, 2026]);
    sums_follow(app).await;
}

#[tokio::test]
async fn its_disclosure_is_the_givers_unless_the_activity_forces_another() {
    let g = Ground::new().await;
    let app = &g.app;
    let union = app.union().await;
    let kind = async |code: &str, forced: bool| {
        let kinds = [Kind::MassOrganization].into_iter().collect();
        let kind = app.activity_kind(code).with(|row| {
            (row.promisers, row.forces_parties) = (kinds, forced);
        });
        kind.await;
        row(&g, code).await
    };

    let rows = json!([kind("buoi", false).await, kind("buoi_kin", true).await]);
    g.record(&union, rows).await.expect_ok();

    let disclosures: Vec<_> = silent(app).await.iter().map(|row| row.disclosure).collect();
    assert_eq!(disclosures, [Disclosure::Public, Disclosure::Parties]);
}

#[tokio::test]
async fn a_giver_makes_none_that_it_could_not_promise() {
    let g = Ground::new().await;
    let app = &g.app;
    let union = app.union().await;
    let row = row(&g, "merchants_accepting_cashless").await;
    let no_commune = json!({ "activityId": row["activityId"], "quantity": "1",
        "deliveredOn": "2026-11-23" });

    let wrong = g.record(&union, json!([row])).await;
    let nowhere = g.record(&g.giver, json!([no_commune])).await;
    let gone = g.record(&g.giver, json!([with(row.clone(), "activityId", "x")])).await;
    let mut nothing = json!({ "deliveries": [with(row, "quantity", "0")],
        "errorPolicy": "REJECT_FAILED_ROWS", "idempotencyKey": app.key() });
    record(&g.giver, nothing.clone()).await.expect_refusal("OUT_OF_RANGE");
    nothing["deliveries"][0]["quantity"] = json!("1");
    nothing["deliveries"][0]["deliveredOn"] = json!("2027-01-01");
    record(&g.giver, nothing).await.expect_refusal("OUT_OF_RANGE");

    assert_eq!(wrong.expect_refusal("WRONG_KIND")["path"][3], "giverId");
    assert_eq!(nowhere.expect_refusal("REQUIRED")["path"][3], "communeId");
    assert_eq!(gone.expect_refusal("NOT_FOUND")["path"][3], "activityId");
    assert!(silent(app).await.is_empty() && entries(app).await.is_empty());
}

#[tokio::test]
async fn an_agent_names_its_principal_and_nobody_else() {
    let g = Ground::new().await;
    let app = &g.app;
    let (agent, rival) = (app.union().await, app.telecom().await);
    app.mandate(g.giver.party(), agent.party()).at(&g.commune).await;
    let named = with(row(&g, PHONES).await, "giverId", g.giver.party().id.to_string());
    let elsewhere = app.commune("02071").await.id.to_string();

    g.record(&agent, json!([named])).await.expect_ok();
    g.record(&g.giver, json!([named])).await.expect_ok();
    g.record(&rival, json!([named])).await.expect_refusal("FORBIDDEN");
    let reply = g.record(&agent, json!([with(named.clone(), "communeId", elsewhere)])).await;
    reply.expect_refusal("FORBIDDEN");
    let reply = g.record(&agent, json!([with(named, "giverId", "x")])).await;
    assert_eq!(reply.expect_refusal("NOT_FOUND")["path"][3], "giverId");

    let promises = silent(app).await;
    let [promise] = &promises[..] else { panic!("not one: {promises:?}") };
    assert_eq!((promise.giver_id, promise.entered_by_id), (g.giver.party().id, agent.party().id));
    let names: Vec<_> =
        entries(app).await.iter().map(|e| (e.reported_by_id, e.entered_by_id)).collect();
    let giver = g.giver.party().id;
    assert_eq!(names, [(giver, agent.party().id), (giver, giver)]);
}

#[tokio::test]
async fn after_one_has_ended_another_is_made() {
    let g = Ground::new().await;
    let app = &g.app;
    let row = row(&g, PHONES).await;
    g.record(&g.giver, json!([row])).await.expect_ok();
    let [first] = &silent(app).await[..] else { panic!("not one") };
    let close = json!({ "id": first.id.to_string(), "expectedVersion": 1, "reason": "Hết năm" });
    let coordinator = app.coordinator().await;
    coordinator.act(&mutation("closeCommitment", ""), close).await.expect_ok();

    g.record(&g.giver, json!([row])).await.expect_ok();

    let [second] = &silent(app).await[..] else { panic!("not one") };
    assert_ne!(second.id, first.id);
    assert_eq!(progress(app, first).await[0] + progress(app, second).await[0], 2);
}

#[tokio::test]
async fn one_that_gets_a_quantity_is_a_promise_like_any_other() {
    let g = Ground::new().await;
    let app = &g.app;
    let row = row(&g, PHONES).await;
    g.record(&g.giver, json!([row])).await.expect_ok();
    let [first] = &silent(app).await[..] else { panic!("not one") };
    let paper = app.document(g.giver.party()).await;
    let amend = json!({ "id": first.id.to_string(), "expectedVersion": 1, "quantity": "50",
        "schedule": [{ "dueOn": "2026-12-31", "quantity": "50" }], "reason": "Thỏa thuận",
        "documentId": paper.id.to_string(), "idempotencyKey": app.key() });

    g.giver.act(&mutation("amendCommitment", ""), amend).await.expect_ok();
    g.record(&g.giver, json!([row])).await.expect_ok();

    let amended = app.reload(first).await;
    assert_eq!((amended.quantity, amended.open_year), (Some(50), None));
    let [second] = &silent(app).await[..] else { panic!("not one") };
    assert_eq!((amended.reported, second.reported), (1, 1));
    sums_follow(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_make_one() {
    let g = Ground::new().await;
    let app = &g.app;
    let row = row(&g, PHONES).await;
    let input = async |actor: &Actor, field: &'static str| {
        let mut input = json!({ "deliveries": [row, row], "idempotencyKey": app.key() });
        if field == "recordReceipt" {
            input = with(row.clone(), "giverId", g.giver.party().id.to_string());
            input["idempotencyKey"] = json!(app.key());
        }
        (actor.clone(), field, input)
    };
    app.settle().await;
    let mut requests = Vec::new();
    for at in 0..12 {
        let request = match at % 3 {
            0 => input(&g.officer, "recordReceipt").await,
            _ => input(&g.giver, "recordDeliveries").await,
        };
        let (actor, field, input) = request;
        requests.push(tokio::spawn(async move {
            let shown = if field == "recordReceipt" { "delivery" } else { "deliveries" };
            actor.act(&mutation(field, &format!("{shown} {{ id }}")), input).await
        }));
    }
    for request in requests {
        request.await.unwrap().expect_ok();
    }

    let promises = silent(app).await;
    let [promise] = &promises[..] else { panic!("not one: {promises:?}") };
    assert_eq!(progress(app, promise).await, [20, 0, 20, 0, 0]);
    assert_eq!(events(app, "COMMITMENT_PROPOSED").await, 1);
}

#[tokio::test]
async fn a_promise_that_is_open_but_not_silent_takes_none_of_these() {
    let g = Ground::new().await;
    let app = &g.app;
    let open = app.commitment(g.giver.party()).to(&g.commune).open().await;
    put(app, &open, |row| row.text = "Cam kết mở đã ký".to_owned()).await;

    g.record(&g.giver, json!([row(&g, PHONES).await])).await.expect_ok();

    assert_eq!(silent(app).await.len(), 1);
    assert_eq!(progress(app, &open).await, [0; 5]);
}
