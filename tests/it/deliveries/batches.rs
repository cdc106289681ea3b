//! Batches: how many rows, in whole or in part, on trial, twice, and with how many statements.

use entity::{event, idempotency, member::Role, party::Kind};
use serde_json::{Value, json};
use tests::{Actor, TestApp};

use crate::authz::mutation;

use super::{
    Ground, batch, because, entries, events, of, progress, record, row, sums_follow, with,
};

/// Everything that a batch could leave behind.
async fn traces(app: &TestApp) -> [usize; 3] {
    let keys = app.all(idempotency::Entity).await.len();
    [entries(app).await.len(), app.all(event::Entity).await.len(), keys]
}

#[tokio::test]
async fn a_batch_has_one_to_five_hundred_rows() {
    let g = Ground::new().await;
    let before = traces(&g.app).await;

    for rows in [0, 501] {
        let reply = g.record(&g.giver, json!(vec![g.row(); rows])).await;
        let refusal = reply.expect_refusal_at("WRONG_COUNT", "deliveries");
        let bounds = json!([{ "name": "max", "value": "500" }, { "name": "min", "value": "1" }]);
        assert_eq!(refusal["params"], bounds);
    }
    assert_eq!(traces(&g.app).await, before);
    g.record(&g.giver, json!(vec![g.row(); 500])).await.expect_ok();

    assert_eq!(entries(&g.app).await.len(), 500);
    assert_eq!(progress(&g.app, &g.commitment).await, [5000, 0, 5000, 0, 0]);
    assert_eq!(events(&g.app, "DELIVERY_RECORDED").await, 500);
}

#[tokio::test]
async fn every_batch_mutation_has_the_same_bounds() {
    let g = Ground::new().await;
    let entry = json!({ "id": "delivery_0", "expectedVersion": 1 });

    for field in ["confirmDeliveries", "consentToReversals", "reverseDeliveries", "refuseReversals"]
    {
        for rows in [0, 501] {
            let mut input = of(&g.app, &[]);
            input["deliveries"] = json!(vec![entry.clone(); rows]);
            if field.starts_with("re") {
                input["reason"] = json!("Nhập nhầm");
            }
            batch(&g.officer, field, input).await.expect_refusal_at("WRONG_COUNT", "deliveries");
        }
    }
}

#[tokio::test]
async fn one_wrong_row_takes_all_with_it_unless_the_sender_says_otherwise() {
    let g = Ground::new().await;
    let app = &g.app;
    let rows =
        json!([g.row(), with(g.row(), "quantity", "0"), g.row(), with(g.row(), "communeId", "x")]);
    let before = traces(app).await;
    let whole = json!({ "deliveries": rows, "idempotencyKey": app.key() });
    let in_part = with(whole.clone(), "errorPolicy", "REJECT_FAILED_ROWS");

    let refused = record(&g.giver, whole).await;
    let untouched = traces(app).await;
    let done = record(&g.giver, in_part.clone()).await;
    let again = record(&g.giver, in_part).await;

    let paths = |reply: &tests::Reply| -> Vec<Value> {
        reply.refusals().iter().map(|refusal| refusal["path"].clone()).collect()
    };
    let wrong = [
        json!(["input", "deliveries", "1", "quantity"]),
        json!(["input", "deliveries", "3", "communeId"]),
    ];
    assert_eq!(paths(&refused), wrong);
    assert_eq!(refused.data()["recordDeliveries"]["deliveries"], json!([null, null, null, null]));
    assert_eq!(untouched, before);
    assert_eq!(paths(&done), wrong);
    let rows = done.data()["recordDeliveries"]["deliveries"].as_array().unwrap();
    assert_eq!(rows.iter().map(Value::is_object).collect::<Vec<_>>(), [true, false, true, false]);
    assert_eq!(paths(&again), wrong);
    assert_eq!(again.data()["recordDeliveries"]["deliveries"], json!(rows));
    assert_eq!(again.data()["recordDeliveries"]["replayed"], true);
    assert_eq!(entries(app).await.len(), 2);
    assert_eq!(progress(app, &g.commitment).await, [20, 0, 20, 0, 0]);
}

#[tokio::test]
async fn a_trial_tells_what_would_be_refused_and_leaves_nothing() {
    let g = Ground::new().await;
    let app = &g.app;
    let phones = app.activity("smartphones_handed_over").await;
    let silent = json!({ "activityId": phones.id.to_string(), "quantity": "1",
        "communeId": g.commune.id.to_string(), "deliveredOn": "2026-11-23" });
    let rows = json!([g.row(), silent, with(g.row(), "quantity", "0")]);
    let input = json!({ "deliveries": rows, "dryRun": true, "errorPolicy": "REJECT_FAILED_ROWS",
        "idempotencyKey": app.key() });
    let before = traces(app).await;

    let trial = record(&g.giver, input.clone()).await;
    let untouched = traces(app).await;
    let real = record(&g.giver, with(input, "dryRun", false)).await;

    trial.expect_refusal("OUT_OF_RANGE");
    assert_eq!(trial.data()["recordDeliveries"]["deliveries"], json!([null, null, null]));
    assert_eq!(trial.data()["recordDeliveries"]["replayed"], false);
    assert_eq!(untouched, before);
    real.expect_refusal("OUT_OF_RANGE");
    assert_eq!(entries(app).await.len(), 2);
    sums_follow(app).await;
}

#[tokio::test]
async fn trials_of_all_batches_change_nothing() {
    let g = Ground::new().await;
    let app = &g.app;
    let (waiting, confirmed) = (g.reported().await, app.delivery(&g.commitment).confirmed().await);
    let asked = app.delivery(&g.commitment).confirmed();
    let asked = asked.with(|row| row.reversal_requested_by_id = Some(g.giver.party().id)).await;
    let (rows, before) = (entries(app).await, traces(app).await);

    for (actor, field, input) in [
        (&g.officer, "confirmDeliveries", of(app, &[&waiting])),
        (&g.giver, "reverseDeliveries", because(app, &[&waiting, &confirmed])),
        (&g.officer, "consentToReversals", of(app, &[&asked])),
        (&g.officer, "refuseReversals", because(app, &[&asked])),
    ] {
        batch(actor, field, with(input, "dryRun", true)).await.expect_ok();
    }

    assert_eq!((entries(app).await, traces(app).await), (rows, before));
}

#[tokio::test]
async fn the_same_batch_twice_is_done_once() {
    let g = Ground::new().await;
    let app = &g.app;
    let rows = json!({ "deliveries": [g.row(), g.row()], "idempotencyKey": app.key() });
    let first = record(&g.giver, rows.clone()).await;
    let before = traces(app).await;

    let again = record(&g.giver, rows.clone()).await;
    let other = record(&g.giver, with(rows, "errorPolicy", "REJECT_FAILED_ROWS")).await;

    let payload = &again.expect_ok()["recordDeliveries"];
    assert_eq!(payload["replayed"], true);
    assert_eq!(payload["deliveries"], first.expect_ok()["recordDeliveries"]["deliveries"]);
    other.expect_refusal_at("IDEMPOTENCY_MISMATCH", "idempotencyKey");
    assert_eq!(traces(app).await, before);
    assert_eq!(progress(app, &g.commitment).await, [20, 0, 20, 0, 0]);
}

#[tokio::test]
async fn whoever_was_lowered_in_between_replays_nothing() {
    let g = Ground::new().await;
    let app = &g.app;
    let reporter = app.member_of(g.giver.party()).with_role(Role::Reporter).await;
    let officer = app.member_of(g.officer.party()).with_role(Role::Reporter).await;
    let entry = g.reported().await;
    let recorded = json!({ "deliveries": [g.row()], "idempotencyKey": app.key() });
    let confirmed = of(app, &[&entry]);
    record(&reporter, recorded.clone()).await.expect_ok();
    batch(&officer, "confirmDeliveries", confirmed.clone()).await.expect_ok();

    app.sql("UPDATE member SET role = 'VIEWER' WHERE role = 'REPORTER'").await.unwrap();

    for (actor, field, input) in
        [(reporter, "recordDeliveries", recorded), (officer, "confirmDeliveries", confirmed)]
    {
        let reply = batch(&actor, field, input).await;
        reply.expect_refusal("FORBIDDEN");
        assert_eq!(reply.data()[field]["deliveries"], json!([]));
    }
}

#[tokio::test]
async fn an_entry_stands_once_in_a_batch() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = g.reported().await;
    let referred = with(g.row(), "externalReference", "A-1");

    let confirmed = batch(&g.officer, "confirmDeliveries", of(app, &[&entry, &entry])).await;
    let recorded = g.record(&g.giver, json!([referred, referred])).await;
    let in_part = json!({ "deliveries": [referred, g.row(), referred],
        "errorPolicy": "REJECT_FAILED_ROWS", "idempotencyKey": app.key() });
    let done = record(&g.giver, in_part).await;

    let refusal = confirmed.expect_refusal("ALREADY_RECORDED");
    assert_eq!(refusal["path"], json!(["input", "deliveries", "1", "id"]));
    let refusal = recorded.expect_refusal("ALREADY_RECORDED");
    assert_eq!(refusal["path"], json!(["input", "deliveries", "1", "externalReference"]));
    let what = json!([{ "name": "what", "value": "A-1" }]);
    assert_eq!(refusal["params"], what, "the first is not there either");
    let rows = &done.data()["recordDeliveries"]["deliveries"];
    let refusal = done.expect_refusal("ALREADY_RECORDED");
    assert_eq!(refusal["params"][0]["value"], rows[0]["id"]);
    assert_eq!(rows[2]["id"], rows[0]["id"]);
    assert_eq!(entries(app).await.len(), 3);
    sums_follow(app).await;
}

#[tokio::test]
async fn each_row_has_its_own_version() {
    let g = Ground::new().await;
    let app = &g.app;
    let (one, two) = (g.reported().await, g.reported().await);
    let mut input = of(app, &[&one, &two]);
    input["deliveries"][1]["expectedVersion"] = json!(2);
    input["errorPolicy"] = json!("REJECT_FAILED_ROWS");

    let reply = batch(&g.officer, "confirmDeliveries", input).await;

    let refusal = reply.expect_refusal("STALE_VERSION");
    assert_eq!(refusal["path"], json!(["input", "deliveries", "1", "expectedVersion"]));
    assert_eq!(refusal["params"], json!([{ "name": "current", "value": "1" }]));
    let rows = &reply.data()["confirmDeliveries"]["deliveries"];
    assert_eq!((&rows[0]["state"], &rows[1]["state"]), (&json!("CONFIRMED"), &json!("REPORTED")));
    assert_eq!(rows[1]["id"], two.id.to_string(), "the one that stands there");
    assert_eq!(progress(app, &g.commitment).await, [20, 10, 10, 0, 0]);
}

/// The beginnings of the statements that a batch costs, without the look-up of the token.
async fn statements(g: &Ground, sender: &Actor, rows: Vec<Value>) -> Vec<String> {
    let input = json!({ "deliveries": rows, "idempotencyKey": g.app.key() });
    let document = mutation("recordDeliveries", "deliveries { id }");
    let sent = async || sender.act(&document, input.clone()).await.expect_ok().clone();
    let statements = g.app.statements(async { sent().await });
    let mut statements = statements.await;
    statements.retain(|sql| !sql.contains("\"api_token\""));
    statements.iter_mut().for_each(|sql| sql.truncate(60));
    statements
}

/// So many rows over three commitments of the giver, each with a reference.
async fn rows(g: &Ground, count: usize) -> Vec<Value> {
    let promises = [0; 3].map(|_| g.app.commitment(g.giver.party()).to(&g.commune));
    let promises = g.app.insert(promises).await;
    let rows = (0..count).map(|at| {
        let reference = format!("S{count}-{at}");
        with(row(&g.app, &promises[at % 3], &g.commune), "externalReference", reference)
    });
    rows.collect()
}

#[tokio::test]
async fn five_hundred_rows_cost_eleven_statements() {
    let g = Ground::new().await;
    let system = g.app.member_of(g.giver.party()).by_token().await;

    let few = statements(&g, &system, rows(&g, 3).await).await;
    let many = statements(&g, &system, rows(&g, 500).await).await;

    assert_eq!(few, many);
    assert!(many.len() <= 11, "{}: {many:#?}", many.len());
}

#[tokio::test]
async fn silent_promises_and_hand_overs_cost_a_constant_more() {
    let g = Ground::new().await;
    let app = &g.app;
    let system = app.member_of(g.giver.party()).by_token().await;
    let carrier = app.union().await;
    let fund = app.commitment(g.giver.party()).to(&g.commune).carrier(carrier.party()).await;
    let held = app.delivery(&fund).quantity(500).to_carrier(carrier.party()).confirmed().await;
    let kinds: Vec<_> = app.all(entity::activity_kind::Entity).await;
    let kinds = kinds.iter().filter(|kind| kind.promisers.contains(Kind::TelecomCompany));
    let kinds: Vec<_> = kinds.collect();
    let silent = |count: usize, year: i32| -> Vec<Value> {
        let row = |at: usize| {
            json!({ "activityId": kinds[at % kinds.len()].id.to_string(), "quantity": "1",
                "communeId": g.commune.id.to_string(), "deliveredOn": format!("{year}-07-02") })
        };
        (0..count).map(row).collect()
    };
    let handed = |count: usize| -> Vec<Value> {
        let row = json!({ "drawnFromId": held.id.to_string(), "stage": "HANDED_OVER",
            "communeId": g.commune.id.to_string(), "quantity": "1", "deliveredOn": "2026-11-23" });
        vec![row; count]
    };

    let made = [
        statements(&g, &system, silent(2, 2025)).await,
        statements(&g, &system, silent(100, 2026)).await,
    ];
    let over =
        [statements(&g, &carrier, handed(1)).await, statements(&g, &carrier, handed(100)).await];

    assert_eq!(made[0], made[1]);
    assert!(made[1].len() <= 17, "{:#?}", made[1]);
    assert_eq!(over[0], over[1]);
    assert!(over[1].len() <= 15, "{:#?}", over[1]);
    sums_follow(app).await;
}
