//! What routers and partners see of the registry: keys of routers, the graph that is served,
//! statements, and how an endpoint of a partner is looked at.

use api::{
    domain::{router_key, statement},
    tx::sha256,
};
use axum::{
    body::Body,
    http::{Request, header, request::Builder},
};
use entity::{party, subgraph, supergraph_head};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

mod forwarded;
mod keys;
mod probe;
mod serving;
mod statements;

const WHO: &str = "{ viewer { party { code } } }";

/// A server with a router's key and a key for statements.
async fn house() -> (TestApp, String) {
    let app = TestApp::start().await;
    let key = router_key::write::issue(&app.api, "one").await.unwrap();
    statement::write::ensure(&app.api).await.unwrap();
    (app, key)
}

/// Polls for the composed graph with a key.
async fn poll(app: &TestApp, key: &str, headers: &[(&str, &str)]) -> Reply {
    let request = Request::get("/registry/supergraph").header("x-hive-cdn-key", key);
    app.public().send(with(request, headers), Body::empty()).await
}

/// Asks as a router for statements about somebody.
async fn exchange(actor: &Actor, key: &str, audiences: Value) -> Reply {
    let request = Request::post("/registry/statements")
        .header(header::CONTENT_TYPE, "application/json")
        .header("camket-router", key);
    actor.send(request, Body::from(json!({ "audiences": audiences }).to_string())).await
}

fn with(request: Builder, headers: &[(&str, &str)]) -> Builder {
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
}

/// Makes a text the graph that is served.
async fn serve(app: &TestApp, number: i32, text: &str) {
    app.supergraph(number)
        .with(|row| {
            row.supergraph = text.to_owned();
            row.api_schema = format!("type Query {{ number: Int }} # {number}");
            row.hash = sha256(text);
        })
        .await;
    let head =
        supergraph_head::ActiveModel { id: Set(1), number: Set(Some(number)), revision: Set(0) };
    head.update(app.db().writer()).await.unwrap();
}

/// A live subgraph of a party.
async fn subgraph(app: &TestApp, party: &party::Model, prefix: &str) -> subgraph::Model {
    let subgraph = app.subgraph(party).with(|row| row.name = prefix.to_owned()).await;
    app.subgraph_version(&subgraph, "").await;
    subgraph
}
