//! The registry of subgraphs: who publishes what, what the coordinator decides, and which graph is
//! served after that.

use entity::{party::Kind, subgraph_version, supergraph, supergraph_head};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

use crate::authz::mutation;

mod asking;
mod breaking;
mod granting;
mod publishing;
mod refusing;
mod serving;

/// What a partner with the prefix `vidutel` may publish.
pub const GOOD: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
type Commune @key(fields: "id") { id: ID! vidutel: VidutelCommune }
type VidutelCommune { coverage: Int points: [VidutelPoint!]! }
type VidutelPoint @key(fields: "id") { id: ID! name: String commune: Commune }
type Query { vidutelPoint(id: ID!): VidutelPoint }
"#;

/// The same partner, before it had points.
pub const OTHER: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
type Commune @key(fields: "id") { id: ID! vidutel: VidutelCommune }
type VidutelCommune { coverage: Int }
"#;

const CHECK: &str = "check { passed problems { stage code message hint line column coordinate }
    changes { kind path criticality } approvalsNeeded { kind value }
    brokenOperations { own others otherParties } }";

/// A server whose graph is composed, with a manager of a partner.
async fn start(prefix: &str) -> (TestApp, Actor) {
    let app = TestApp::start().await;
    app.composed().await;
    let manager = partner(&app, prefix).await;
    (app, manager)
}

async fn partner(app: &TestApp, prefix: &str) -> Actor {
    app.member_of(&app.party(Kind::TelecomCompany).prefix(prefix).await).await
}

fn input(app: &TestApp, manager: &Actor, sdl: &str, version: i64) -> Value {
    json!({ "partyId": manager.party().id.to_string(), "url": manager.deploys(sdl), "sdl": sdl,
        "expectedVersion": version, "idempotencyKey": app.key() })
}

async fn publish(manager: &Actor, input: Value) -> Reply {
    let selection = format!(
        "subgraph {{ id version live {{ number }} waiting {{ number approvalsNeeded {{ kind value }} }} }} \
         {CHECK} replayed"
    );
    manager.act(&mutation("publishSubgraph", &selection), input).await
}

async fn approve(app: &TestApp, published: &Reply) -> Reply {
    let subgraph = published.at("/publishSubgraph/subgraph");
    let input = json!({ "id": subgraph["id"], "decision": "APPROVE",
        "expectedVersion": subgraph["version"] });
    let selection =
        format!("subgraph {{ id version live {{ number }} waiting {{ number }} }} {CHECK}");
    app.coordinator().await.act(&mutation("approveSubgraph", &selection), input).await
}

/// Publishes a first version and has it approved; answers the subgraph's version.
async fn live(app: &TestApp, manager: &Actor, sdl: &str) -> i64 {
    let published = publish(manager, input(app, manager, sdl, 0)).await;
    published.expect_ok();
    let approved = approve(app, &published).await;
    approved.expect_ok();
    approved.at("/approveSubgraph/subgraph/version").as_i64().unwrap()
}

/// The graph that is served.
async fn served(app: &TestApp) -> supergraph::Model {
    let heads = app.all(supergraph_head::Entity).await;
    let number = heads[0].number.unwrap();
    let graphs = app.all(supergraph::Entity).await;
    graphs.into_iter().find(|graph| graph.number == number).unwrap()
}

/// Number and state of each version, in order.
async fn states(app: &TestApp) -> Vec<(i32, subgraph_version::State)> {
    let mut rows = app.all(subgraph_version::Entity).await;
    rows.sort_by_key(|row| (row.subgraph_id, row.number));
    rows.into_iter().map(|row| (row.number, row.state)).collect()
}

/// The codes of the problems that a mutation's check found.
fn codes(reply: &Reply, mutation: &str) -> Vec<String> {
    let problems = reply.at(&format!("/{mutation}/check/problems")).as_array().unwrap();
    problems.iter().map(|problem| problem["code"].as_str().unwrap().to_owned()).collect()
}
