//! Idempotency: one key, one effect, whoever asks again and however many at once; an answer that
//! is read anew with the rights of today.

use entity::{idempotency, party};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

mod concurrent;
mod replaying;
mod scope;

const DEFINE: &str = "mutation ($input: DefinePartyInput!) { defineParty(input: $input) {
    party { id code name } replayed userErrors { code path } } }";

const ISSUE: &str = "mutation ($input: IssueTokenInput!) { issueToken(input: $input) {
    apiToken { id label } secret replayed userErrors { code path } } }";

const INVITE: &str = "mutation ($input: InviteMemberInput!) { inviteMember(input: $input) {
    invitation { id } code replayed userErrors { code path } } }";

fn bank(app: &TestApp, code: &str) -> Value {
    json!({
        "kind": "BANK", "code": code, "name": "Ngân hàng mới", "validFrom": "2026-01-01",
        "idempotencyKey": app.key(),
    })
}

fn token(app: &TestApp, party: &party::Model) -> Value {
    json!({
        "partyId": party.id.to_string(), "role": "REPORTER", "scopes": ["RECORD"],
        "expiresInDays": 30, "idempotencyKey": app.key(),
    })
}

fn invitation(app: &TestApp, party: &party::Model) -> Value {
    json!({
        "partyId": party.id.to_string(), "role": "VIEWER", "idempotencyKey": app.key(),
    })
}

fn changed(input: &Value, field: &str, value: impl Into<Value>) -> Value {
    let mut input = input.clone();
    input[field] = value.into();
    input
}

/// Fifty requests at once, with the same key.
async fn fifty(actor: &Actor, mutation: &'static str, input: &Value) -> Vec<Reply> {
    let requests: Vec<_> = (0..50)
        .map(|_| {
            let (actor, input) = (actor.clone(), input.clone());
            tokio::spawn(async move { actor.act(mutation, input).await })
        })
        .collect();
    let mut replies = Vec::new();
    for request in requests {
        replies.push(request.await.unwrap());
    }
    replies
}

async fn records(app: &TestApp) -> usize {
    app.all(idempotency::Entity).await.len()
}
