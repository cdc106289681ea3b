//! Which graph is served: the first at the start, each one whole, and earlier ones again.

use api::domain::subgraph::{own, write::compose_at_start};
use entity::{
    subgraph_version::State,
    supergraph::{self, Reason},
};
use serde_json::json;
use tests::{Reply, TestApp};

use super::{GOOD, OTHER, input, live, partner, publish, served, start, states};
use crate::authz::mutation;

async fn roll_back(app: &TestApp, number: i32, from: i32) -> Reply {
    let input = json!({ "number": number, "expectedNumber": from, "idempotencyKey": app.key() });
    let selection = "supergraph { number reason goesBackTo parts { number } } replayed";
    app.coordinator().await.act(&mutation("rollBackSupergraph", selection), input).await
}

#[tokio::test]
async fn the_first_start_composes_our_own_part_once() {
    let app = TestApp::start().await;

    let (one, other) = tokio::join!(compose_at_start(&app.api), compose_at_start(&app.api));
    compose_at_start(&app.api).await.unwrap();

    one.unwrap();
    other.unwrap();
    let graphs = app.all(supergraph::Entity).await;
    assert_eq!(graphs.len(), 1);
    let graph = served(&app).await;
    assert_eq!((graph.number, graph.reason), (1, Reason::Started));
    assert_eq!(graph.own_hash, own::hash());
    assert!(graph.supergraph.contains("@join__graph(name: \"api\""));
    assert!(graph.api_schema.contains("type Commune") && !graph.api_schema.contains("join__"));
    assert!(!app.api.composer.is_behind());
}

#[tokio::test]
async fn a_server_that_starts_beside_a_newer_one_leaves_its_graph() {
    let (app, manager) = start("vidutel").await;
    live(&app, &manager, GOOD).await;
    // As if another server had our part in a newer form.
    let newer = app.supergraph(3).with(|row| row.own_hash = "0".repeat(64)).await;
    app.sql("UPDATE supergraph_head SET number = 3").await.unwrap();

    let before = app.all(supergraph::Entity).await.len();
    compose_at_start(&app.api).await.unwrap();

    assert_eq!(app.all(supergraph::Entity).await.len(), before);
    assert_eq!(served(&app).await.id, newer.id);
}

#[tokio::test]
async fn going_back_serves_the_same_parts_and_history_grows() {
    let (app, manager) = start("vidutel").await;
    let version = live(&app, &manager, OTHER).await;
    publish(&manager, input(&app, &manager, GOOD, version)).await.expect_ok();
    let second = served(&app).await;

    let back = roll_back(&app, 2, 3).await;

    back.expect_ok();
    let graph = back.at("/rollBackSupergraph/supergraph");
    assert_eq!(
        graph,
        &json!({ "number": 4, "reason": "ROLLED_BACK", "goesBackTo": 2, "parts": [{ "number": 1 }] })
    );
    assert_eq!(states(&app).await, [(1, State::Live), (2, State::Replaced)]);
    let fourth = served(&app).await;
    assert!(
        !fourth.api_schema.contains("vidutelPoint") && second.api_schema.contains("vidutelPoint")
    );

    roll_back(&app, 3, 4).await.expect_ok();

    assert_eq!(served(&app).await.hash, second.hash);
    assert_eq!(states(&app).await, [(1, State::Replaced), (2, State::Live)]);
}

#[tokio::test]
async fn a_subgraph_that_came_later_is_not_live_after_going_back_and_may_publish_again() {
    let (app, manager) = start("vidutel").await;
    let version = live(&app, &manager, OTHER).await;

    roll_back(&app, 1, 2).await.expect_ok();

    assert_eq!(states(&app).await, [(1, State::Replaced)]);
    assert!(!served(&app).await.api_schema.contains("VidutelCommune"));
    let subgraph =
        manager.ask("{ subgraph(by: { name: \"vidutel\" }) { version live { number } } }").await;
    assert_eq!(subgraph.at("/subgraph"), &json!({ "version": version + 1, "live": null }));
    publish(&manager, input(&app, &manager, GOOD, version + 1)).await.expect_ok();
    assert_eq!(states(&app).await, [(1, State::Replaced), (2, State::Live)]);
}

#[tokio::test]
async fn nobody_goes_back_on_an_old_view_or_to_a_retired_subgraph() {
    let (app, manager) = start("vidutel").await;
    let version = live(&app, &manager, OTHER).await;
    let subgraph = manager.ask("{ subgraph(by: { name: \"vidutel\" }) { id } }").await;
    let retire = json!({ "id": subgraph.at("/subgraph/id"), "expectedVersion": version });
    let coordinator = app.coordinator().await;
    coordinator.act(&mutation("retireSubgraph", "subgraph { id }"), retire).await.expect_ok();

    roll_back(&app, 1, 2).await.expect_refusal("STALE_VERSION");
    roll_back(&app, 2, 3).await.expect_refusal("ALREADY_ENDED");

    assert_eq!(served(&app).await.number, 3);
    assert_eq!(states(&app).await, [(1, State::Retired)]);
}

#[tokio::test]
async fn a_publication_that_is_overtaken_begins_again() {
    let (app, manager) = start("vidutel").await;
    let version = live(&app, &manager, OTHER).await;
    let managers = [partner(&app, "vidubank").await, partner(&app, "viduweb").await];

    let own = publish(&manager, input(&app, &manager, GOOD, version));
    let first = OTHER.replace("idutel", "idubank");
    let second = OTHER.replace("idutel", "iduweb");
    let (own, one, two) = tokio::join!(
        own,
        publish(&managers[0], input(&app, &managers[0], &first, 0)),
        publish(&managers[1], input(&app, &managers[1], &second, 0)),
    );

    for reply in [own, one, two] {
        reply.expect_ok();
    }
    assert_eq!(served(&app).await.number, 3);
    assert_eq!(states(&app).await.len(), 4);
}
