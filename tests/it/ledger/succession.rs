//! A promise to a ward that becomes part of another one in the night of 2025-07-01.

use entity::party::Kind;
use serde_json::json;
use tests::TestApp;

use super::kit::{
    ACCEPT, CONFIRM, DISPUTE, RAISE, active, activity, made, progress, promise, proposed, record,
};

const SEEN: &str = "query ($id: ID!) { node(id: $id) { ... on Commune {
    promised(first: 10) { edges { ofPredecessor node { place { code } } } }
    arrived(first: 10, orderBy: ENTERED) { edges { ofPredecessor
        node { quantity commune { code } } } } } } }";
const BOARD: &str = "query ($places: [ID!]) { board(filter: { placeIds: $places }) {
    place { code } ofPredecessor need promised confirmed gap } }";
const WITHDRAW_NEED: &str = "mutation ($input: WithdrawNeedInput!) { withdrawNeed(input: $input) {
    need { id status } userErrors { code path message } } }";

#[tokio::test]
async fn a_promise_to_song_cau_goes_on_in_bac_kan() {
    let app = TestApp::start().await;
    app.clock.set_date("2025-06-20");
    let telecom = app.party(Kind::TelecomCompany).valid("2023-01-01", None).await;
    let telecom = app.member_of(&telecom).await;
    let old = app.place_on("01837", "2025-06-20").await;
    let before = app.member_of(&app.authority_of(&old).await.unwrap()).await;
    let phones = activity(&app, "smartphones_handed_over").await;
    let id = proposed(&telecom, &app, promise(old.id, &phones, 20)).await;
    let other = proposed(&telecom, &app, promise(old.id, &phones, 10)).await;
    before.act(ACCEPT, json!({ "id": id, "expectedVersion": 1 })).await.expect_ok();
    let entry = |commune: &entity::place::Model, quantity: i64, on: &str| {
        json!({ "commitmentId": id, "communeId": commune.id.to_string(), "quantity": quantity,
            "deliveredOn": on })
    };
    let first = record(&telecom, &app, vec![entry(&old, 5, "2025-06-19")]).await;
    let first = made(&first, "recordDeliveries", "deliveries");

    app.clock.set_date("2025-07-02");
    let new = app.place_on("01843", "2025-07-02").await;
    let after = app.member_of(&app.authority_of(&new).await.unwrap()).await;
    let accept = json!({ "id": other, "expectedVersion": 1 });
    before.act(ACCEPT, accept.clone()).await.expect_refusal("NOT_FOUND");
    after.act(ACCEPT, accept).await.expect_ok();
    record(&telecom, &app, vec![entry(&old, 1, "2025-07-01")])
        .await
        .expect_refusal("OUTSIDE_VALIDITY");
    record(&telecom, &app, vec![entry(&new, 1, "2025-06-30")])
        .await
        .expect_refusal("OUTSIDE_VALIDITY");
    let second =
        record(&telecom, &app, vec![entry(&new, 7, "2025-07-01"), entry(&old, 3, "2025-06-30")]);
    let second = made(&second.await, "recordDeliveries", "deliveries");
    let rows: Vec<_> =
        first.iter().chain(&second).map(|id| json!({ "id": id, "expectedVersion": 1 })).collect();
    let confirm = json!({ "deliveries": rows, "idempotencyKey": app.key() });
    after.act(CONFIRM, confirm).await.expect_ok();

    assert_eq!(progress(&after, &id).await.0, [20, 15, 15, 0, 0, 0]);
    assert_eq!(progress(&telecom, &id).await.0, [20, 15, 15, 0, 0, 0]);
    let seen = after.gql(SEEN, json!({ "id": new.id.to_string() })).await;
    seen.expect_ok();
    let promised = json!([{ "ofPredecessor": true, "node": { "place": { "code": "01837" } } },
        { "ofPredecessor": true, "node": { "place": { "code": "01837" } } }]);
    assert_eq!(seen.at("/node/promised/edges"), &promised);
    let arrived = |of_predecessor, code, quantity| {
        json!({ "ofPredecessor": of_predecessor,
            "node": { "quantity": quantity, "commune": { "code": code } } })
    };
    let arrived = json!([
        arrived(true, "01837", "5"),
        arrived(false, "01843", "7"),
        arrived(true, "01837", "3")
    ]);
    assert_eq!(seen.at("/node/arrived/edges"), &arrived);
}

#[tokio::test]
async fn what_song_cau_lacked_bac_kan_goes_on_with_and_the_old_authority_has_no_say() {
    let app = TestApp::start().await;
    app.clock.set_date("2025-06-20");
    let telecom = app.party(Kind::TelecomCompany).valid("2023-01-01", None).await;
    let telecom = app.member_of(&telecom).await;
    let old = app.place_on("01837", "2025-06-20").await;
    let before = app.member_of(&app.authority_of(&old).await.unwrap()).await;
    let phones = activity(&app, "smartphones_handed_over").await;
    let need = json!({ "communeId": old.id.to_string(), "activityId": phones, "quantity": "20",
        "dueOn": "2025-12-31", "idempotencyKey": app.key() });
    let need = before.act(RAISE, need).await;
    need.expect_ok();
    let need = need.text_at("/raiseNeed/need/id").to_owned();
    let mut row = promise(old.id, &phones, 20);
    row["needId"] = json!(need);
    let id = active(&telecom, &before, &app, row).await;
    let entry = json!({ "commitmentId": id, "communeId": old.id.to_string(), "quantity": 5,
        "deliveredOn": "2025-06-19" });
    let given = made(&record(&telecom, &app, vec![entry]).await, "recordDeliveries", "deliveries");

    app.clock.set_date("2025-07-01");
    let new = app.place_on("01843", "2025-07-01").await;
    let after = app.member_of(&app.authority_of(&new).await.unwrap()).await;
    let confirm = json!({ "deliveries": [{ "id": given[0], "expectedVersion": 1 }],
        "idempotencyKey": app.key() });
    let dispute = json!({ "id": given[0], "expectedVersion": 1, "figure": "4", "reason": "4",
        "idempotencyKey": app.key() });
    before.act(CONFIRM, confirm.clone()).await.expect_refusal("FORBIDDEN");
    before.act(DISPUTE, dispute).await.expect_refusal("NOT_FOUND");
    let lacking = json!({ "communeId": new.id.to_string(), "activityId": phones, "quantity": "1",
        "dueOn": "2025-12-31", "idempotencyKey": app.key() });
    before.act(RAISE, lacking.clone()).await.expect_refusal("FORBIDDEN");
    after.act(RAISE, lacking).await.expect_ok();
    after.act(CONFIRM, confirm).await.expect_ok();

    let mut row = promise(new.id, &phones, 10);
    row["needId"] = json!(need);
    active(&telecom, &after, &app, row).await;
    let board = after.gql(BOARD, json!({ "places": [new.id.to_string()] })).await;
    board.expect_ok();
    let cell = |code, of_predecessor, [need, promised, confirmed, gap]: [&str; 4]| {
        json!({ "place": { "code": code }, "ofPredecessor": of_predecessor, "need": need,
            "promised": promised, "confirmed": confirmed, "gap": gap })
    };
    let cells =
        [cell("01837", true, ["20", "20", "5", "15"]), cell("01843", false, ["1", "10", "0", "1"])];
    assert_eq!(board.at("/board"), &json!(cells));

    let withdrawn = json!({ "id": need, "expectedVersion": 1, "reason": "Đã đủ" });
    before.act(WITHDRAW_NEED, withdrawn.clone()).await.expect_refusal("FORBIDDEN");
    after.act(WITHDRAW_NEED, withdrawn).await.expect_ok();
}
