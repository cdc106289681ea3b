//! What is refused of parties and their successions.

use entity::{member::Role, party::Kind};
use serde_json::json;
use tests::TestApp;

use super::Table;
use crate::authz::as_letter;

pub async fn define_party(app: &TestApp) -> Table {
    let known = app.party(Kind::Bank).await;
    let taken = "vidugone";
    app.party(Kind::Bank).prefix(taken).valid("2020-01-01", Some("2021-01-01")).await;
    let office = app.party(Kind::TelecomCompany).await;
    let commune = app.commune("02014").await.id.to_string();
    let input = json!({ "kind": "TELECOM_COMPANY", "code": "VT-MOI", "name": "Viễn thông mới",
        "sector": "TELECOM", "parentId": office.id.to_string(), "validFrom": "2026-01-01",
        "idempotencyKey": app.key() });
    coordinators(app, Table::new("defineParty", "party", app.coordinator().await, input))
        .await
        .rule(json!({ "code": "vt" }), "INVALID_FORMAT", "code")
        .rule(json!({ "prefix": "Vidu" }), "INVALID_FORMAT", "prefix")
        .rule(json!({ "prefix": "commune" }), "INVALID_FORMAT", "prefix")
        .rule(json!({ "prefix": taken }), "ALREADY_RECORDED", "prefix")
        .rule(json!({ "prefix": format!("{taken}2") }), "ALREADY_RECORDED", "prefix")
        .rule(json!({ "prefix": "vidug" }), "ALREADY_RECORDED", "prefix")
        .rule(json!({ "code": known.code }), "ALREADY_RECORDED", "code")
        .rule(json!({ "name": " \u{a0} " }), "BLANK", "name")
        .rule(json!({ "name": "a".repeat(201) }), "TOO_LONG", "name")
        .rule(json!({ "name": "Viễn thông 091-234-5678" }), "PERSONAL_DATA", "name")
        .rule(json!({ "nameEn": "a\u{7}b" }), "INVALID_FORMAT", "nameEn")
        .rule(json!({ "sector": null }), "REQUIRED", "sector")
        .rule(json!({ "isFront": true }), "NOT_APPLICABLE", "isFront")
        .rule(json!({ "placeId": commune }), "NOT_APPLICABLE", "placeId")
        .rule(json!({ "parentId": known.id.to_string() }), "WRONG_KIND", "parentId")
        .rule(json!({ "kind": "DEPARTMENT" }), "REQUIRED", "placeId")
        .rule(json!({ "kind": "DEPARTMENT", "placeId": commune }), "WRONG_KIND", "placeId")
        .rule(
            json!({ "kind": "COMMUNE_AUTHORITY", "placeId": commune }),
            "NOT_APPLICABLE",
            "parentId",
        )
        .rule(
            json!({ "kind": "COMMUNE_AUTHORITY", "placeId": commune, "parentId": null,
                "sector": null }),
            "ALREADY_RECORDED",
            "placeId",
        )
        .rule(json!({ "validTo": "2026-01-01" }), "INVALID_PERIOD", "validTo")
        .mismatch(json!({ "code": "VT-KHAC" }))
}

pub async fn revise_party(app: &TestApp) -> Table {
    let office = app.party(Kind::Bank).await;
    let party = app.party(Kind::Bank).branch_of(&office).prefix("vidubank").await;
    let branch = app.party(Kind::Bank).branch_of(&party).await;
    let telecom = app.party(Kind::TelecomCompany).await;
    let input = json!({ "id": party.id.to_string(), "name": "Ngân hàng", "expectedVersion": 1,
        "parentId": office.id.to_string() });
    coordinators(app, Table::new("reviseParty", "party", app.coordinator().await, input))
        .await
        .other("the party itself", app.member_of(&party).await, "FORBIDDEN")
        .rule(json!({ "name": "" }), "BLANK", "name")
        .rule(json!({ "prefix": "vidukhac" }), "ALREADY_RECORDED", "prefix")
        .rule(json!({ "nameEn": "a".repeat(201) }), "TOO_LONG", "nameEn")
        .rule(json!({ "parentId": telecom.id.to_string() }), "WRONG_KIND", "parentId")
        .rule(json!({ "parentId": party.id.to_string() }), "WRONG_KIND", "parentId")
        .rule(json!({ "parentId": branch.id.to_string() }), "WRONG_KIND", "parentId")
        .rule(json!({ "validTo": party.valid_from }), "INVALID_PERIOD", "validTo")
}

pub async fn record_party_succession(app: &TestApp) -> Table {
    let old = app.party(Kind::Bank).valid("2020-01-01", None).await;
    let new = app.party(Kind::Bank).valid("2021-01-01", None).await;
    let gone = app.party(Kind::Bank).valid("2020-01-01", Some("2024-01-01")).await;
    let input = json!({ "predecessorId": old.id.to_string(), "successorId": new.id.to_string(),
        "effectiveOn": "2026-12-01", "expectedVersion": 1, "idempotencyKey": app.key(),
        "documentId": app.directive().await.id.to_string() });
    let letter = app.document(&new).with(as_letter).await.id.to_string();
    let named = |row: &entity::party::Model| row.id.to_string();
    let coordinator = app.coordinator().await;
    let edge = (app.party(Kind::Bank).await, app.party(Kind::Bank).await);
    app.party_succession(&edge.0, &edge.1, "2026-06-01").await;
    coordinators(app, Table::new("recordPartySuccession", "party", coordinator, input))
        .await
        .other("the party itself", app.member_of(&old).await, "FORBIDDEN")
        .rule(json!({ "documentId": letter }), "WRONG_KIND", "documentId")
        .rule(json!({ "successorId": named(&old) }), "SUCCESSION_CYCLE", "successorId")
        .rule(json!({ "successorId": named(&gone) }), "OUTSIDE_VALIDITY", "effectiveOn")
        .rule(json!({ "effectiveOn": "2020-06-01" }), "OUTSIDE_VALIDITY", "effectiveOn")
        .rule(
            json!({ "predecessorId": named(&gone), "effectiveOn": "2025-01-01" }),
            "ALREADY_ENDED",
            "effectiveOn",
        )
        .rule(
            json!({ "predecessorId": named(&new), "successorId": named(&old),
                "effectiveOn": "2021-01-01" }),
            "OUTSIDE_VALIDITY",
            "effectiveOn",
        )
        .rule(
            json!({ "predecessorId": named(&edge.0), "successorId": named(&edge.1),
                "effectiveOn": "2026-06-01" }),
            "ALREADY_RECORDED",
            "",
        )
        .mismatch(json!({ "effectiveOn": "2026-12-02" }))
}

/// Who may not do what is the coordinator's managers' alone.
pub async fn coordinators(app: &TestApp, table: Table) -> Table {
    table
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("telecom", app.telecom().await, "FORBIDDEN")
        .other("commune", app.commune_officer("02014").await, "FORBIDDEN")
        .other("assigned department", app.assigned_department("02071").await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("ended party", app.ended_party().await, "FORBIDDEN")
        .other("reporter", app.coordinator().with_role(Role::Reporter).await, "FORBIDDEN")
        .other("viewer", app.coordinator().with_role(Role::Viewer).await, "FORBIDDEN")
}
