//! `/registry`: what routers, partners and whoever writes a client get from us. The composed graph is
//! for routers alone; its public face and the keys of statements are for everybody; a router
//! exchanges who a client is for what partners may know of that. Any replica answers: which graph is
//! served is read at each request.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    ClientAddress, Door, Graph,
    answer::{Media, Stop},
    graph::Caller,
    read, routers, trace,
};
use crate::{
    app::App,
    authz::Viewer,
    domain::{
        statement::{keys::Keys, read::statements, rules::LIFETIME},
        supergraph::read::{Served, Text, served},
    },
    error::Error,
};

/// The header in which a router that polls shows its key: the one of the protocol it speaks.
const POLLING: &str = "x-hive-cdn-key";

/// Says which graph is served.
const NUMBER: HeaderName = HeaderName::from_static("camket-supergraph");

/// What it costs to be sent the public schema, in points.
const SCHEMA: u64 = 1_000;

pub fn routes() -> Router<Door<App>> {
    Router::new()
        .route("/registry/supergraph", get(supergraph))
        .route("/registry/schema.graphql", get(schema))
        .route("/registry/jwks.json", get(jwks))
        .route("/registry/statements", post(exchange))
}

/// The composed graph, for routers.
async fn supergraph(State(door): State<Door<App>>, request: Request) -> Response {
    let trace_id = trace::id(door.graph.clock(), &request);
    let (parts, _) = request.into_parts();
    if let Some(refused) = no_router(&door, &parts, POLLING, &trace_id).await {
        return refused;
    }
    let versioned = async {
        let served = graph(&door.graph).await?;
        let known = is_known(&parts.headers, &served.supergraph);
        Ok(told(&served, &served.supergraph, known, "private, no-cache"))
    };
    versioned.await.unwrap_or_else(|stop: Stop| stop.respond(Media::Json, &trace_id))
}

/// What clients see of the composed graph, for everybody.
async fn schema(State(door): State<Door<App>>, request: Request) -> Response {
    let trace_id = trace::id(door.graph.clock(), &request);
    let (parts, _) = request.into_parts();
    let versioned = async {
        let app = &door.graph;
        let served = graph(app).await?;
        let known = is_known(&parts.headers, &served.api_schema);
        if !known {
            let public = Viewer::public(app.clock.today());
            let _all_of_it = app.spend(&public, address(&parts), SCHEMA).await?;
        }
        Ok(told(&served, &served.api_schema, known, "public, no-cache"))
    };
    versioned.await.unwrap_or_else(|stop: Stop| stop.respond(Media::Json, &trace_id))
}

/// The keys that statements are verified with, for everybody.
async fn jwks(State(door): State<Door<App>>, request: Request) -> Response {
    match Keys::of(&door.graph).await {
        Ok(keys) => {
            let for_a_minute = [(header::CACHE_CONTROL, "public, max-age=60")];
            (for_a_minute, Json(&keys.jwks)).into_response()
        }
        Err(error) => {
            let trace_id = trace::id(door.graph.clock(), &request);
            Stop::from(error).respond(Media::Json, &trace_id)
        }
    }
}

/// What partners may know of a client, for the router that the client asks.
async fn exchange(State(door): State<Door<App>>, request: Request) -> Response {
    let trace_id = trace::id(door.graph.clock(), &request);
    let (parts, body) = request.into_parts();
    if let Some(refused) = no_router(&door, &parts, routers::HEADER, &trace_id).await {
        return refused;
    }
    match exchanged(&door, &parts, body).await {
        Ok(statements) => ([(header::CACHE_CONTROL, "no-store")], Json(statements)).into_response(),
        Err(stop) => stop.respond(Media::Json, &trace_id),
    }
}

#[derive(Deserialize)]
struct Exchange {
    audiences: Vec<String>,
}

async fn exchanged(door: &Door<App>, parts: &Parts, body: Body) -> Result<Value, Stop> {
    let (app, settings) = (&door.graph, &door.settings);
    read::is_json(&parts.headers)?;
    let (most, patience) = (settings.body_bytes, settings.body_seconds);
    let body = read::all_of(&parts.headers, body, most, patience).await?;
    read::few_values(&body, app.guard.limits())?;
    let sent: Exchange = serde_json::from_slice(&body)
        .map_err(|_| Error::BadInput("send { \"audiences\": [\"…\"] }".to_owned()))?;
    // Whoever is refused on the graph is refused here, in the same words.
    let Caller { viewer, .. } = app.caller(parts).await?;
    let statements = statements(app, &viewer, &sent.audiences).await?;
    Ok(json!({ "statements": statements, "expiresIn": LIFETIME }))
}

/// The refusal of whoever shows no router key that is good. It asks for one, so that a router tells
/// its own refusal from a client's.
async fn no_router(
    door: &Door<App>,
    parts: &Parts,
    header: &str,
    trace_id: &str,
) -> Option<Response> {
    let error = match parts.headers.get(header) {
        Some(key) => {
            let key = key.to_str().unwrap_or_default();
            routers::check(&door.graph, key, address(parts)).await.err()?
        }
        None => Error::Unauthenticated("this is for routers, which show their keys"),
    };
    let mut refused = Stop::from(error).respond(Media::Json, trace_id);
    if refused.status() == StatusCode::UNAUTHORIZED {
        let wanted = HeaderValue::from_static("Camket-Router");
        refused.headers_mut().insert(header::WWW_AUTHENTICATE, wanted);
    }
    Some(refused)
}

async fn graph(app: &App) -> Result<Arc<Served>, Stop> {
    let none = Error::Unavailable("the composed graph, of which there is none yet,");
    Ok(served(app).await?.ok_or(none)?)
}

/// A text of the served graph, unless whoever asks knows it.
fn told(served: &Served, text: &Text, is_known: bool, caching: &'static str) -> Response {
    let headers = [
        (header::ETAG, tag(text)),
        (header::CACHE_CONTROL, caching.to_owned()),
        (NUMBER, served.number.to_string()),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    // As plain text a browser shows it.
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (headers, plain, text.body.clone()).into_response()
}

/// Weak, since it is the same whether the text is compressed on its way or not.
fn tag(text: &Text) -> String {
    format!("W/\"{}\"", text.hash)
}

/// Whether `If-None-Match` names a text (RFC 9110, section 13.1.2).
fn is_known(headers: &HeaderMap, text: &Text) -> bool {
    let named = |tag: &str| {
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"') == text.hash
    };
    let values = headers.get_all(header::IF_NONE_MATCH).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| named(tag.trim()))
}

fn address(parts: &Parts) -> Option<ClientAddress> {
    parts.extensions.get().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_by_its_tag_weak_or_not() {
        let text = Text { hash: "abc".to_owned(), body: Default::default() };
        for (sent, known) in [
            ("\"abc\"", true),
            ("W/\"abc\"", true),
            ("\"x\", W/\"abc\"", true),
            ("*", true),
            ("", false),
            ("\"abcd\"", false),
            ("W/\"x\"", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(sent));
            assert_eq!(is_known(&headers, &text), known, "{sent}");
        }
        assert!(!is_known(&HeaderMap::new(), &text));
    }
}
