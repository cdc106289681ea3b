//! The graph as the console asks it: the endpoint of `/graphql` with its guard, limits, sockets and
//! streams, for whoever the session belongs to; and what an operation would cost.

use std::convert::Infallible;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value as Json, json};

use super::{
    super::{Door, Graph, graph::Caller, operations::problem::Problem, read, trace, transport},
    cookie,
};
use crate::{
    app::App,
    domain::{operation::read as operations, session::read::SIGNED_OUT},
    error::{Error, Result},
};

/// What a request shows of its session, and what alone says who asks then; an extension of each
/// request to the console.
#[derive(Clone)]
pub struct BySession(pub String);

pub async fn graphql(
    State(door): State<Door<App>>,
    mut request: Request,
) -> Result<Response, Infallible> {
    let trace_id = trace::id(door.graph.clock(), &request);
    if !identify(&mut request) {
        return Ok(Problem::from(SIGNED_OUT).respond(&trace_id));
    }
    let response = transport::graphql(State(door), request).await?;
    if response.status() == StatusCode::UNAUTHORIZED {
        return Ok(Problem::from(SIGNED_OUT).respond(&trace_id));
    }
    Ok(response)
}

/// Notes by which session a request comes, if it shows any.
fn identify(request: &mut Request) -> bool {
    let Some(secret) = cookie::read(request.headers()).map(str::to_owned) else { return false };
    request.extensions_mut().insert(BySession(secret));
    true
}

/// What an operation may cost, and what there is to pay with; nothing runs and nothing is taken.
pub async fn cost(State(door): State<Door<App>>, mut request: Request) -> Response {
    let trace_id = trace::id(door.graph.clock(), &request);
    if !identify(&mut request) {
        return Problem::from(SIGNED_OUT).respond(&trace_id);
    }
    match estimate(&door, request).await {
        Ok(estimate) => told(&estimate),
        Err(problem) => problem.respond(&trace_id),
    }
}

async fn estimate(door: &Door<App>, request: Request) -> Result<Json, Problem> {
    let (parts, body) = request.into_parts();
    let app = &door.graph;
    let Caller { viewer, address, .. } = app.caller(&parts).await?;
    let mut sent = read::request(&parts, body, &door.settings, app.guard.limits()).await?;
    if let Some(operation) = operations::persisted(app, &viewer, &sent.query).await? {
        sent.query = operation.document;
    }
    let requested = match app.guard.admit(sent) {
        Ok(admitted) => admitted.cost,
        Err(errors) => match errors.first().and_then(|error| error.source::<Error>()) {
            Some(Error::OverLimit { limit: "cost", figure, .. }) => *figure,
            _ => return Err(Problem::failed(errors).at(StatusCode::BAD_REQUEST)),
        },
    };
    let balance = app.balance(&viewer, address).await;
    Ok(json!({
        "requested": requested,
        "maximum": app.guard.limits().cost,
        "available": balance.available,
        "restoreRate": balance.restore_rate,
    }))
}

/// An answer to the console, which nobody keeps.
pub fn told(body: &Json) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, body.to_string()).into_response()
}
