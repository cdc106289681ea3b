//! What owners, coordinator and everybody else may ask of the graph and its history.

use serde_json::json;

use super::{GOOD, live, partner, start};

#[tokio::test]
async fn whose_a_field_is() {
    let (app, manager) = start("vidutel").await;
    live(&app, &manager, GOOD).await;
    let bank = app.bank().await;
    let code = &manager.party().code;

    for (coordinate, owner) in [
        ("Commune.name", json!({ "party": null })),
        ("Query.parties", json!({ "party": null })),
        ("Commune.vidutel", json!({ "party": { "code": code } })),
        ("VidutelPoint.name", json!({ "party": { "code": code } })),
        ("Query.vidutelPoint", json!({ "party": { "code": code } })),
        ("VidutelPoint.nothing", json!(null)),
        ("Commune.vidubank", json!(null)),
        ("__Type.name", json!(null)),
        ("Commune", json!(null)),
        ("", json!(null)),
    ] {
        let query = "query ($c: String!) { fieldOwner(coordinate: $c) { party { code } } }";
        let reply = bank.gql(query, json!({ "c": coordinate })).await;
        assert_eq!(reply.expect_ok()["fieldOwner"], owner, "{coordinate}");
        let public = app.public().gql(query, json!({ "c": coordinate })).await;
        assert!(public.at("/fieldOwner").is_null());
    }
}

#[tokio::test]
async fn history_says_when_why_and_what_changed() {
    let (app, manager) = start("vidutel").await;
    live(&app, &manager, GOOD).await;
    let query = "{ supergraphs(first: 10) { totalCount nodes { number reason subgraph { name }
        parts { number subgraph { name } } changes { path criticality } } } }";

    let coordinator = app.coordinator().await.ask(query).await;

    let nodes = &coordinator.expect_ok()["supergraphs"]["nodes"];
    assert_eq!((&nodes[0]["number"], &nodes[0]["reason"]), (&json!(2), &json!("APPROVED")));
    assert_eq!(nodes[0]["subgraph"]["name"], "vidutel");
    assert_eq!(nodes[0]["parts"][0]["subgraph"]["name"], "vidutel");
    let changes = nodes[0]["changes"].to_string();
    assert!(changes.contains("Commune.vidutel") && changes.contains("SAFE"), "{changes}");
    assert_eq!((&nodes[1]["reason"], &nodes[1]["parts"]), (&json!("STARTED"), &json!([])));
    for (who, count) in [
        (app.leadership().await, 2),
        (manager, 0),
        (partner(&app, "vidubank").await, 0),
        (app.public(), 0),
    ] {
        let reply = who.ask(query).await;
        assert_eq!(reply.at("/supergraphs/totalCount"), count);
    }
}
