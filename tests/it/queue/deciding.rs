//! What stands in a party's queue is what its manager would not be refused. Every act is tried with
//! a version that does not exist: whoever may act hears `STALE_VERSION`, everybody else is refused
//! before that.

use std::collections::BTreeSet;

use entity::{commitment, delivery, delivery::State};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

use super::{waiting, world::World};

/// A version that no object has.
const NONE: i32 = 99;

pub const ACCEPT: &str = "mutation ($input: AcceptCommitmentInput!) {
    acceptCommitment(input: $input) { userErrors { code path } } }";
const ACCEPT_AMENDMENT: &str = "mutation ($input: AcceptAmendmentInput!) {
    acceptAmendment(input: $input) { userErrors { code path } } }";
pub const CONFIRM: &str = "mutation ($input: ConfirmDeliveriesInput!) {
    confirmDeliveries(input: $input) { userErrors { code path } } }";
pub const CONSENT: &str = "mutation ($input: ConsentToReversalsInput!) {
    consentToReversals(input: $input) { userErrors { code path } } }";
pub const AGREE: &str = "mutation ($input: AgreeDeliveryInput!) {
    agreeDelivery(input: $input) { userErrors { code path } } }";
pub const SETTLE: &str = "mutation ($input: SettleDeliveryInput!) {
    settleDelivery(input: $input) { userErrors { code path } } }";

#[tokio::test]
async fn what_waits_to_be_accepted_is_what_may_be_accepted() {
    let app = TestApp::start().await;
    let World { commitments, parties, .. } = World::of(&app).await;
    let document = app.directive().await;
    let mut pending = Vec::new();
    for row in commitments.iter().filter(|row| row.status == commitment::Status::Active) {
        let amendment = app.amendment(row, &document);
        pending.push(amendment.with(|row| row.state = entity::amendment::State::Pending));
    }
    let pending = app.insert(pending).await;

    for (name, party) in &parties {
        let mut allowed = BTreeSet::new();
        for row in &commitments {
            let amendment = pending.iter().find(|amendment| amendment.commitment_id == row.id);
            let reply = match amendment {
                None => act(party, ACCEPT, json!({ "id": row.id.to_string() })).await,
                Some(amendment) => {
                    act(party, ACCEPT_AMENDMENT, json!({ "id": amendment.id.to_string() })).await
                }
            };
            allowed.extend(may(&reply).then(|| row.id.to_string()));
        }

        let queue = waiting(party, &["toAccept", "nextToAccept"]).await;
        assert_eq!(queue, allowed, "{name}");
    }
}

#[tokio::test]
async fn what_waits_to_be_verified_is_what_may_be_confirmed_or_consented_to() {
    let app = TestApp::start().await;
    let World { deliveries, parties, .. } = World::of(&app).await;
    let (reported, asked): (Vec<_>, Vec<_>) = deliveries
        .iter()
        .filter(|row| row.state != State::Disputed)
        .partition(|row| row.state == State::Reported);

    for (name, party) in &parties {
        let mut allowed = allowed_of(&app, party, CONFIRM, &reported).await;
        allowed.extend(allowed_of(&app, party, CONSENT, &asked).await);

        let queue = waiting(party, &["toVerify", "nextToVerify"]).await;
        assert_eq!(queue, allowed, "{name}");
    }
}

#[tokio::test]
async fn what_is_disputed_is_what_may_be_agreed_or_settled() {
    let app = TestApp::start().await;
    let World { deliveries, parties, .. } = World::of(&app).await;

    for (name, party) in &parties {
        let mut allowed = BTreeSet::new();
        for row in deliveries.iter().filter(|row| row.state == State::Disputed) {
            let id = row.id.to_string();
            let agree = json!({ "id": id, "idempotencyKey": app.key() });
            let settle = json!({ "id": id, "idempotencyKey": app.key(), "figure": "8",
                "reason": "Đã kiểm tra" });
            let may =
                may(&act(party, AGREE, agree).await) || may(&act(party, SETTLE, settle).await);
            allowed.extend(may.then_some(id));
        }

        assert_eq!(waiting(party, &["disputed"]).await, allowed, "{name}");
    }
}

#[tokio::test]
async fn each_level_of_the_line_finds_something_only_in_its_time() {
    let app = TestApp::start().await;
    let World { parties, .. } = World::of(&app).await;

    let mut counts = Vec::new();
    for (name, party) in &parties {
        let first = waiting(party, &["toVerify"]).await.len();
        let next = waiting(party, &["nextToVerify"]).await.len();
        counts.push((*name, first, next));
    }

    let of = |wanted: &str| *counts.iter().find(|(name, ..)| *name == wanted).unwrap();
    assert!(of("authority").1 > 0 && of("authority").2 == 0, "{counts:?}");
    assert!(of("assigned department").1 == 0 && of("assigned department").2 > 0, "{counts:?}");
    assert!(of("coordinator").2 > 0 && of("leadership").2 > 0, "{counts:?}");
    assert!(of("leadership").2 < of("assigned department").2, "{counts:?}");
    assert_eq!((of("rival").1, of("rival").2), (0, 0), "{counts:?}");
}

pub async fn act(party: &Actor, mutation: &str, mut input: Value) -> Reply {
    input["expectedVersion"] = json!(NONE);
    party.act(mutation, input).await
}

/// Whether the act was refused for nothing but the version.
pub fn may(reply: &Reply) -> bool {
    let codes: Vec<&str> =
        reply.refusals().iter().map(|refusal| refusal["code"].as_str().unwrap()).collect();
    assert!(!codes.is_empty(), "{}", reply.text);
    codes == ["STALE_VERSION"]
}

/// The rows of a batch that were refused for nothing but the version.
async fn allowed_of(
    app: &TestApp,
    party: &Actor,
    mutation: &str,
    rows: &[&delivery::Model],
) -> BTreeSet<String> {
    let ids = rows.iter().map(|row| row.id.to_string());
    let input: Vec<Value> = ids.map(|id| json!({ "id": id, "expectedVersion": NONE })).collect();
    let input = json!({ "deliveries": input, "idempotencyKey": app.key() });
    let reply = party.act(mutation, input).await;
    let refusals = reply.refusals();
    assert_eq!(refusals.len(), rows.len(), "every row is refused: {}", reply.text);
    let stale = refusals.iter().filter(|refusal| refusal["code"] == "STALE_VERSION");
    let row = |refusal: &&&Value| {
        let at: usize = refusal["path"][2].as_str().unwrap().parse().unwrap();
        rows[at].id.to_string()
    };
    stale.map(|refusal| row(&refusal)).collect()
}
