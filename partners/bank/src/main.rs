//! A bank's part of the province's graph, made up ("ví dụ") for others to start from.
//!
//! Read `schema.graphql` first: it is what is published. `graph` answers it from `data.json`, where a
//! bank would ask its own systems; `statement` lets nobody in but the province's router and
//! registry; this file puts the two behind HTTP.

mod data;
mod graph;
mod statement;
#[cfg(test)]
mod tests;

use std::{env, error::Error, net::SocketAddr, sync::Arc, time::Duration};

use async_graphql::{EmptyMutation, EmptySubscription, Response, ServerError};
use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    middleware,
    routing::{get, post},
};
use hyper_util::rt::TokioTimer;
use tokio::signal::unix::{SignalKind, signal};
use tower_http::timeout::TimeoutLayer;

use crate::{
    data::Data,
    graph::Query,
    statement::{Statement, Verifier},
};

/// The prefix that the province granted: statements name it as their audience.
const PREFIX: &str = "vidubank";
/// Bytes of a request; 1,000 representations take about 150,000.
const MAX_BODY: usize = 1024 * 1024;
/// Introspection, as tools ask for it, is 13 deep; the graph itself less.
const MAX_DEPTH: usize = 16;
const MAX_FIELDS: usize = 500;
/// Fragments that spread fragments multiply, and validation walks through all of them. However they
/// are arranged, so few cannot make more than some thousands; routers send one or two.
const MAX_SPREADS: usize = 24;
const MAX_DURATION: Duration = Duration::from_secs(10);
/// Longer than a router keeps a connection that it does not use, so that none is closed just as a
/// request comes.
const MAX_IDLE: Duration = Duration::from_secs(75);

type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listen: SocketAddr = setting("LISTEN", "127.0.0.1:4202").parse()?;
    let registry = setting("CAMKET_REGISTRY", "http://127.0.0.1:4000/registry");
    let issuer = setting("CAMKET_ISSUER", "http://127.0.0.1:4000");
    let service = app(Data::load()?, Verifier::new(&registry, &issuer, PREFIX));

    let handle = axum_server::Handle::new();
    let mut server = axum_server::bind(listen).handle(handle.clone());
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(MAX_IDLE);
    let mut stop = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        handle.listening().await;
        println!("{PREFIX} listens at http://{listen}/graphql");
        stop.recv().await;
        handle.graceful_shutdown(Some(MAX_DURATION));
    });
    Ok(server.serve(service.into_make_service()).await?)
}

fn setting(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// Everything but `/livez` asks for a statement, before it reads a body.
fn app(data: Data, verifier: Verifier) -> Router {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
        .data(data)
        .limit_depth(MAX_DEPTH)
        .limit_complexity(MAX_FIELDS)
        .finish();
    Router::new()
        .route("/graphql", post(answer))
        .with_state(schema)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(Arc::new(verifier), statement::required))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, MAX_DURATION))
        .route("/livez", get(|| async { "ok" }))
}

async fn answer(
    State(schema): State<Schema>,
    Extension(statement): Extension<Statement>,
    Json(request): Json<async_graphql::Request>,
) -> Json<Response> {
    if request.query.matches("...").count() > MAX_SPREADS {
        let refusal = ServerError::new(format!("more than {MAX_SPREADS} fragments"), None);
        return Json(Response::from_errors(vec![refusal]));
    }
    Json(schema.execute(request.data(statement)).await)
}
