//! What a version takes away: refused unless it is said, and always where somebody uses it.

use serde_json::{Value, json};

use super::{GOOD, OTHER, codes, input, live, partner, publish, served, start};

const POINT: &str = "{ vidutelPoint(id: \"1\") { name } }";

fn breaking(mut wanted: Value) -> Value {
    wanted["allowBreaking"] = json!(true);
    wanted
}

#[tokio::test]
async fn a_breaking_change_is_refused_unless_it_is_meant() {
    let (app, manager) = start("vidutel").await;
    let version = live(&app, &manager, GOOD).await;

    let refused = publish(&manager, input(&app, &manager, OTHER, version)).await;
    let meant = publish(&manager, breaking(input(&app, &manager, OTHER, version))).await;

    refused.expect_refusal("SUBGRAPH_REFUSED");
    assert!(codes(&refused, "publishSubgraph").iter().all(|code| code == "BREAKING_CHANGE"));
    let problems = refused.at("/publishSubgraph/check/problems").to_string();
    assert!(problems.contains("Query.vidutelPoint"), "{problems}");
    meant.expect_ok();
    assert!(!served(&app).await.api_schema.contains("vidutelPoint"));
}

#[tokio::test]
async fn what_an_operation_uses_stays_whoever_means_it() {
    let (app, manager) = start("vidutel").await;
    let version = live(&app, &manager, GOOD).await;
    let (bank, other) = (app.bank().await, app.bank().await);
    let own = app.operation(manager.party(), "OwnPoint", POINT).await;
    let theirs = app.operation(bank.party(), "SecretPoint", POINT).await;
    let second = app.operation(bank.party(), "SecretPoint2", &format!("{POINT} # again")).await;
    let third = app.operation(other.party(), "SecretPoint3", POINT).await;
    // What worked for nobody before is nobody's fault now.
    let broken = app.operation(bank.party(), "Broken", "{ nothing }").await;
    for operation in [&own, &theirs, &second, &third, &broken] {
        app.operation_use(operation, "2026-11-20").await;
    }

    let reply = publish(&manager, breaking(input(&app, &manager, OTHER, version))).await;

    reply.expect_refusal("SUBGRAPH_REFUSED");
    assert_eq!(codes(&reply, "publishSubgraph"), ["BREAKS_OPERATION", "BREAKS_OTHERS"]);
    let told = reply.at("/publishSubgraph/check/brokenOperations");
    assert_eq!(told, &json!({ "own": ["OwnPoint"], "others": 3, "otherParties": 2 }));
    assert!(!reply.text.contains("Secret"), "{}", reply.text);
}

#[tokio::test]
async fn what_was_not_run_for_a_month_or_is_retired_holds_nobody_back() {
    let (app, manager) = start("vidutel").await;
    let version = live(&app, &manager, GOOD).await;
    let bank = app.bank().await;
    let old = app.operation(bank.party(), "Old", POINT).await;
    app.operation_use(&old, "2026-10-24").await;
    let retired = app.operation(bank.party(), "Gone", &format!("{POINT} # gone"));
    let retired = retired.with(|row| row.retired_at = Some(row.created_at)).await;
    app.operation_use(&retired, "2026-11-20").await;

    let reply = publish(&manager, breaking(input(&app, &manager, OTHER, version))).await;

    reply.expect_ok();
}

#[tokio::test]
async fn retiring_goes_on_and_says_what_breaks() {
    let (app, manager) = start("vidutel").await;
    let version = live(&app, &manager, GOOD).await;
    let rival = partner(&app, "vidubank").await;
    let theirs = app.operation(rival.party(), "Theirs", POINT).await;
    app.operation_use(&theirs, "2026-11-20").await;
    let subgraph = manager.ask("{ subgraph(by: { name: \"vidutel\" }) { id } }").await;
    let id = subgraph.at("/subgraph/id").clone();
    let retire = crate::authz::mutation(
        "retireSubgraph",
        "subgraph { retiredAt live { number } } check { brokenOperations { others otherParties } }",
    );

    let reply = manager.act(&retire, json!({ "id": id, "expectedVersion": version })).await;

    reply.expect_ok();
    let told = reply.at("/retireSubgraph/check/brokenOperations");
    assert_eq!(told, &json!({ "others": 1, "otherParties": 1 }));
    assert!(reply.at("/retireSubgraph/subgraph/live").is_null());
    let graph = served(&app).await;
    assert!(graph.number == 3 && !graph.api_schema.contains("VidutelCommune"));
    assert_eq!(publish(&manager, input(&app, &manager, GOOD, 0)).await.refusals().len(), 0);
}
