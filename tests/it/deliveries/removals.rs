//! Removals: a stock can lose something, by a named entry; nothing else can.

use serde_json::json;

use super::{Ground, batch, entries, figure, of, one, progress, row, with};

#[tokio::test]
async fn a_stock_loses_what_is_removed_for_a_reason() {
    let g = Ground::new().await;
    let app = &g.app;
    let wifi = app.activity("public_wifi_points").await;
    let stock = app.commitment(g.giver.party()).to(&g.commune).of(&wifi).await;
    let there = app.delivery(&stock).confirmed().await;
    let removal = with(row(app, &stock, &g.commune), "quantity", "-4");

    let without = g.record(&g.giver, json!([removal])).await;
    let reply = g.record(&g.giver, json!([with(removal, "reason", "Dỡ khi sửa trụ sở")])).await;

    let refusal = without.expect_refusal("REQUIRED");
    assert_eq!(refusal["path"], json!(["input", "deliveries", "0", "reason"]));
    let shown = &reply.expect_ok()["recordDeliveries"]["deliveries"][0];
    assert_eq!(shown["quantity"], "-4");
    assert_eq!(shown["reason"], "Dỡ khi sửa trụ sở");
    assert_eq!(progress(app, &stock).await, [6, 10, -4, 0, 0]);
    let removed = entries(app).await.into_iter().find(|entry| entry.id != there.id).unwrap();
    batch(&g.officer, "confirmDeliveries", of(app, &[&removed])).await.expect_ok();
    assert_eq!(progress(app, &stock).await, [6, 6, 0, 0, 0]);
}

#[tokio::test]
async fn a_flow_loses_nothing_and_what_is_added_needs_no_reason() {
    let g = Ground::new().await;
    let row = with(g.row(), "reason", "Hỏng");

    let flow = g.record(&g.giver, json!([with(row.clone(), "quantity", "-1")])).await;
    let added = g.record(&g.giver, json!([row])).await;

    assert_eq!(flow.expect_refusal("OUT_OF_RANGE")["path"][3], "quantity");
    assert_eq!(added.expect_refusal("NOT_APPLICABLE")["path"][3], "reason");
    assert!(entries(&g.app).await.is_empty());
}

#[tokio::test]
async fn of_a_removal_at_most_nothing_was_removed() {
    let g = Ground::new().await;
    let app = &g.app;
    let wifi = app.activity("public_wifi_points").await;
    let stock = app.commitment(g.giver.party()).to(&g.commune).of(&wifi).await;
    app.delivery(&stock).confirmed().await;
    let removal = app.delivery(&stock).quantity(-4);
    let removal = removal.with(|row| row.reason = Some("Dỡ".into())).await;

    let added = one(&g.officer, "disputeDelivery", figure(app, &removal, "1")).await;
    let fewer = one(&g.officer, "disputeDelivery", figure(app, &removal, "-3")).await;

    added.expect_refusal_at("OUT_OF_RANGE", "figure");
    fewer.expect_ok();
    assert_eq!(progress(app, &stock).await, [6, 10, 0, -4, -1]);
    let removal = app.reload(&removal).await;
    let agreed = one(&g.giver, "agreeDelivery", super::at(app, &removal)).await;
    assert_eq!(agreed.expect_ok()["agreeDelivery"]["delivery"]["agreed"], "-3");
    assert_eq!(progress(app, &stock).await, [6, 7, 0, 0, -1]);
}
