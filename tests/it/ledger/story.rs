//! From a need to a closed commitment, as six parties live it.

use entity::place;
use serde_json::json;
use tests::{Actor, TestApp};

use super::kit::{
    ACCEPT_AMENDMENT, AGREE, AMEND, CLOSE, CONFIRM, DISPUTE, RAISE, RECORD, active, activity, made,
    progress, promise,
};

#[tokio::test]
async fn a_promise_lives_from_need_to_close() {
    let app = TestApp::start().await;
    let (telecom, rival) = (app.telecom().await, app.bank().await);
    let (commune, helper) =
        (app.commune_officer("02014").await, app.assigned_department("02014").await);
    let (coordinator, leadership) = (app.coordinator().await, app.leadership().await);
    let place = app.commune("02014").await;
    let phones = activity(&app, "smartphones_handed_over").await;

    let need = json!({ "communeId": place.id.to_string(), "activityId": phones, "quantity": "140",
        "dueOn": "2026-12-31", "text": "Điện thoại cho hộ nghèo", "idempotencyKey": app.key() });
    let need = commune.act(RAISE, need).await;
    need.expect_ok();
    let mut row = promise(place.id, &phones, 140);
    row["needId"] = need.at("/raiseNeed/need/id").clone();
    let id = active(&telecom, &commune, &app, row).await;
    assert_eq!(progress(&telecom, &id).await, ([140, 0, 0, 0, 0, 0], "NOT_STARTED".to_owned()));

    let ids = a_hundred_lots(&app, &telecom, &id, &place).await;
    assert_eq!(progress(&commune, &id).await.0, [140, 139, 0, 139, 0, 0]);

    for (range, so_far) in [(0..60, 60), (60..99, 99)] {
        let rows: Vec<_> =
            ids[range].iter().map(|id| json!({ "id": id, "expectedVersion": 1 })).collect();
        let input = json!({ "deliveries": rows, "idempotencyKey": app.key() });
        commune.act(CONFIRM, input).await.expect_ok();
        assert_eq!(progress(&helper, &id).await.0, [140, 139, so_far, 139 - so_far, 0, 0]);
    }
    let input = json!({ "id": ids[99], "expectedVersion": 1, "figure": "37",
        "reason": "40 theo biên bản, chúng tôi đếm được 37", "idempotencyKey": app.key() });
    commune.act(DISPUTE, input).await.expect_ok();
    assert_eq!(progress(&coordinator, &id).await.0, [140, 139, 99, 0, 40, 3]);
    let input = json!({ "id": ids[99], "expectedVersion": 2, "idempotencyKey": app.key() });
    let agreed = telecom.act(AGREE, input).await;
    agreed.expect_ok();
    assert_eq!(agreed.at("/agreeDelivery/delivery/agreed"), "37");
    assert_eq!(progress(&leadership, &id).await.0, [140, 139, 136, 0, 0, 3]);

    let close = json!({ "id": id, "expectedVersion": 2 });
    telecom.act(CLOSE, close).await.expect_refusal("NOT_FULFILLED");
    let paper = app.document(telecom.party()).await;
    let input = json!({ "id": id, "expectedVersion": 2, "documentId": paper.id.to_string(),
        "reason": "Thống nhất lại số lượng", "quantity": "136",
        "schedule": [{ "dueOn": "2026-12-31", "quantity": "136" }], "idempotencyKey": app.key() });
    let amended = telecom.act(AMEND, input).await;
    amended.expect_ok();
    assert_eq!(amended.at("/amendCommitment/commitment/quantity"), "140");
    assert_eq!(amended.at("/amendCommitment/commitment/amendments/0/state"), "PENDING");
    let amendment = amended.at("/amendCommitment/commitment/amendments/0/id");
    let input = json!({ "id": amendment, "expectedVersion": 3 });
    commune.act(ACCEPT_AMENDMENT, input).await.expect_ok();
    let fulfilled = ([136, 139, 136, 0, 0, 3], "FULFILLED".to_owned());
    assert_eq!(progress(&commune, &id).await, fulfilled);
    commune.act(CLOSE, json!({ "id": id, "expectedVersion": 4 })).await.expect_ok();
    assert_eq!(progress(&commune, &id).await, fulfilled);

    let hidden = rival
        .gql("query ($id: ID!) { commitment(by: {id: $id}) { id } }", json!({ "id": id }))
        .await;
    assert!(hidden.at("/commitment").is_null());
}

/// 99 single phones and one lot of 40, in one batch that is sent twice; the ids of the lots.
async fn a_hundred_lots(
    app: &TestApp,
    telecom: &Actor,
    commitment: &str,
    place: &place::Model,
) -> Vec<String> {
    let entry = |quantity: i64, at: i64| {
        json!({ "commitmentId": commitment, "communeId": place.id.to_string(),
            "quantity": quantity, "deliveredOn": "2026-01-15",
            "externalReference": format!("L-{at}") })
    };
    let rows = (0..99).map(|at| entry(1, at)).chain([entry(40, 99)]).collect::<Vec<_>>();
    let batch = json!({ "deliveries": rows, "idempotencyKey": app.key() });
    let first = telecom.act(RECORD, batch.clone()).await;
    let ids = made(&first, "recordDeliveries", "deliveries");
    let again = telecom.act(RECORD, batch).await;
    assert_eq!(made(&again, "recordDeliveries", "deliveries"), ids);
    assert_eq!(again.at("/recordDeliveries/replayed"), true);
    ids
}
