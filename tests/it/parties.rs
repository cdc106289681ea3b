//! Parties: defining, revising and succeeding, and who may.

use entity::party;
use serde_json::{Value, json};
use tests::TestApp;

mod defining;
mod reading;
mod revising;
mod succeeding;

const DEFINE: &str = "mutation ($input: DefinePartyInput!) { defineParty(input: $input) {
    party { __typename id code name version validFrom validTo
        ... on TelecomCompany { sector parent { code } }
        ... on Department { province { code } } }
    replayed userErrors { code message path params { name value } } } }";

const REVISE: &str = "mutation ($input: RevisePartyInput!) { reviseParty(input: $input) {
    party { id name version validTo } userErrors { code path params { name value } } } }";

const SUCCEED: &str = "mutation ($input: RecordPartySuccessionInput!) {
    recordPartySuccession(input: $input) {
        party { id version validTo successors { effectiveOn party { code } document { id } } }
        userErrors { code path } } }";

fn telecom(app: &TestApp, code: &str) -> Value {
    json!({
        "kind": "TELECOM_COMPANY", "code": code, "name": "Viễn thông mới", "sector": "TELECOM",
        "validFrom": "2026-01-01", "idempotencyKey": app.key(),
    })
}

fn succession(app: &TestApp, old: &party::Model, new: &party::Model, on: &str) -> Value {
    json!({
        "predecessorId": old.id.to_string(), "successorId": new.id.to_string(),
        "effectiveOn": on, "expectedVersion": old.version, "idempotencyKey": app.key(),
    })
}

fn changed(mut input: Value, change: Value) -> Value {
    let (Some(fields), Value::Object(change)) = (input.as_object_mut(), change) else {
        panic!("inputs are objects")
    };
    fields.extend(change);
    input
}
