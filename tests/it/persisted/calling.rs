//! `/operations/{name}`: plain variables in, plain data out.

use axum::{
    body::Body,
    http::{Request, header},
};
use entity::delivery;
use serde_json::json;
use tests::TestApp;

use super::PLACE;

#[tokio::test]
async fn a_query_is_called_with_a_body_or_a_url() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    app.operation(bank.party(), "Place", PLACE).await;
    let answer = json!({ "place": { "code": "02014", "name": "Xã Bạch Thông" } });

    let posted = bank.call("Place", json!({ "code": "02014", "asOf": null })).await;
    let fetched = bank.fetch("/operations/Place?code=02014&asOf=2026-01-01").await;
    let head = bank.send(Request::head("/operations/Place?code=02014"), Body::empty()).await;

    for reply in [&posted, &fetched] {
        assert_eq!((reply.status.as_u16(), &reply.body), (200, &answer));
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
        assert_eq!(reply.headers[header::CACHE_CONTROL], "private, no-store");
        assert!(!reply.headers.contains_key(header::SET_COOKIE));
    }
    assert_eq!((head.status.as_u16(), &*head.text), (200, ""));
}

#[tokio::test]
async fn variables_of_a_url_are_read_by_their_types() {
    let app = TestApp::start().await;
    let text = "query ($ids: [ID!], $filter: NeedFilter, $first: Int, $order: NeedOrder) {
        needs(filter: $filter, first: $first, orderBy: $order) { nodes { id } }
        board(filter: { placeIds: $ids }) { need } }";
    let bank = app.bank().await;
    app.operation(bank.party(), "Many", text).await;

    let good =
        bank.fetch("/operations/Many?first=3&order=NEWEST&filter=%7B%22met%22:true%7D&ids=[]");

    let reply = good.await;
    assert_eq!(reply.body, json!({ "needs": { "nodes": [] }, "board": [] }), "{}", reply.text);
    for wrong in [
        "first=many",
        "first=1&first=2",
        "order=NONE",
        "filter=met",
        "ids=place",
        "first=null",
        "other=1",
        "ids=[1]",
        "first=1.5",
    ] {
        let reply = bank.fetch(&format!("/operations/Many?{wrong}")).await;
        assert_eq!(reply.status, 400, "{wrong}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_change_is_made_once_and_answers_its_payload() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let promise = app.commitment(telecom.party()).await;
    let row = json!({ "commitmentId": promise.id.to_string(), "quantity": 7,
        "communeId": promise.place_id.to_string(), "deliveredOn": "2026-11-20" });
    let input = json!({ "input": { "deliveries": [row], "idempotencyKey": app.key() } });

    let first = telecom.call("RecordDeliveries", input.clone()).await;
    let again = telecom.call("RecordDeliveries", input).await;

    assert_eq!((first.status.as_u16(), again.status.as_u16()), (200, 200), "{}", first.text);
    assert_eq!(again.body["recordDeliveries"]["replayed"], true);
    assert_eq!(
        again.body["recordDeliveries"]["deliveries"][0]["id"],
        first.body["recordDeliveries"]["deliveries"][0]["id"]
    );
    assert_eq!(app.all(delivery::Entity).await.len(), 1);
}

#[tokio::test]
async fn a_batch_of_which_some_rows_are_refused_is_an_answer() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let promise = app.commitment(telecom.party()).await;
    let row = |quantity: i64| {
        json!({ "commitmentId": promise.id.to_string(), "quantity": quantity,
            "communeId": promise.place_id.to_string(), "deliveredOn": "2026-11-20" })
    };
    let sent = |rows: Vec<i64>| {
        json!({ "input": { "deliveries": rows.into_iter().map(row).collect::<Vec<_>>(),
            "errorPolicy": "REJECT_FAILED_ROWS", "idempotencyKey": app.key() } })
    };

    let some = telecom.call("RecordDeliveries", sent(vec![-1, 7])).await;
    let none = telecom.call("RecordDeliveries", sent(vec![-1, -2])).await;

    let payload = &some.body["recordDeliveries"];
    assert_eq!(some.status, 200, "{}", some.text);
    assert_eq!(payload["userErrors"][0]["path"], json!(["input", "deliveries", "0", "quantity"]));
    assert!(payload["deliveries"][0].is_null() && payload["deliveries"][1].is_object());
    assert_eq!(none.status, 422, "{}", none.text);
    assert_eq!(none.body["userErrors"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_name_is_ones_own_before_it_is_a_shared_one() {
    let app = TestApp::start().await;
    let (bank, other) = (app.bank().await, app.bank().await);
    // A name that was free when it was registered.
    app.operation(bank.party(), "WhoAmI", "{ viewer { today } }").await;
    app.operation(bank.party(), "Hidden", "{ __typename }").with(|row| row.callable = false).await;

    let (own, shared) =
        (bank.call("WhoAmI", json!({})).await, other.call("WhoAmI", json!({})).await);

    assert_eq!(own.body, json!({ "viewer": { "today": "2026-11-23" } }));
    assert_eq!(shared.body["viewer"]["role"], "MANAGER");
    assert_eq!(bank.call("Hidden", json!({})).await.status, 404);
    assert_eq!(app.public().call("OpenNeeds", json!({ "first": 1 })).await.status, 200);
}
