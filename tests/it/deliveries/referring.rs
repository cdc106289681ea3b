//! What an entry refers to: evidence, the reporter's own reference, and never a person.

use serde_json::json;

use super::{Ground, entries, row};
use crate::needs::{DISGUISES, HARMLESS};

#[tokio::test]
async fn evidence_is_a_reference_that_can_be_checked() {
    let g = Ground::new().await;

    for (evidence, code) in [
        (json!({ "hash": "ab" }), "INVALID_FORMAT"),
        (json!({ "hash": "zz".repeat(32) }), "INVALID_FORMAT"),
        (json!({ "url": "http://vnpt.example/1" }), "INVALID_FORMAT"),
        (json!({ "url": "https://" }), "INVALID_FORMAT"),
        (json!({ "url": format!("https://vnpt.example/{}", "a".repeat(500)) }), "TOO_LONG"),
        (json!({ "url": "https://vnpt.example/0912345678" }), "PERSONAL_DATA"),
        (json!({ "number": "" }), "BLANK"),
        (json!({ "number": "a".repeat(61) }), "TOO_LONG"),
        (json!({ "number": "CCCD 012345678901" }), "PERSONAL_DATA"),
    ] {
        let mut row = g.row();
        row["evidence"] = evidence.clone();
        let reply = g.record(&g.giver, json!([row])).await;
        let refusal = reply.expect_refusal(code);
        assert_eq!(refusal["path"], json!(["input", "deliveries", "0", "evidence"]), "{evidence}");
    }
    let mut row = g.row();
    row["evidence"] = json!({});
    let reply = g.record(&g.giver, json!([row])).await;

    assert!(reply.expect_ok()["recordDeliveries"]["deliveries"][0]["evidence"].is_null());
}

#[tokio::test]
async fn a_reference_names_one_entry_of_a_reporter_for_ever() {
    let g = Ground::new().await;
    let app = &g.app;
    let known = app.delivery(&g.commitment).with(|row| row.external_reference = Some("A-1".into()));
    let known = known.await;
    app.reverse(&known).await;
    let joint = app.bank().await;
    let shared = app.commitment(g.giver.party()).to(&g.commune).joint(joint.party()).await;
    let mut again = row(app, &shared, &g.commune);
    again["externalReference"] = json!("A-1");

    let reply = g.record(&g.giver, json!([again])).await;

    let refusal = reply.expect_refusal("ALREADY_RECORDED");
    assert_eq!(refusal["path"], json!(["input", "deliveries", "0", "externalReference"]));
    let params = json!([{ "name": "id", "value": known.id.to_string() },
        { "name": "what", "value": "A-1" }]);
    assert_eq!(refusal["params"], params);
    let shown = &reply.data()["recordDeliveries"]["deliveries"][0]["id"];
    assert_eq!(*shown, known.id.to_string());
    g.record(&joint, json!([again])).await.expect_ok();
    assert_eq!(entries(app).await.len(), 3);
}

#[tokio::test]
async fn no_number_of_a_person_is_written_down() {
    let g = Ground::new().await;
    let wifi = g.app.activity("public_wifi_points").await;
    let stock = g.app.commitment(g.giver.party()).to(&g.commune).of(&wifi).await;
    let mut removal = row(&g.app, &stock, &g.commune);
    removal["quantity"] = json!("-1");

    for reason in DISGUISES {
        removal["reason"] = json!(reason);
        let reply = g.record(&g.giver, json!([removal])).await;
        assert_eq!(reply.expect_refusal("PERSONAL_DATA")["path"][3], "reason", "{reason}");
    }
    for reference in ["A0912345678", "cccd/012.345.678.901", "x1_2_3_4_5_6_7_8_9"] {
        let mut row = g.row();
        row["externalReference"] = json!(reference);
        let reply = g.record(&g.giver, json!([row])).await;
        assert_eq!(reply.expect_refusal("PERSONAL_DATA")["path"][3], "externalReference");
    }
    assert!(entries(&g.app).await.is_empty());
    for reason in HARMLESS {
        removal["reason"] = json!(reason);
        g.record(&g.giver, json!([removal])).await.expect_ok();
    }
}
