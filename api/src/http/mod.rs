//! HTTP: connections and their time-outs, the router, the GraphQL endpoint, who is asking, what
//! routers of the federated graph fetch, health.
//!
//! The door is the same for every graph ([`Graph`]). HSTS and TLS are the business of what stands
//! in front.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, header},
    middleware,
    response::Response,
    routing::get,
};
use tower::util::option_layer;
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    cors::CorsLayer,
};

use crate::{app::App, config::Http, telemetry};

mod answer;
mod asking;
pub mod auth;
mod client;
mod console;
mod csrf;
mod endpoint;
mod graph;
mod health;
mod host;
mod operations;
pub mod outgoing;
mod patient;
mod read;
mod registry;
mod routers;
pub mod server;
mod sse;
mod trace;
mod transport;
mod ws;

pub use client::{ClientAddress, Network};
pub use endpoint::Door;
pub use graph::{Caller, Graph};
pub use host::Hosts;

/// How long a browser may remember what another origin may send.
const REMEMBERED: Duration = Duration::from_secs(3600);

/// Smaller answers are sent as they are.
const WORTH_COMPRESSING: u64 = 1024;

/// The server's routes. `hosts` says under which names it answers.
pub fn router(app: Arc<App>, hosts: Hosts, settings: &Http) -> Router {
    let door = Door { graph: app.clone(), settings: Arc::new(settings.clone()) };
    let proxies = Arc::new(settings.trusted_proxies());
    let probes = Router::new()
        .route("/livez", get(|| async { "ok" }))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .with_state(app)
        .route_layer(middleware::from_fn_with_state(proxies, client::note));
    // Probes call by address; what all of them learn is no secret.
    let graphql = get(transport::graphql).post(transport::graphql);
    let routes = Router::new()
        .route("/graphql", graphql)
        .merge(operations::routes())
        .merge(registry::routes());
    let through_routers = (door.graph.clone(), Arc::new(settings.trusted_proxies()));
    let routes = routes.route_layer(middleware::from_fn_with_state(through_routers, routers::note));
    // No other origin has any business with the console.
    let console = within(door.clone(), hosts.clone(), None, console::routes(&door));
    behind(door, hosts, routes)
        .merge(console)
        .merge(probes)
        .layer(middleware::map_response(guarded))
}

/// The endpoint of a graph that has no subscriptions, with all that stands before it.
pub fn graph_router<G: Graph>(door: Door<G>, hosts: Hosts) -> Router {
    let graphql = get(endpoint::graphql::<G>).post(endpoint::graphql::<G>);
    behind(door, hosts, Router::new().route("/graphql", graphql))
}

/// What stands before routes that other origins may ask, where they are named.
fn behind<G: Graph>(door: Door<G>, hosts: Hosts, routes: Router<Door<G>>) -> Router {
    let (hosts, cors) = (hosts.with_origins(&door.settings.origins), cors(&door.settings.origins));
    within(door, hosts, cors, routes)
}

/// What stands before all routes.
fn within<G: Graph>(
    door: Door<G>,
    hosts: Hosts,
    cors: Option<CorsLayer>,
    routes: Router<Door<G>>,
) -> Router {
    let hosts = Arc::new(hosts);
    let proxies = Arc::new(door.settings.trusted_proxies());
    let graph = door.graph.clone();
    routes
        .with_state(door)
        .route_layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                // A stream of events is not held back until there is enough to compress.
                .compress_when(SizeAbove::new(WORTH_COMPRESSING).and(NotForContentType::SSE)),
        )
        .route_layer(option_layer(cors))
        .route_layer(middleware::from_fn_with_state(proxies, client::note))
        .route_layer(middleware::from_fn_with_state(hosts, host::check))
        .route_layer(middleware::from_fn_with_state(graph, trace::watch::<G>))
}

/// What scripts of other origins may send and read. Without such origins nothing is said.
fn cors(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let origins: Vec<HeaderValue> =
        origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    let asked_for = csrf::ASKED_FOR.map(HeaderName::from_static).into_iter();
    let others = [
        header::ACCEPT,
        header::ACCEPT_LANGUAGE,
        header::CONTENT_TYPE,
        HeaderName::from_static(telemetry::PARENT),
    ];
    let cors = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(asked_for.chain(others).collect::<Vec<_>>())
        .expose_headers([header::RETRY_AFTER, HeaderName::from_static(trace::RESPONSE)])
        .max_age(REMEMBERED);
    Some(cors)
}

/// Tells browsers to take an answer for what it is and to show it in no frame.
async fn guarded(mut response: Response) -> Response {
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
