//! Watches each request to a graph: begins its span, tells it to whoever asked.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap},
    middleware::Next,
    response::Response,
};

use super::Graph;
use crate::{clock::Clock, telemetry::Span};

/// Tells the caller its request's span (W3C Trace Context, level 3): `traceparent` is of requests.
pub const RESPONSE: &str = "traceresponse";

pub async fn watch<G: Graph>(
    State(graph): State<Arc<G>>,
    mut request: Request,
    next: Next,
) -> Response {
    let span = Span::of(request.headers(), graph.clock());
    request.extensions_mut().insert(span);
    let watched = graph.telemetry().request(span, graph.clock().now());
    let mut response = watched.clone().within(next.run(request)).await;
    watched.answered(response.status());
    if let Some(told) = span.header() {
        response.headers_mut().insert(RESPONSE, told);
    }
    response
}

/// The trace that a request belongs to.
pub fn id(clock: &dyn Clock, request: &Request) -> String {
    span(clock, request.extensions(), request.headers()).trace_id()
}

/// Where a request stands in its trace.
pub fn span(clock: &dyn Clock, extensions: &Extensions, headers: &HeaderMap) -> Span {
    extensions.get().copied().unwrap_or_else(|| Span::of(headers, clock))
}
