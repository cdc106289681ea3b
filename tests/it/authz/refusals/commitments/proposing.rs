//! What is refused of proposals: of the whole batch, and of each row.

use entity::{member::Role, party::Kind};
use serde_json::{Value, json};
use tests::{Actor, TestApp};

use super::{Table, as_letter, declined, gone, of_telecoms};

pub async fn propose_commitments(app: &TestApp) -> Table {
    let telecom = app.telecom().await;
    let row = row(app, &telecom).await;
    let many = vec![row.clone(); 501];
    let rival = app.telecom().await;
    let input = json!({ "commitments": [row], "idempotencyKey": app.key() });
    let reporter = app.member_of(telecom.party()).with_role(Role::Reporter).await;
    let before = gone(app, Kind::TelecomCompany).await;
    app.party_succession(&before, telecom.party(), "2026-01-01").await;
    let theirs = rival.party().id.to_string();
    let same = json!([telecom.party().id.to_string()]);
    let table = Table::new("proposeCommitments", "commitments", telecom, input)
        .batch("commitments")
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("somebody of an ended party", app.ended_party().await, "FORBIDDEN")
        .other("rival", rival, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("reporter", reporter, "FORBIDDEN")
        .rule(json!({ "commitments": [] }), "WRONG_COUNT", "commitments")
        .rule(json!({ "commitments": many }), "WRONG_COUNT", "commitments")
        .rule(
            json!({ "commitments": [row, row] }),
            "ALREADY_RECORDED",
            "commitments.1.externalReference",
        )
        .row(json!({ "giverId": theirs }), "FORBIDDEN", "")
        .row(json!({ "giverId": before.id.to_string() }), "OUTSIDE_VALIDITY", "giverId")
        .row(json!({ "jointGiverIds": same }), "WRONG_KIND", "jointGiverIds")
        .row(json!({ "carrierId": row["jointGiverIds"][0] }), "WRONG_KIND", "carrierId")
        .row(json!({ "carrierId": before.id.to_string() }), "OUTSIDE_VALIDITY", "carrierId")
        .row(
            json!({ "jointGiverIds": vec![&row["carrierId"]; 11] }),
            "WRONG_COUNT",
            "jointGiverIds",
        )
        .row(
            json!({ "documentIds": vec![&row["documentIds"][0]; 21] }),
            "WRONG_COUNT",
            "documentIds",
        )
        .mismatch(json!({ "dryRun": true }));
    texts(referring(app, promising(app, table).await, &row).await)
}

/// A row that says everything that can be said.
async fn row(app: &TestApp, telecom: &Actor) -> Value {
    let officer = app.commune_officer("02071").await;
    let phones = app.activity("smartphones_handed_over").await;
    let letter = app.document(telecom.party()).with(as_letter).await;
    let before = app.commitment(telecom.party()).with(declined).await;
    let (joint, carrier) = (app.bank().await, app.union().await);
    json!({ "giverId": telecom.party().id.to_string(),
        "placeId": app.commune("02071").await.id.to_string(),
        "activityId": phones.id.to_string(), "quantity": "40",
        "schedule": [{ "dueOn": "2026-11-30", "quantity": "10" },
            { "dueOn": "2026-12-31", "quantity": "40" }],
        "jointGiverIds": [joint.party().id.to_string()],
        "carrierId": carrier.party().id.to_string(),
        "fundingSourceId": app.funding_source("quy_thu").await.id.to_string(),
        "documentIds": [letter.id.to_string()],
        "needId": app.need(officer.party(), &phones).await.id.to_string(),
        "replacesId": before.id.to_string(), "bundle": "THOA-THUAN-2026",
        "text": "Điện thoại cho hộ nghèo", "externalReference": "CK-1" })
}

/// How much of what, to where, by when.
async fn promising(app: &TestApp, table: Table) -> Table {
    let ended = app.place_on("02122", "2025-06-30").await.id.to_string();
    let banks = app.activity_kind("cho_ngan_hang");
    let banks = banks.with(|row| row.promisers = [Kind::Bank].into_iter().collect()).await;
    let quiet = app.activity_kind("kin").with(of_telecoms);
    let quiet = quiet.with(|row| row.forces_parties = true).await;
    let due = |on: &str, quantity: &str| json!({ "dueOn": on, "quantity": quantity });
    let (half, all) = (due("2026-12-01", "20"), due("2026-12-31", "40"));
    table
        .row(json!({ "placeId": ended }), "OUTSIDE_VALIDITY", "placeId")
        .row(json!({ "activityId": banks.id.to_string() }), "WRONG_KIND", "giverId")
        .row(json!({ "quantity": "0" }), "OUT_OF_RANGE", "quantity")
        .row(json!({ "quantity": "-40" }), "OUT_OF_RANGE", "quantity")
        .row(json!({ "quantity": "40.5" }), "INVALID_FORMAT", "quantity")
        .row(json!({ "quantity": "1000000000000001" }), "OUT_OF_RANGE", "quantity")
        .row(json!({ "quantity": null }), "NOT_APPLICABLE", "schedule")
        .row(json!({ "schedule": [] }), "WRONG_COUNT", "schedule")
        .row(json!({ "schedule": vec![&all; 61] }), "WRONG_COUNT", "schedule")
        .row(json!({ "schedule": [half] }), "INVALID_FORMAT", "schedule")
        .row(json!({ "schedule": [all, half] }), "INVALID_FORMAT", "schedule")
        .row(json!({ "schedule": [all, all] }), "INVALID_FORMAT", "schedule")
        .row(json!({ "schedule": [due("2026-12-01", "0.5"), all] }), "INVALID_FORMAT", "schedule")
        .row(
            json!({ "activityId": quiet.id.to_string(), "needId": null, "disclosure": "PUBLIC" }),
            "NOT_APPLICABLE",
            "disclosure",
        )
}

/// What a promise refers to.
async fn referring(app: &TestApp, table: Table, row: &Value) -> Table {
    let (rival, other) = (app.telecom().await, app.commune_officer("02014").await);
    let phones = app.activity("smartphones_handed_over").await;
    let letter = app.document(rival.party()).with(as_letter).await;
    let hidden_task = app.task(&letter).await.id.to_string();
    let task = app.task(&app.directive().await).asks_all(Kind::TelecomCompany).await;
    let elsewhere = app.need(other.party(), &phones).await.id.to_string();
    let withdrawn = app.need(other.party(), &phones).withdrawn().await;
    let officer = app.commune_officer("02071").await;
    let wifi = app.activity("public_wifi_points").await;
    let another = app.need(officer.party(), &wifi).await.id.to_string();
    let refused = app.commitment(rival.party()).with(declined).await;
    let public = app.commitment(rival.party()).public().with(declined).await.id.to_string();
    let mine = row["giverId"].as_str().unwrap().parse().unwrap();
    let known = app.commitment(rival.party()).with(|row| {
        (row.giver_id, row.entered_by_id) = (mine, mine);
        row.external_reference = Some("CK-CU".to_owned());
    });
    let known = known.await.id.to_string();
    table
        .row(json!({ "documentIds": [letter.id.to_string()] }), "NOT_FOUND", "documentIds")
        .row(json!({ "taskId": hidden_task }), "NOT_FOUND", "taskId")
        .row(json!({ "taskId": task.id.to_string() }), "WRONG_KIND", "taskId")
        .row(json!({ "taskId": "x" }), "NOT_FOUND", "taskId")
        .hidden("needId", &withdrawn.id)
        .row(json!({ "needId": elsewhere }), "WRONG_KIND", "needId")
        .row(json!({ "needId": another }), "WRONG_KIND", "needId")
        .hidden("replacesId", &refused.id)
        .row(json!({ "replacesId": public }), "WRONG_KIND", "replacesId")
        .row(json!({ "replacesId": known }), "WRONG_KIND", "replacesId")
        .row(json!({ "externalReference": "CK-CU" }), "ALREADY_RECORDED", "externalReference")
}

fn texts(table: Table) -> Table {
    table
        .row(json!({ "bundle": "gói 1" }), "INVALID_FORMAT", "bundle")
        .row(json!({ "bundle": "G-0912-345-678" }), "PERSONAL_DATA", "bundle")
        .row(json!({ "externalReference": "1" }), "INVALID_FORMAT", "externalReference")
        .row(json!({ "externalReference": "A123456789" }), "PERSONAL_DATA", "externalReference")
        .row(json!({ "text": "a".repeat(2_001) }), "TOO_LONG", "text")
        .row(json!({ "text": "a\u{feff}b" }), "INVALID_FORMAT", "text")
        .row(json!({ "text": "Zalo +84 912 345 678" }), "PERSONAL_DATA", "text")
}
