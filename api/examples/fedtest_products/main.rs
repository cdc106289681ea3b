//! The `products` subgraph of Apollo's tests for subgraphs, behind our door and our layer for
//! Federation: what `api` says to routers is what such a router expects of any subgraph.
//! `node tests/fedtest/run.mjs target/debug/examples/fedtest_products` runs the tests.

use std::{
    future::{pending, ready},
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use api::{
    clock::{Clock, SystemClock},
    config::{Http, Log},
    error::{Error, Result},
    graphql::guard::{Admitted, Guard, Limits},
    http::{Door, Graph, Hosts, graph_router, server},
    serve,
    telemetry::Telemetry,
};
use async_graphql::Response;
use axum::http::request::Parts;

mod data;
mod schema;

/// A graph that everybody may ask everything.
struct Products {
    guard: Guard<schema::Schema>,
    telemetry: Arc<Telemetry>,
}

impl Graph for Products {
    type Schema = schema::Schema;
    type Caller = ();

    fn guard(&self) -> &Guard<schema::Schema> {
        &self.guard
    }

    fn clock(&self) -> &dyn Clock {
        &SystemClock
    }

    fn telemetry(&self) -> &Arc<Telemetry> {
        &self.telemetry
    }

    fn caller(self: &Arc<Self>, _: &Parts) -> impl Future<Output = Result<()>> + Send {
        ready(Ok(()))
    }

    async fn run(self: &Arc<Self>, (): (), admitted: Admitted) -> Result<Response> {
        Ok(self.guard.schema().execute(admitted.request).await)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    Log::for_people("info").start();
    let listener = serve::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let address = listener.local_addr().map_err(Error::internal)?;
    let guard = Guard::new(schema::guarded(), Limits::default());
    let graph = Arc::new(Products { guard, telemetry: Arc::default() });
    let settings = Arc::new(Http::default());
    let door = Door { graph, settings: settings.clone() };
    let router = graph_router(door, Hosts::loopback(address.port()));
    tracing::info!(%address, "listening");
    server::serve(listener, router, &settings, pending()).await;
    Ok(())
}
