//! Many at once: one key makes one effect, batches in opposite order do not wait in a circle, and
//! whatever comes together, sums are what the ledger makes them.

use std::collections::BTreeMap;

use entity::{delivery, idempotency};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

use super::{Ground, because, entries, events, of, progress, row, sums_follow, with};
use crate::authz::mutation;

/// Sends all of these at once; the answers in their order.
async fn at_once(requests: Vec<(&Actor, &'static str, Value)>) -> Vec<Reply> {
    let sent: Vec<_> = requests
        .into_iter()
        .map(|(actor, field, input)| {
            let (actor, object) = (actor.clone(), object(field));
            let document = mutation(field, &format!("replayed {object} {{ id version }}"));
            tokio::spawn(async move { actor.act(&document, input).await })
        })
        .collect();
    let mut replies = Vec::new();
    for reply in sent {
        let reply = reply.await.unwrap();
        assert!(reply.errors().is_empty(), "{}", reply.text);
        replies.push(reply);
    }
    replies
}

fn object(field: &str) -> &'static str {
    match field {
        "amendCommitment" => "commitment",
        "disputeDelivery" | "recordReceipt" => "delivery",
        _ => "deliveries",
    }
}

/// How often each code was refused.
fn codes(replies: &[Reply]) -> BTreeMap<String, usize> {
    let mut codes = BTreeMap::new();
    for refusal in replies.iter().flat_map(Reply::refusals) {
        *codes.entry(refusal["code"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    codes
}

async fn fifty(rows: usize) {
    let g = Ground::new().await;
    let app = &g.app;
    let input = json!({ "deliveries": vec![g.row(); rows], "idempotencyKey": app.key() });
    app.settle().await;

    let replies = at_once(vec![(&g.giver, "recordDeliveries", input); 50]).await;

    let made = entries(app).await;
    let ids: Vec<_> = made.iter().map(|entry| entry.id.to_string()).collect();
    let mut first = 0;
    for reply in &replies {
        let payload = &reply.expect_ok()["recordDeliveries"];
        first += usize::from(payload["replayed"] == false);
        let shown = payload["deliveries"].as_array().unwrap().iter();
        let shown: Vec<_> = shown.map(|entry| entry["id"].as_str().unwrap()).collect();
        assert_eq!(shown, ids);
    }
    assert_eq!((first, made.len()), (1, rows));
    assert_eq!(events(app, "DELIVERY_RECORDED").await, rows);
    assert_eq!(app.all(idempotency::Entity).await.len(), 1);
    let sum = i64::try_from(rows * 10).unwrap();
    assert_eq!(progress(app, &g.commitment).await, [sum, 0, sum, 0, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_requests_with_one_key_record_one_row() {
    fifty(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_requests_with_one_key_record_a_hundred_rows_once() {
    fifty(100).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_in_opposite_order_do_not_wait_in_a_circle() {
    let g = Ground::new().await;
    let app = &g.app;
    let joint = app.bank().await;
    let build = |_| app.commitment(g.giver.party()).to(&g.commune).joint(joint.party());
    let promises = app.insert((0..20).map(build)).await;
    let rows: Vec<_> = promises.iter().map(|promise| row(app, promise, &g.commune)).collect();
    let backwards: Vec<_> = rows.iter().rev().cloned().collect();
    app.settle().await;

    let mut requests = Vec::new();
    for _ in 0..6 {
        for (actor, rows) in [(&g.giver, &rows), (&joint, &backwards)] {
            let input = json!({ "deliveries": rows, "idempotencyKey": app.key() });
            requests.push((actor, "recordDeliveries", input));
        }
    }
    let replies = at_once(requests).await;

    assert_eq!(codes(&replies), BTreeMap::new());
    for promise in &promises {
        assert_eq!(app.reload(promise).await.reported, 120);
    }
    sums_follow(app).await;
}

/// Two entries of each commitment, the second confirmed.
async fn pairs(app: &TestApp, of: &[entity::commitment::Model]) -> Vec<[delivery::Model; 2]> {
    let mut pairs = Vec::new();
    for promise in of {
        let pair = [app.delivery(promise), app.delivery(promise).confirmed()];
        pairs.push(app.insert(pair).await.try_into().unwrap());
    }
    pairs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recording_confirming_reversing_and_amending_at_once_end_well() {
    let g = Ground::new().await;
    let app = &g.app;
    let paper = app.document(g.giver.party()).await;
    let build = |_| app.commitment(g.giver.party()).to(&g.commune).open();
    let promises = app.insert((0..6).map(build)).await;
    let (confirmed, reversed) = (pairs(app, &promises).await, pairs(app, &promises).await);
    app.settle().await;

    let rows: Vec<_> = promises.iter().map(|promise| row(app, promise, &g.commune)).collect();
    let record = |rows: Vec<Value>| {
        (&g.giver, "recordDeliveries", json!({ "deliveries": rows, "idempotencyKey": app.key() }))
    };
    let firsts = |pairs: &[[delivery::Model; 2]]| -> Vec<delivery::Model> {
        pairs.iter().map(|[first, _]| first.clone()).collect()
    };
    let (to_confirm, mut to_reverse) = (firsts(&confirmed), firsts(&reversed));
    to_reverse.reverse();
    to_reverse.extend(reversed.iter().map(|[_, second]| second.clone()));
    let mut requests = vec![
        record(rows.clone()),
        (&g.officer, "confirmDeliveries", of(app, &to_confirm.iter().collect::<Vec<_>>())),
        record(rows.into_iter().rev().collect()),
        (&g.giver, "reverseDeliveries", because(app, &to_reverse.iter().collect::<Vec<_>>())),
    ];
    for promise in promises.iter().rev() {
        let input = json!({ "id": promise.id.to_string(), "expectedVersion": 1, "quantity": "90",
            "schedule": [{ "dueOn": "2026-12-31", "quantity": "90" }], "reason": "Tăng thêm",
            "documentId": paper.id.to_string(), "idempotencyKey": app.key() });
        requests.push((&g.giver, "amendCommitment", input));
    }
    let replies = at_once(requests).await;

    assert_eq!(codes(&replies), BTreeMap::new());
    for promise in &promises {
        // 20 new, 10 + 10 that were confirmed, 10 of which the reversal is asked for.
        assert_eq!(progress(app, promise).await, [50, 30, 20, 0, 0]);
        assert_eq!(app.reload(promise).await.quantity, Some(90));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hand_overs_at_once_never_exceed_what_is_there() {
    let g = Ground::new().await;
    let app = &g.app;
    let carrier = app.union().await;
    let fund = app.commitment(g.giver.party()).to(&g.commune).carrier(carrier.party()).await;
    let held = app.delivery(&fund).quantity(40).to_carrier(carrier.party()).confirmed().await;
    let over = json!({ "drawnFromId": held.id.to_string(), "stage": "HANDED_OVER",
        "quantity": 7, "communeId": g.commune.id.to_string(), "deliveredOn": "2026-11-23" });
    app.settle().await;

    let request = || json!({ "deliveries": [over], "idempotencyKey": app.key() });
    let requests = (0..10).map(|_| (&carrier, "recordDeliveries", request())).collect();
    let replies = at_once(requests).await;

    assert_eq!(codes(&replies), [("EXCEEDS_AVAILABLE".to_owned(), 5)].into());
    assert_eq!(app.reload(&held).await.drawn, 35);
    assert_eq!(progress(app, &fund).await, [35, 0, 35, 0, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_deliveries_with_one_reference_at_once_one_is_recorded() {
    let g = Ground::new().await;
    let app = &g.app;
    let promises = app.insert((0..8).map(|_| app.commitment(g.giver.party()).to(&g.commune))).await;
    app.settle().await;

    let request = |promise| {
        let row = with(row(app, promise, &g.commune), "externalReference", "GN-1");
        let input = json!({ "deliveries": [row], "idempotencyKey": app.key() });
        (&g.giver, "recordDeliveries", input)
    };
    let replies = at_once(promises.iter().map(request).collect()).await;

    assert_eq!(codes(&replies), [("ALREADY_RECORDED".to_owned(), 7)].into());
    let [entry] = &entries(app).await[..] else { panic!("not one entry") };
    for reply in &replies {
        let shown = reply.at("/recordDeliveries/deliveries/0/id");
        assert_eq!(shown, &json!(entry.id.to_string()));
    }
    sums_follow(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_confirming_disputing_and_reversing_at_once_one_wins() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = g.reported().await;
    app.settle().await;

    let dispute = super::figure(app, &entry, "7");
    let replies = at_once(vec![
        (&g.officer, "confirmDeliveries", of(app, &[&entry])),
        (&g.officer, "disputeDelivery", dispute),
        (&g.giver, "reverseDeliveries", because(app, &[&entry])),
    ])
    .await;

    assert_eq!(codes(&replies), [("STALE_VERSION".to_owned(), 2)].into());
    let current = app.reload(&entry).await;
    assert_eq!(current.version, 2);
    for reply in &replies {
        let payload = reply.data().as_object().unwrap().values().next().unwrap();
        let shown = payload.get("delivery").or_else(|| payload["deliveries"].get(0)).unwrap();
        assert_eq!(*shown, json!({ "id": current.id.to_string(), "version": 2 }));
    }
    sums_follow(app).await;
}
