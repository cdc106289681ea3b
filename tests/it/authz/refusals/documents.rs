//! What is refused of documents and tasks.

use entity::{member::Role, party::Kind};
use serde_json::json;
use tests::TestApp;

use super::{Table, parties::coordinators};
use crate::authz::as_letter;

pub async fn define_document(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let known = app.document(&party).with(as_letter);
    let known = known.with(|row| row.issued_on = tests::day("2026-05-05")).await;
    let ended = app.party(Kind::Bank).valid("2020-01-01", Some("2026-02-01")).await;
    app.party_succession(&ended, &party, "2026-02-01").await;
    let nobody = "party_00000000000000000000000000";
    let input = json!({ "issuerId": party.id.to_string(), "reference": "12/CV-NH",
        "kind": "LETTER", "force": "REQUESTS", "issuedOn": "2026-05-05", "title": "Thư ngỏ",
        "namedPartyIds": [app.party(Kind::Bank).await.id.to_string()],
        "idempotencyKey": app.key() });
    Table::new("defineDocument", "document", bank, input)
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("rival", app.bank().await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "FORBIDDEN")
        .rule(json!({ "kind": "DIRECTIVE" }), "FORBIDDEN", "")
        .rule(json!({ "namedPartyIds": [nobody] }), "NOT_FOUND", "namedPartyIds")
        .rule(json!({ "reference": "12" }), "INVALID_FORMAT", "reference")
        .rule(json!({ "reference": "CV-NH" }), "INVALID_FORMAT", "reference")
        .rule(json!({ "title": " " }), "BLANK", "title")
        .rule(json!({ "title": "a".repeat(501) }), "TOO_LONG", "title")
        .rule(json!({ "title": "Gửi ông A, 0912.345.678" }), "PERSONAL_DATA", "title")
        .rule(json!({ "issuedOn": "2026-11-24" }), "OUTSIDE_VALIDITY", "issuedOn")
        .rule(json!({ "issuedOn": "2025-06-30" }), "OUTSIDE_VALIDITY", "issuedOn")
        .rule(json!({ "issuerId": ended.id.to_string() }), "OUTSIDE_VALIDITY", "issuedOn")
        .rule(
            json!({ "reference": format!("{}/CV- THU", known.number) }),
            "ALREADY_RECORDED",
            "reference",
        )
        .mismatch(json!({ "namedPartyIds": [] }))
}

pub async fn define_task(app: &TestApp) -> Table {
    let letter = app.document(&app.party(Kind::Bank).await).with(as_letter).await;
    let input = json!({ "documentId": app.directive().await.id.to_string(), "text": "Báo cáo",
        "partyId": app.party(Kind::Bank).await.id.to_string(), "dueOn": "2026-12-31",
        "idempotencyKey": app.key() });
    let table = Table::new("defineTask", "task", app.coordinator().await, input.clone());
    let named = super::changed(&input, &json!({ "documentId": letter.id.to_string() }));
    let rival = app.telecom().await;
    let reply = rival.act(&crate::authz::mutation("defineTask", ""), named).await;
    reply.expect_refusal_at("NOT_FOUND", "documentId");
    coordinators(app, table)
        .await
        .rule(json!({ "documentId": letter.id.to_string() }), "WRONG_KIND", "documentId")
        .rule(json!({ "partyKind": "BANK" }), "EXACTLY_ONE", "partyId")
        .rule(json!({ "partyId": null }), "EXACTLY_ONE", "partyId")
        .rule(json!({ "text": "" }), "BLANK", "text")
        .rule(json!({ "text": "a".repeat(2001) }), "TOO_LONG", "text")
        .rule(json!({ "textEn": "a".repeat(2001) }), "TOO_LONG", "textEn")
        .rule(json!({ "textEn": "Call +84 912 345 678" }), "PERSONAL_DATA", "textEn")
        .mismatch(json!({ "dueOn": null }))
}

pub async fn answer_task(app: &TestApp) -> Table {
    let (bank, directive) = (app.bank().await, app.directive().await);
    let party = bank.party().clone();
    let task = app.task(&directive).asks(&party).await;
    let others = app.task(&directive).asks_all(Kind::TelecomCompany).await;
    let letter = app.document(&app.party(Kind::Bank).await).with(as_letter).await;
    let hidden = app.task(&letter).asks(&party).await;
    app.answer(&task, &party).with(|row| row.version = 3).await;
    let rival = app.party(Kind::Bank).await;
    let input = json!({ "taskId": task.id.to_string(), "partyId": party.id.to_string(),
        "state": "DONE", "text": "Đã xong", "expectedVersion": 3, "idempotencyKey": app.key() });
    Table::new("answerTask", "task", bank, input)
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("rival", app.member_of(&rival).await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "FORBIDDEN")
        .hidden("taskId", &hidden.id)
        .rule(json!({ "partyId": rival.id.to_string() }), "FORBIDDEN", "")
        .rule(
            json!({ "taskId": others.id.to_string(), "expectedVersion": 0 }),
            "NOT_ASKED",
            "partyId",
        )
        .rule(json!({ "text": "a".repeat(2001) }), "TOO_LONG", "text")
        .rule(json!({ "text": "CCCD 012345678901" }), "PERSONAL_DATA", "text")
        .mismatch(json!({ "state": "DECLINED" }))
}
