//! API tokens: issued by managers, used by systems, rotated, revoked, and never wider than whoever
//! gave them.

use entity::{api_token, party};
use serde_json::{Value, json};
use tests::{Actor, TestApp};

mod issuing;
mod limits;
mod networks;
mod rotating;
mod using;

const ISSUE: &str = "mutation ($input: IssueTokenInput!) { issueToken(input: $input) {
    apiToken { id label role scopes hint expiresAt version party { id } issuedBy { id } }
    secret replayed userErrors { code message path params { name value } } } }";

const ROTATE: &str = "mutation ($input: RotateTokenInput!) { rotateToken(input: $input) {
    apiToken { id label role scopes hint expiresAt version } secret replayed
    userErrors { code message path params { name value } } } }";

const REVOKE: &str = "mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) {
    apiToken { id revokedAt version } userErrors { code message path } } }";

const WHO: &str = "{ viewer { party { id } role scopes member { id } apiToken { id } } }";

fn issue(app: &TestApp, party: &party::Model) -> Value {
    json!({
        "partyId": party.id.to_string(), "label": "Phần mềm quản lý", "role": "REPORTER",
        "scopes": ["RECORD"], "expiresInDays": 30, "idempotencyKey": app.key(),
    })
}

fn rotate(app: &TestApp, token: &api_token::Model, hours: i32) -> Value {
    json!({
        "id": token.id.to_string(), "overlapHours": hours, "expiresInDays": 30,
        "expectedVersion": token.version, "idempotencyKey": app.key(),
    })
}

fn revoke(token: &api_token::Model) -> Value {
    json!({ "id": token.id.to_string(), "expectedVersion": token.version })
}

/// Whether the server still knows whoever sends a token.
async fn works(actor: &Actor) -> bool {
    let reply = actor.ask(WHO).await;
    if reply.status == 401 {
        reply.expect_fault("UNAUTHENTICATED");
        return false;
    }
    reply.expect_ok()["viewer"]["party"].is_object()
}

async fn only_token(app: &TestApp) -> api_token::Model {
    let [token] = &app.all(api_token::Entity).await[..] else {
        panic!("there is not one token");
    };
    token.clone()
}
