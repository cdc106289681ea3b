//! Fields of ours that are granted: what becomes possible by that, and what a grant that is taken back
//! leaves.

use serde_json::{Value, json};
use tests::{Reply, TestApp};

use super::{OTHER, codes, input, live, publish, served, start};
use crate::authz::mutation;

/// What needs `Commune.code`.
const NEEDING: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
type Commune @key(fields: "id") { id: ID! code: String! @external vidutel: VidutelCommune @requires(fields: "code") }
type VidutelCommune { coverage: Int }
"#;

async fn grant(app: &TestApp, party: &entity::party::Model, coordinate: &str) -> Reply {
    let input = json!({ "grants": [{ "partyId": party.id.to_string(), "coordinate": coordinate }],
        "idempotencyKey": app.key() });
    let coordinator = app.coordinator().await;
    coordinator.act(&mutation("grantFields", "grants { id version }"), input).await
}

async fn revoke(app: &TestApp, granted: &Value) -> Reply {
    let input = json!({ "id": granted["id"], "expectedVersion": granted["version"] });
    app.coordinator().await.act(&mutation("revokeGrant", "grant { revokedAt }"), input).await
}

#[tokio::test]
async fn a_granted_field_may_be_required_and_who_reads_it_is_known() {
    let (app, manager) = start("vidutel").await;
    let refused = publish(&manager, input(&app, &manager, NEEDING, 0)).await;
    refused.expect_refusal("SUBGRAPH_REFUSED");
    assert_eq!(codes(&refused, "publishSubgraph"), ["REQUIRES_WITHOUT_GRANT"]);

    grant(&app, manager.party(), "Commune.code").await.expect_ok();
    live(&app, &manager, NEEDING).await;

    assert!(served(&app).await.supergraph.contains("requires: \"code\""));
    let readers = "{ fieldReaders(coordinate: \"Commune.code\") { name } }";
    for (who, sees) in [
        (manager.clone(), true),
        (app.coordinator().await, true),
        (app.leadership().await, true),
        (app.bank().await, false),
        (app.public(), false),
    ] {
        let reply = who.ask(readers).await;
        let expected = if sees { json!([{ "name": "vidutel" }]) } else { json!([]) };
        assert_eq!(reply.expect_ok()["fieldReaders"], expected);
    }
    let reads = manager.ask("{ subgraph(by: { name: \"vidutel\" }) { live { reads } } }").await;
    assert_eq!(reads.at("/subgraph/live/reads"), &json!(["Commune.code"]));
}

#[tokio::test]
async fn a_grant_in_use_stays_until_the_subgraph_does_without() {
    let (app, manager) = start("vidutel").await;
    let granted = grant(&app, manager.party(), "Commune.code").await;
    let granted = granted.at("/grantFields/grants/0").clone();
    let version = live(&app, &manager, NEEDING).await;

    revoke(&app, &granted).await.expect_refusal("GRANT_IN_USE");
    publish(&manager, input(&app, &manager, OTHER, version)).await.expect_ok();
    revoke(&app, &granted).await.expect_ok();

    let again = publish(&manager, input(&app, &manager, NEEDING, version + 1)).await;
    assert_eq!(codes(&again, "publishSubgraph"), ["REQUIRES_WITHOUT_GRANT"]);
    let back = json!({ "number": 2, "expectedNumber": 3, "idempotencyKey": app.key() });
    let roll = mutation("rollBackSupergraph", "check { problems { code } }");
    let reply = app.coordinator().await.act(&roll, back).await;
    reply.expect_refusal("SUBGRAPH_REFUSED");
    assert_eq!(codes(&reply, "rollBackSupergraph"), ["REQUIRES_WITHOUT_GRANT"]);
}

#[tokio::test]
async fn a_grant_taken_back_before_the_approval_is_missed_by_it() {
    let (app, manager) = start("vidutel").await;
    let granted = grant(&app, manager.party(), "Commune.code").await;
    let published = publish(&manager, input(&app, &manager, NEEDING, 0)).await;
    published.expect_ok();
    revoke(&app, granted.at("/grantFields/grants/0")).await.expect_ok();

    let approved = super::approve(&app, &published).await;

    approved.expect_refusal("SUBGRAPH_REFUSED");
    assert_eq!(codes(&approved, "approveSubgraph"), ["REQUIRES_WITHOUT_GRANT"]);
    assert_eq!(served(&app).await.number, 1);
}
