//! Goods that pass through the Front's fund are counted once.

use serde_json::json;
use tests::TestApp;

use super::kit::{CONFIRM, active, activity, made, progress, promise, record};

#[tokio::test]
async fn forty_through_the_fund_are_forty_of_the_telecom() {
    let app = TestApp::start().await;
    let (telecom, front) = (app.telecom().await, app.union().await);
    let commune = app.commune_officer("02014").await;
    let place = app.commune("02014").await;
    let phones = activity(&app, "smartphones_handed_over").await;
    let mut row = promise(place.id, &phones, 40);
    row["carrierId"] = json!(front.party().id.to_string());
    let id = active(&telecom, &commune, &app, row).await;

    let to_front = json!({ "commitmentId": id, "quantity": 40, "deliveredOn": "2026-01-10",
        "stage": "TO_CARRIER" });
    let given =
        made(&record(&telecom, &app, vec![to_front]).await, "recordDeliveries", "deliveries");
    let handed = |quantity: i64| {
        json!({ "drawnFromId": given[0], "communeId": place.id.to_string(), "quantity": quantity,
            "deliveredOn": "2026-01-12", "stage": "HANDED_OVER" })
    };
    record(&front, &app, vec![handed(1)]).await.expect_refusal("EXCEEDS_AVAILABLE");
    assert_eq!(progress(&telecom, &id).await.0, [40, 0, 0, 0, 0, 0]);
    let confirm = json!({ "deliveries": [{ "id": given[0], "expectedVersion": 1 }],
        "idempotencyKey": app.key() });
    telecom.act(CONFIRM, confirm.clone()).await.expect_refusal("OWN_MATTER");
    front.act(CONFIRM, confirm).await.expect_ok();
    assert_eq!(progress(&telecom, &id).await.0, [40, 0, 0, 0, 0, 0]);

    record(&telecom, &app, vec![handed(40)]).await.expect_refusal("FORBIDDEN");
    record(&front, &app, vec![handed(41)]).await.expect_refusal("EXCEEDS_AVAILABLE");
    let over = record(&front, &app, vec![handed(15), handed(25)]).await;
    let over = made(&over, "recordDeliveries", "deliveries");
    record(&front, &app, vec![handed(1)]).await.expect_refusal("EXCEEDS_AVAILABLE");
    let rows: Vec<_> = over.iter().map(|id| json!({ "id": id, "expectedVersion": 1 })).collect();
    let confirm = json!({ "deliveries": rows, "idempotencyKey": app.key() });
    front.act(CONFIRM, confirm.clone()).await.expect_refusal_all("OWN_MATTER");
    commune.act(CONFIRM, confirm).await.expect_ok();

    let fulfilled = ([40, 40, 40, 0, 0, 0], "FULFILLED".to_owned());
    assert_eq!(progress(&telecom, &id).await, fulfilled);
    assert_eq!(progress(&front, &id).await, fulfilled);
    let reply = commune
        .gql(
            "query ($id: ID!) { delivery(by: {id: $id}) { giver { id } via { id } stage } }",
            json!({ "id": over[0] }),
        )
        .await;
    assert_eq!(reply.text_at("/delivery/giver/id"), telecom.party().id.to_string());
    assert_eq!(reply.text_at("/delivery/via/id"), front.party().id.to_string());
}
