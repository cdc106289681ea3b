//! A promise to a ward that becomes part of another one in the night of 2025-07-01.

use entity::party::Kind;
use serde_json::json;
use tests::TestApp;

use super::kit::{ACCEPT, CONFIRM, activity, made, progress, promise, proposed, record};

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
    let seen = after
        .gql(
            "query ($id: ID!) { node(id: $id) { ... on Commune { promised(first: 10) {
                nodes { id place { code } } } arrived(first: 10) { nodes { commune { code } } } } } }",
            json!({ "id": new.id.to_string() }),
        )
        .await;
    seen.expect_ok();
    assert_eq!(seen.at("/node/promised/nodes").as_array().unwrap().len(), 2);
    assert_eq!(seen.at("/node/arrived/nodes").as_array().unwrap().len(), 3);
}
