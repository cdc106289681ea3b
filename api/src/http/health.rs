//! For those who run the server: whether it is ready, and its figures.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{ConnectInfo, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use entity::event_head;
use sea_orm::EntityTrait;
use serde_json::{Map, Value};

use super::ClientAddress;
use crate::{
    app::App,
    telemetry::metrics::{OPEN_METRICS, Scrape},
};

/// How long a part may take to say that it is there.
const PING: Duration = Duration::from_secs(2);

/// Says of each part whether it answers: `ok` or `away`.
pub async fn ready(State(app): State<Arc<App>>) -> (StatusCode, Json<Value>) {
    let (database, redis) = tokio::join!(database(&app), app.budgets.redis_answers());
    // Without Redis the server goes on by itself.
    let status = if database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    // Nor does it stop serving where the composed graph lacks its own part: routers have the last one.
    let graph = app.composer.is_behind().then_some(false);
    let parts = [("database", Some(database)), ("graph", graph), ("redis", redis)];
    let parts = parts.into_iter().filter_map(|(part, answers)| Some((part, answers?)));
    let told = |(part, answers): (&str, bool)| {
        (part.to_owned(), Value::from(if answers { "ok" } else { "away" }))
    };
    (status, Json(parts.map(told).collect::<Map<_, _>>().into()))
}

async fn database(app: &App) -> bool {
    match tokio::time::timeout(PING, app.db.reader().ping()).await {
        Ok(Ok(())) => return true,
        Ok(Err(cause)) => tracing::error!(%cause, "the database does not answer"),
        Err(_) => tracing::error!("the database does not answer in time"),
    }
    false
}

/// The server's figures, for those who may read them.
pub async fn metrics(State(app): State<Arc<App>>, request: Request) -> Response {
    if !may_scrape(&app, &request) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let head = event_head::Entity::find_by_id(1).one(app.db.reader());
    let head = tokio::time::timeout(PING, head).await.ok().and_then(Result::ok).flatten();
    let scrape = Scrape {
        metrics: &app.telemetry.metrics,
        statements: app.db.statements(),
        pools: app.db.pools(),
        sign_in: app.sign_in.attempts.counts(),
        budget_fallbacks: app.budgets.fallbacks(),
        log_position: head.map(|head| head.position),
    };
    match scrape.text() {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(cause) => {
            tracing::error!(%cause, "the metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// By the address it comes from. Whom a proxy passes on that nobody named is never believed to be
/// that proxy.
fn may_scrape(app: &App, request: &Request) -> bool {
    let extensions = request.extensions();
    let Some(ClientAddress(client)) = extensions.get() else { return false };
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    let is_peer = peer.is_none_or(|ConnectInfo(peer)| peer.ip().to_canonical() == *client);
    let is_passed_on = is_peer && request.headers().contains_key("x-forwarded-for");
    !is_passed_on && app.telemetry.may_scrape(*client)
}
