//! What is refused of API tokens.

use api::clock::Clock;
use entity::{api_token::Scope, member::Role};
use serde_json::json;
use tests::TestApp;

use super::{Table, changed};
use crate::authz::mutation;

pub async fn issue_token(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let ended = app.party(party.kind).valid("2020-01-01", Some("2026-01-01")).await;
    app.party_succession(&ended, &party, "2026-01-01").await;
    let rival = app.bank().await;
    let input = json!({ "partyId": party.id.to_string(), "role": "REPORTER", "label": "Kế toán",
        "scopes": ["RECORD"], "expiresInDays": 30, "idempotencyKey": app.key() });
    let narrow = app.member_of(&party).with_scopes([Scope::Admin]).await;
    let reply = narrow.act(&mutation("issueToken", ""), changed(&input, &json!({}))).await;
    reply.expect_refusal_at("EXCEEDS_ISSUER", "scopes");
    let bound = app.member_of(&party).persisted_only().await;
    let issue = mutation("issueToken", "");
    app.operation(&party, "Issue", &issue).await;
    let reply = bound.act(&issue, changed(&input, &json!({}))).await;
    reply.expect_refusal_at("EXCEEDS_ISSUER", "persistedOnly");
    Table::new("issueToken", "apiToken", bank, input)
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("rival", rival.clone(), "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "FORBIDDEN")
        .rule(json!({ "partyId": rival.party().id.to_string() }), "FORBIDDEN", "")
        .rule(json!({ "partyId": ended.id.to_string() }), "OUTSIDE_VALIDITY", "partyId")
        .rule(json!({ "label": "a".repeat(81) }), "TOO_LONG", "label")
        .rule(json!({ "label": "0912345678" }), "PERSONAL_DATA", "label")
        .rule(json!({ "expiresInDays": 0 }), "OUT_OF_RANGE", "expiresInDays")
        .rule(json!({ "expiresInDays": 366 }), "OUT_OF_RANGE", "expiresInDays")
        .mismatch(json!({ "role": "MANAGER" }))
}

pub async fn rotate_token(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let token = app.token(&party).1.await;
    let now = app.clock.now();
    let revoked = app.token(&party).1.with(|row| row.revoked_at = Some(now)).await;
    let expired = app.token(&party).1.with(|row| row.created_at -= chrono::TimeDelta::days(9));
    let expired = expired.with(|row| row.expires_at = now).await;
    let input = json!({ "id": token.id.to_string(), "expiresInDays": 90, "overlapHours": 24,
        "expectedVersion": 1, "idempotencyKey": app.key() });
    let narrow = app.member_of(&party).with_scopes([Scope::Admin]).await;
    let reply = narrow.act(&mutation("rotateToken", ""), input.clone()).await;
    reply.expect_refusal_at("EXCEEDS_ISSUER", "scopes");
    let rival = app.bank().await;
    let others = app.token(rival.party()).1.await;
    Table::new("rotateToken", "apiToken", bank, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "NOT_FOUND")
        .hidden("id", &others.id)
        .rule(json!({ "id": revoked.id.to_string() }), "ALREADY_ENDED", "id")
        .rule(json!({ "id": expired.id.to_string() }), "ALREADY_ENDED", "id")
        .rule(json!({ "expiresInDays": 0 }), "OUT_OF_RANGE", "expiresInDays")
        .rule(json!({ "expiresInDays": 366 }), "OUT_OF_RANGE", "expiresInDays")
        .rule(json!({ "overlapHours": -1 }), "OUT_OF_RANGE", "overlapHours")
        .rule(json!({ "overlapHours": 169 }), "OUT_OF_RANGE", "overlapHours")
        .mismatch(json!({ "overlapHours": 0 }))
}

pub async fn revoke_token(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let token = app.token(&party).1.await;
    let now = app.clock.now();
    let revoked = app.token(&party).1.with(|row| row.revoked_at = Some(now)).await;
    let rival = app.bank().await;
    let others = app.token(rival.party()).1.await;
    let input = json!({ "id": token.id.to_string(), "expectedVersion": 1 });
    Table::new("revokeToken", "apiToken", bank, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "NOT_FOUND")
        .hidden("id", &others.id)
        .rule(json!({ "id": revoked.id.to_string() }), "ALREADY_ENDED", "id")
}
