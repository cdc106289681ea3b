//! What is refused of needs and notes.

use entity::{mandate::Act, member::Role, note, party::Kind};
use serde_json::json;
use tests::TestApp;

use super::Table;

const PHONES: &str = "smartphones_handed_over";

pub async fn raise_need(app: &TestApp) -> Table {
    let officer = app.commune_officer("02014").await;
    let (commune, other) = (app.commune("02014").await, app.commune("02071").await);
    let ended = app.place_on("02017", "2025-06-30").await.id.to_string();
    let phones = app.activity(PHONES).await;
    app.need(officer.party(), &phones).referred_to_as("NC-1").await;
    let agent = app.bank().await;
    app.mandate(officer.party(), agent.party()).acts([Act::Record, Act::Accept]).await;
    let input = json!({ "communeId": commune.id.to_string(),
        "activityId": phones.id.to_string(), "quantity": "40", "dueOn": "2026-12-31",
        "text": "Còn thiếu", "externalReference": "NC-2", "idempotencyKey": app.key() });
    let viewer = app.member_of(officer.party()).with_role(Role::Viewer).await;
    Table::new("raiseNeed", "need", officer, input)
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("company", app.telecom().await, "FORBIDDEN")
        .other("assigned department", app.assigned_department("02014").await, "FORBIDDEN")
        .other("another commune", app.commune_officer("02071").await, "FORBIDDEN")
        .other("agent for other acts", agent, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("viewer", viewer, "FORBIDDEN")
        .rule(json!({ "communeId": other.id.to_string() }), "FORBIDDEN", "")
        .rule(json!({ "communeId": app.province().await.id.to_string() }), "FORBIDDEN", "")
        .rule(json!({ "communeId": ended }), "OUTSIDE_VALIDITY", "communeId")
        .rule(json!({ "quantity": "0" }), "OUT_OF_RANGE", "quantity")
        .rule(json!({ "quantity": "0.5" }), "INVALID_FORMAT", "quantity")
        .rule(json!({ "dueOn": "2026-11-22" }), "OUT_OF_RANGE", "dueOn")
        .rule(json!({ "text": "a".repeat(2_001) }), "TOO_LONG", "text")
        .rule(json!({ "text": "a\u{200b}b" }), "INVALID_FORMAT", "text")
        .rule(json!({ "text": "Gọi 0912 345 678" }), "PERSONAL_DATA", "text")
        .rule(json!({ "externalReference": "1a" }), "INVALID_FORMAT", "externalReference")
        .rule(json!({ "externalReference": "A0912345678" }), "PERSONAL_DATA", "externalReference")
        .rule(json!({ "externalReference": "NC-1" }), "ALREADY_RECORDED", "externalReference")
        .mismatch(json!({ "quantity": "41" }))
}

pub async fn withdraw_need(app: &TestApp) -> Table {
    let officer = app.commune_officer("02014").await;
    let phones = app.activity(PHONES).await;
    let need = app.need(officer.party(), &phones).await;
    let withdrawn = app.need(officer.party(), &phones).withdrawn().await.id;
    let other = app.commune_officer("02071").await;
    let theirs = app.need(other.party(), &phones).withdrawn().await;
    let open = app.need(other.party(), &phones).await.id;
    let input = json!({ "id": need.id.to_string(), "reason": "Đã đủ", "expectedVersion": 1 });
    let viewer = app.member_of(officer.party()).with_role(Role::Viewer).await;
    Table::new("withdrawNeed", "need", officer, input)
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("company", app.telecom().await, "FORBIDDEN")
        .other("assigned department", app.assigned_department("02014").await, "FORBIDDEN")
        .other("another commune", other, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("viewer", viewer, "FORBIDDEN")
        .hidden("id", &theirs.id)
        .rule(json!({ "id": open.to_string() }), "FORBIDDEN", "")
        .rule(json!({ "id": withdrawn.to_string() }), "WRONG_STATE", "id")
        .rule(json!({ "reason": " " }), "BLANK", "reason")
        .rule(json!({ "reason": "a".repeat(2_001) }), "TOO_LONG", "reason")
        .rule(json!({ "reason": "CCCD 012345678901" }), "PERSONAL_DATA", "reason")
}

pub async fn write_note(app: &TestApp) -> Table {
    let telecom = app.telecom().await;
    let commitment = app.commitment(telecom.party()).await;
    let rival = app.telecom().await;
    let theirs = app.commitment(rival.party()).await;
    let entry = app.delivery(&theirs).await;
    let officer = app.commune_officer("02071").await;
    let need = app.need(officer.party(), &app.activity(PHONES).await).await.id.to_string();
    let withdrawn = app.need(officer.party(), &app.activity(PHONES).await).withdrawn().await.id;
    let ended = app.party(Kind::Bank).valid("2025-07-01", Some("2026-11-23")).await.id;
    let input = json!({ "commitmentId": commitment.id.to_string(), "text": "Bước tiếp theo",
        "addresseeId": officer.party().id.to_string(), "dueOn": "2026-12-01",
        "idempotencyKey": app.key() });
    let viewer = app.member_of(telecom.party()).with_role(Role::Viewer).await;
    Table::new("writeNote", "note", telecom, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("another commune", app.commune_officer("02014").await, "NOT_FOUND")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("viewer", viewer, "FORBIDDEN")
        .hidden("commitmentId", &theirs.id)
        .rule(
            json!({ "commitmentId": null, "deliveryId": entry.id.to_string() }),
            "NOT_FOUND",
            "deliveryId",
        )
        .rule(
            json!({ "commitmentId": null, "needId": withdrawn.to_string() }),
            "NOT_FOUND",
            "needId",
        )
        .rule(json!({ "commitmentId": null, "needId": need }), "FORBIDDEN", "")
        .rule(json!({ "commitmentId": null }), "EXACTLY_ONE", "needId")
        .rule(json!({ "needId": need }), "EXACTLY_ONE", "needId")
        .rule(json!({ "addresseeId": ended.to_string() }), "OUTSIDE_VALIDITY", "addresseeId")
        .rule(json!({ "addresseeId": null }), "REQUIRED", "addresseeId")
        .rule(json!({ "dueOn": "2026-11-22" }), "OUT_OF_RANGE", "dueOn")
        .rule(json!({ "text": "" }), "BLANK", "text")
        .rule(json!({ "text": "a".repeat(2_001) }), "TOO_LONG", "text")
        .rule(json!({ "text": "ĐT (091) 234-5678" }), "PERSONAL_DATA", "text")
        .mismatch(json!({ "text": "Bước khác" }))
}

pub async fn done_note(app: &TestApp) -> Table {
    let (writer, addressee) = (app.telecom().await, app.bank().await);
    let commitment = app.commitment(writer.party()).await;
    let on = || app.note(writer.party()).on_commitment(&commitment);
    let note = on().to(addressee.party()).await;
    let hidden = on().await;
    let now = note.written_at;
    let bank = addressee.party().id;
    let done = on().to(addressee.party()).with(|row| {
        (row.status, row.done_at, row.done_by_id) = (note::Status::Done, Some(now), Some(bank));
    });
    let done = done.await.id;
    let input = json!({ "id": note.id.to_string(), "answer": "Đã làm", "expectedVersion": 1 });
    let viewer = app.member_of(addressee.party()).with_role(Role::Viewer).await;
    Table::new("doneNote", "note", addressee, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", app.telecom().await, "NOT_FOUND")
        .other("commune", app.commune_officer("02071").await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("viewer", viewer, "FORBIDDEN")
        .hidden("id", &hidden.id)
        .rule(json!({ "id": done.to_string() }), "WRONG_STATE", "id")
        .rule(json!({ "answer": "a".repeat(2_001) }), "TOO_LONG", "answer")
        .rule(json!({ "answer": "Máy 0084912345678" }), "PERSONAL_DATA", "answer")
}
