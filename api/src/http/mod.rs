//! HTTP: the router, the GraphQL endpoint, who is asking, and health.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    middleware,
    routing::{get, post},
};
use serde_json::json;

use crate::app::App;

pub mod auth;
mod endpoint;
mod host;

pub use host::Hosts;

/// The largest request body in bytes.
const MAX_BODY: usize = 1 << 20;

/// The server's routes. `hosts` says under which names it answers.
pub fn router(app: Arc<App>, hosts: Hosts) -> Router {
    Router::new()
        .route("/graphql", post(endpoint::graphql))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .route_layer(middleware::from_fn_with_state(Arc::new(hosts), host::check))
        // Probes call by address; what they learn is no secret.
        .route("/livez", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .with_state(app)
}

/// Says whether the database answers.
async fn ready(State(app): State<Arc<App>>) -> (StatusCode, Json<serde_json::Value>) {
    match app.db.reader().ping().await {
        Ok(()) => (StatusCode::OK, Json(json!({ "database": "ok" }))),
        Err(cause) => {
            tracing::error!(%cause, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "database": "away" })))
        }
    }
}
