//! Seeing what a party sees: begun with a reason by the coordinator's managers, ended by whoever
//! began it, or by time.

use async_graphql::resolver_utils::enum_value;
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, request::Parts},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{Door, Graph, graph::language, operations::problem::Problem, trace},
    graph::told,
    session::{asked, required},
};
use crate::{
    app::App,
    domain::session::view,
    error::Error,
    refusal::{Language, Refusal},
};

/// Whom to see as, and why.
#[derive(Deserialize)]
struct Begun {
    party: String,
    reason: String,
}

/// Sees what a party sees from now on.
pub async fn begin(State(door): State<Door<App>>, request: Request) -> Response {
    let trace_id = trace::id(door.graph.clock(), &request);
    let (parts, body) = request.into_parts();
    let done = begun(&door, &parts, body).await;
    done.map_or_else(|problem| problem.respond(&trace_id), |()| told(&json!({})))
}

async fn begun(door: &Door<App>, parts: &Parts, body: Body) -> Result<(), Problem> {
    let current = required(&door.graph, &parts.headers).await?;
    let Begun { party, reason } = asked(door, parts, body).await?;
    let begun = view::begin(&door.graph, &current, party.into(), &reason).await;
    begun.map_err(|error| match error {
        Error::Refused(refusal) => refused(&refusal, language(&parts.headers)),
        fault => fault.into(),
    })
}

fn refused(refusal: &Refusal, language: Language) -> Problem {
    let code = enum_value(refusal.code).into_json().unwrap_or_default();
    let told = json!({ "code": code, "message": refusal.message(language), "path": refusal.path });
    Problem::refused(json!(null), vec![told])
}

/// Sees what is one's own again.
pub async fn end(State(door): State<Door<App>>, request: Request) -> Response {
    let trace_id = trace::id(door.graph.clock(), &request);
    match ended(&door, request.headers()).await {
        Ok(()) => told(&json!({})),
        Err(problem) => problem.respond(&trace_id),
    }
}

async fn ended(door: &Door<App>, headers: &HeaderMap) -> Result<(), Problem> {
    let current = required(&door.graph, headers).await?;
    Ok(view::end(&door.graph, &current).await?)
}
