//! What is refused of assignments, enrolments and mandates: all that holds from a day to a day.

use entity::{member::Role, party::Kind};
use serde_json::json;
use tests::TestApp;

use super::{Table, parties::coordinators};
use crate::authz::as_letter;

pub async fn assign_department(app: &TestApp) -> Table {
    let department = app.party(Kind::Department).await;
    let ended = app.party(Kind::Department).valid("2025-07-01", Some("2026-03-01")).await;
    let bank = app.party(Kind::Bank).await;
    let commune = app.commune("02014").await;
    let known = app.assignment(&app.party(Kind::Department).await, &commune).await;
    let letter = app.document(&bank).with(as_letter).await.id.to_string();
    let input = json!({ "departmentId": department.id.to_string(),
        "communeId": commune.id.to_string(),
        "documentId": app.directive().await.id.to_string(),
        "validFrom": "2026-03-01", "validTo": "2026-12-31", "idempotencyKey": app.key() });
    let province = app.province().await.id.to_string();
    let table = Table::new("assignDepartment", "assignment", app.coordinator().await, input);
    coordinators(app, table)
        .await
        .rule(json!({ "departmentId": bank.id.to_string() }), "WRONG_KIND", "departmentId")
        .rule(json!({ "communeId": province }), "WRONG_KIND", "communeId")
        .rule(json!({ "documentId": letter }), "WRONG_KIND", "documentId")
        .rule(json!({ "validTo": "2026-03-01" }), "INVALID_PERIOD", "validTo")
        .rule(json!({ "validFrom": "2025-06-30" }), "OUTSIDE_VALIDITY", "validFrom")
        .rule(json!({ "departmentId": ended.id.to_string() }), "OUTSIDE_VALIDITY", "validFrom")
        .rule(
            json!({ "departmentId": known.department_id.to_string() }),
            "ALREADY_RECORDED",
            "validFrom",
        )
        .mismatch(json!({ "validTo": "2027-01-01" }))
}

pub async fn end_assignment(app: &TestApp) -> Table {
    let (department, commune) = (app.party(Kind::Department).await, app.commune("02014").await);
    let running = app.assignment(&department, &commune).valid("2026-01-01", None).await;
    let over = app.commune("02071").await;
    let over = app.assignment(&department, &over).valid("2026-01-01", Some("2026-11-23")).await;
    let input = json!({ "id": running.id.to_string(), "validTo": "2026-11-23",
        "expectedVersion": 1 });
    let table = Table::new("endAssignment", "assignment", app.coordinator().await, input);
    coordinators(app, table)
        .await
        .other("the department itself", app.member_of(&department).await, "FORBIDDEN")
        .rule(json!({ "validTo": "2025-12-31" }), "INVALID_PERIOD", "validTo")
        .rule(json!({ "id": over.id.to_string() }), "ALREADY_ENDED", "validTo")
}

pub async fn enrol_commune(app: &TestApp) -> Table {
    let (commune, enrolled) = (app.commune("02014").await, app.commune("02071").await);
    app.enrolment(&enrolled).await;
    let input = json!({ "communeId": commune.id.to_string(), "stage": "REPLICATED",
        "documentId": app.directive().await.id.to_string(),
        "validFrom": "2025-07-01", "idempotencyKey": app.key() });
    let district = app.place_on("063", "2024-01-01").await.id.to_string();
    let letter = app.document(&app.party(Kind::Bank).await).with(as_letter).await.id.to_string();
    let table = Table::new("enrolCommune", "enrolment", app.coordinator().await, input);
    coordinators(app, table)
        .await
        .rule(json!({ "communeId": district }), "WRONG_KIND", "communeId")
        .rule(json!({ "documentId": letter }), "WRONG_KIND", "documentId")
        .rule(json!({ "validTo": "2025-07-01" }), "INVALID_PERIOD", "validTo")
        .rule(json!({ "validFrom": "2025-06-30" }), "OUTSIDE_VALIDITY", "validFrom")
        .rule(json!({ "communeId": enrolled.id.to_string() }), "ALREADY_RECORDED", "validFrom")
        .mismatch(json!({ "stage": "PILOT" }))
}

pub async fn end_enrolment(app: &TestApp) -> Table {
    let running = app.enrolment(&app.commune("02014").await).await;
    let over = app.enrolment(&app.commune("02071").await);
    let over = over.with(|row| row.valid_to = Some(tests::day("2026-11-22"))).await;
    let input = json!({ "id": running.id.to_string(), "validTo": "2026-12-31",
        "expectedVersion": 1 });
    let table = Table::new("endEnrolment", "enrolment", app.coordinator().await, input);
    coordinators(app, table)
        .await
        .other("the commune itself", app.commune_officer("02014").await, "FORBIDDEN")
        .rule(json!({ "validTo": "2025-06-30" }), "INVALID_PERIOD", "validTo")
        .rule(json!({ "id": over.id.to_string() }), "ALREADY_ENDED", "validTo")
}

pub async fn make_mandate(app: &TestApp) -> Table {
    let principal = app.bank().await;
    let party = principal.party().clone();
    let agent = app.party(Kind::TelecomCompany).await;
    let late = app.party(Kind::TelecomCompany).valid("2026-06-01", None).await;
    let letter = app.document(&agent).with(as_letter).await;
    let input = json!({ "principalId": party.id.to_string(), "agentId": agent.id.to_string(),
        "acts": ["RECORD"], "placeId": app.commune("02014").await.id.to_string(),
        "documentId": app.directive().await.id.to_string(),
        "validFrom": "2026-01-01", "validTo": "2027-01-01", "idempotencyKey": app.key() });
    Table::new("makeMandate", "mandate", principal, input)
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("the agent", app.member_of(&agent).await, "FORBIDDEN")
        .other("rival", app.bank().await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("coordinator of a party with a member", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "FORBIDDEN")
        .hidden("documentId", &letter.id)
        .rule(json!({ "agentId": party.id.to_string() }), "WRONG_KIND", "agentId")
        .rule(json!({ "acts": [] }), "WRONG_COUNT", "acts")
        .rule(json!({ "validTo": "2026-01-01" }), "INVALID_PERIOD", "validTo")
        .rule(json!({ "validFrom": "2025-06-30" }), "OUTSIDE_VALIDITY", "validFrom")
        .rule(json!({ "agentId": late.id.to_string() }), "OUTSIDE_VALIDITY", "validFrom")
        .mismatch(json!({ "acts": ["RECORD", "VERIFY"] }))
}

pub async fn end_mandate(app: &TestApp) -> Table {
    let (principal, agent) = (app.bank().await, app.party(Kind::TelecomCompany).await);
    let party = principal.party().clone();
    let running = app.mandate(&party, &agent).await;
    let over = app.mandate(&party, &agent).valid("2026-01-01", Some("2026-06-01")).await;
    let others = app.mandate(&app.party(Kind::Bank).await, &agent).await;
    let input = json!({ "id": running.id.to_string(), "validTo": "2026-11-23",
        "expectedVersion": 1 });
    Table::new("endMandate", "mandate", principal, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("the agent", app.member_of(&agent).await, "FORBIDDEN")
        .other("rival", app.bank().await, "NOT_FOUND")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("coordinator of a party with a member", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "NOT_FOUND")
        .hidden("id", &others.id)
        .rule(json!({ "validTo": "2025-12-31" }), "INVALID_PERIOD", "validTo")
        .rule(json!({ "id": over.id.to_string() }), "ALREADY_ENDED", "validTo")
}
