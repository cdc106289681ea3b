//! What is refused of persisted operations.

use api::clock::Clock;
use entity::{api_token::Scope, member::Role};
use serde_json::json;
use tests::TestApp;

use super::Table;
use crate::authz::mutation;

const WHO: &str = "{ viewer { today } }";

pub async fn register_operation(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let rival = app.bank().await;
    let hidden = app.operation(rival.party(), "Theirs", WHO).await;
    let old = app.operation(&party, "Old", "{ __typename }").await;
    app.operation(&party, "Known", WHO).await;
    let now = app.clock.now();
    let retired = app.operation(&party, "Gone", "{ a: __typename }");
    let retired = retired.with(|row| row.retired_at = Some(now)).await;
    let input = json!({ "name": "Mine", "document": "query Mine { viewer { party { code } } }",
        "callable": true, "replacesId": old.id.to_string(), "idempotencyKey": app.key() });
    let bound = app.member_of(&party).persisted_only().await;
    let reply = bound.act(&mutation("registerOperation", ""), input.clone()).await;
    reply.expect_fault("OPERATION_NOT_REGISTERED");
    let fruitless = "mutation { answerTask(input: $input) { userErrors { code } } }";
    Table::new("registerOperation", "operation", bank, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "FORBIDDEN")
        .other("system", app.member_of(&party).with_scopes([Scope::Commit]).await, "FORBIDDEN")
        .hidden("replacesId", &hidden.id)
        .rule(json!({ "replacesId": retired.id.to_string() }), "ALREADY_ENDED", "replacesId")
        .rule(json!({ "name": "" }), "INVALID_FORMAT", "name")
        .rule(json!({ "name": "a b" }), "INVALID_FORMAT", "name")
        .rule(json!({ "name": "a".repeat(65) }), "INVALID_FORMAT", "name")
        .rule(json!({ "name": "T-0912345678" }), "PERSONAL_DATA", "name")
        .rule(json!({ "name": "WhoAmI" }), "ALREADY_RECORDED", "name")
        .rule(json!({ "name": "Known" }), "ALREADY_RECORDED", "name")
        .rule(json!({ "document": WHO }), "ALREADY_RECORDED", "document")
        .rule(json!({ "document": "# 0912345678\n{ __typename }" }), "PERSONAL_DATA", "document")
        .rule(json!({ "document": " ".repeat(32_769) }), "TOO_LONG", "document")
        .rule(json!({ "document": "" }), "INVALID_OPERATION", "document")
        .rule(json!({ "document": "{ viewer {" }), "INVALID_OPERATION", "document")
        .rule(json!({ "document": "{ nothing }" }), "INVALID_OPERATION", "document")
        .rule(json!({ "document": fruitless }), "INVALID_OPERATION", "document")
        .rule(json!({ "document": two() }), "INVALID_OPERATION", "document")
        .rule(
            json!({ "document": "fragment A on Query { __typename }" }),
            "INVALID_OPERATION",
            "document",
        )
        .rule(json!({ "document": silent() }), "WRONG_KIND", "callable")
        .mismatch(json!({ "callable": false }))
}

pub async fn retire_operation(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let rival = app.bank().await;
    let hidden = app.operation(rival.party(), "Theirs", WHO).await;
    let operation = app.operation(&party, "Mine", WHO).await;
    let now = app.clock.now();
    let retired = app.operation(&party, "Gone", "{ __typename }");
    let retired = retired.with(|row| row.retired_at = Some(now)).await;
    let input = json!({ "id": operation.id.to_string(), "expectedVersion": 1 });
    Table::new("retireOperation", "operation", bank, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "FORBIDDEN")
        .hidden("id", &hidden.id)
        .rule(json!({ "id": retired.id.to_string() }), "ALREADY_ENDED", "id")
}

fn two() -> &'static str {
    "query A { __typename } query B { __typename }"
}

/// A mutation that does not ask why it was refused.
fn silent() -> &'static str {
    "mutation ($input: RetireOperationInput!) { retireOperation(input: $input) { operation { id } } }"
}
