//! `/graphql`: one request, one answer. `POST` executes queries and mutations, `GET` queries.

use std::{convert::Infallible, sync::Arc};

use async_graphql::parser::types::OperationType;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, request::Parts},
    response::Response,
};

use super::{
    answer::{self, Media, Stop},
    graph::Graph,
    read, trace,
};
use crate::{config::Http, error::Error, telemetry};

/// A graph and how it is served.
pub struct Door<G> {
    pub graph: Arc<G>,
    pub settings: Arc<Http>,
}

impl<G> Clone for Door<G> {
    fn clone(&self) -> Self {
        Self { graph: self.graph.clone(), settings: self.settings.clone() }
    }
}

pub async fn graphql<G: Graph>(
    State(door): State<Door<G>>,
    request: Request,
) -> Result<Response, Infallible> {
    let trace_id = trace::id(door.graph.clock(), &request);
    let Some(media) = Media::accepted(request.headers()) else {
        let what = "accept application/json or application/graphql-response+json".to_owned();
        let stop = Stop::Fault(StatusCode::NOT_ACCEPTABLE, Error::BadInput(what));
        return Ok(stop.respond(Media::Json, &trace_id));
    };
    let (parts, body) = request.into_parts();
    let limits = door.graph.guard().limits();
    Ok(match read::request(&parts, body, &door.settings, limits).await {
        Ok(sent) => answer(&door, &parts, sent, media, &trace_id).await,
        Err(stop) => stop.respond(media, &trace_id),
    })
}

/// Answers one operation once.
pub async fn answer<G: Graph>(
    door: &Door<G>,
    parts: &Parts,
    sent: async_graphql::Request,
    media: Media,
    trace_id: &str,
) -> Response {
    // Dropped with the request where the client goes away, and here where it takes too long. On
    // the heap, for an execution is large and is handed on by value.
    let executed = Box::pin(executed(door, parts, sent));
    match tokio::time::timeout(door.settings.request_seconds, executed).await {
        Ok(Ok(response)) => answer::executed(media, response, trace_id),
        Ok(Err(stop)) => stop.respond(media, trace_id),
        Err(_) => Stop::from(Error::TimedOut("the operation")).respond(media, trace_id),
    }
}

async fn executed<G: Graph>(
    door: &Door<G>,
    parts: &Parts,
    sent: async_graphql::Request,
) -> Result<async_graphql::Response, Stop> {
    let caller = door.graph.caller(parts).await?;
    let admitted = door.graph.admit(&caller, sent).await.map_err(Stop::Refused)?;
    suits(&parts.method, admitted.kind)?;
    if admitted.kind == OperationType::Subscription {
        let what = "a subscription is answered over WebSocket, or where text/event-stream is \
                    accepted"
            .to_owned();
        return Err(Error::BadInput(what).into());
    }
    telemetry::operation(admitted.name.as_deref(), admitted.kind);
    Ok(Box::pin(door.graph.run(caller, admitted)).await?)
}

/// A mutation is sent by `POST`.
pub fn suits(method: &Method, kind: OperationType) -> Result<(), Stop> {
    if kind == OperationType::Mutation && method != Method::POST {
        let what = "a mutation is sent by POST".to_owned();
        return Err(Stop::Method(Error::BadInput(what)));
    }
    Ok(())
}
