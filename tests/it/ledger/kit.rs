//! The documents that these tests send, and what they look up.

use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

pub const PROPOSE: &str = "mutation ($input: ProposeCommitmentsInput!) { proposeCommitments(input: $input) {
    replayed commitments { id version status } userErrors { code path message params { name value } } } }";
pub const ACCEPT: &str =
    "mutation ($input: AcceptCommitmentInput!) { acceptCommitment(input: $input) {
    commitment { id version status } userErrors { code path message } } }";
pub const AMEND: &str =
    "mutation ($input: AmendCommitmentInput!) { amendCommitment(input: $input) {
    replayed commitment { id version quantity amendments { id state } }
    userErrors { code path message } } }";
pub const ACCEPT_AMENDMENT: &str =
    "mutation ($input: AcceptAmendmentInput!) { acceptAmendment(input: $input) {
    commitment { id version quantity } userErrors { code path message } } }";
pub const CLOSE: &str =
    "mutation ($input: CloseCommitmentInput!) { closeCommitment(input: $input) {
    commitment { id version status } userErrors { code path message } } }";
pub const RECORD: &str = "mutation ($input: RecordDeliveriesInput!) { recordDeliveries(input: $input) {
    replayed deliveries { id version state } userErrors { code path message params { name value } } } }";
pub const CONFIRM: &str =
    "mutation ($input: ConfirmDeliveriesInput!) { confirmDeliveries(input: $input) {
    replayed deliveries { id version state } userErrors { code path message } } }";
pub const DISPUTE: &str =
    "mutation ($input: DisputeDeliveryInput!) { disputeDelivery(input: $input) {
    delivery { id version state received } userErrors { code path message } } }";
pub const AGREE: &str = "mutation ($input: AgreeDeliveryInput!) { agreeDelivery(input: $input) {
    delivery { id version state agreed } userErrors { code path message } } }";
pub const RAISE: &str = "mutation ($input: RaiseNeedInput!) { raiseNeed(input: $input) {
    need { id met } userErrors { code path message } } }";

/// The id of the activity with a code.
pub async fn activity(app: &TestApp, code: &str) -> String {
    app.activity(code).await.id.to_string()
}

/// What was promised to a commune by the end of a year, as a row of `proposeCommitments`.
pub fn promise(place: impl ToString, activity: &str, quantity: i64) -> Value {
    json!({ "placeId": place.to_string(), "activityId": activity, "quantity": quantity,
        "schedule": [{ "dueOn": "2026-12-31", "quantity": quantity }] })
}

/// Proposes one row; answers its id.
pub async fn proposed(by: &Actor, app: &TestApp, row: Value) -> String {
    let reply = by.act(PROPOSE, json!({ "commitments": [row], "idempotencyKey": app.key() })).await;
    reply.expect_ok();
    reply.text_at("/proposeCommitments/commitments/0/id").to_owned()
}

/// Proposes one row, and its receiver accepts.
pub async fn active(by: &Actor, receiver: &Actor, app: &TestApp, row: Value) -> String {
    let id = proposed(by, app, row).await;
    receiver.act(ACCEPT, json!({ "id": id, "expectedVersion": 1 })).await.expect_ok();
    id
}

pub async fn record(by: &Actor, app: &TestApp, rows: Vec<Value>) -> Reply {
    by.act(RECORD, json!({ "deliveries": rows, "idempotencyKey": app.key() })).await
}

/// The ids of what a batch made.
pub fn made(reply: &Reply, field: &str, list: &str) -> Vec<String> {
    reply.expect_ok();
    let rows = reply.at(&format!("/{field}/{list}")).as_array().unwrap().clone();
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// The progress of a commitment as somebody sees it, in the order promised, reported, confirmed,
/// unverified, disputed, difference; and its health.
pub async fn progress(by: &Actor, id: &str) -> ([i64; 6], String) {
    let reply = by
        .gql(
            "query ($id: ID!) { commitment(by: {id: $id}) { health progress {
                promised reported confirmed unverified disputed difference } } }",
            json!({ "id": id }),
        )
        .await;
    reply.expect_ok();
    let names = ["promised", "reported", "confirmed", "unverified", "disputed", "difference"];
    let figures = names.map(|name| {
        let figure = reply.at("/commitment/progress")[name].as_str();
        figure.map_or(-1, |figure| figure.parse().unwrap())
    });
    (figures, reply.at("/commitment/health").as_str().unwrap_or_default().to_owned())
}
