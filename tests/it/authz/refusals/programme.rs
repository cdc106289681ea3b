//! What is refused of activity kinds.

use serde_json::json;
use tests::TestApp;

use super::{Table, parties::coordinators};

pub async fn define_activity_kind(app: &TestApp) -> Table {
    let known = app.activity_kind("da_biet").await;
    let input = json!({ "code": "loa_moi", "name": "Loa thông minh", "nameEn": "Smart speakers",
        "unit": "cái", "unitEn": "piece", "precision": 2, "measure": "FLOW",
        "pillar": "DIGITAL_SOCIETY", "promisers": ["BANK"], "idempotencyKey": app.key() });
    let table = Table::new("defineActivityKind", "activityKind", app.coordinator().await, input);
    coordinators(app, table)
        .await
        .rule(json!({ "code": "Loa" }), "INVALID_FORMAT", "code")
        .rule(json!({ "code": "l" }), "INVALID_FORMAT", "code")
        .rule(json!({ "code": known.code }), "ALREADY_RECORDED", "code")
        .rule(json!({ "precision": -1 }), "OUT_OF_RANGE", "precision")
        .rule(json!({ "precision": 7 }), "OUT_OF_RANGE", "precision")
        .rule(json!({ "name": "" }), "BLANK", "name")
        .rule(json!({ "nameEn": "a".repeat(121) }), "TOO_LONG", "nameEn")
        .rule(json!({ "unit": " " }), "BLANK", "unit")
        .rule(json!({ "unitEn": "a".repeat(41) }), "TOO_LONG", "unitEn")
        .rule(json!({ "promisers": [] }), "WRONG_COUNT", "promisers")
        .mismatch(json!({ "precision": 3 }))
}

pub async fn revise_activity_kind(app: &TestApp) -> Table {
    let kind = app.activity_kind("loa_cu").await;
    let input = json!({ "id": kind.id.to_string(), "name": "Loa", "nameEn": "Speakers",
        "pillar": "DIGITAL_ECONOMY", "promisers": ["BANK"], "forcesParties": true,
        "expectedVersion": 1 });
    let table = Table::new("reviseActivityKind", "activityKind", app.coordinator().await, input);
    coordinators(app, table)
        .await
        .rule(json!({ "name": "\t" }), "BLANK", "name")
        .rule(json!({ "name": "a".repeat(121) }), "TOO_LONG", "name")
        .rule(json!({ "nameEn": "" }), "BLANK", "nameEn")
        .rule(json!({ "nameEn": "Call 0912345678" }), "PERSONAL_DATA", "nameEn")
        .rule(json!({ "promisers": [] }), "WRONG_COUNT", "promisers")
}
