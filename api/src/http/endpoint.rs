//! `/graphql`: one request, one answer. `POST` executes queries and mutations, `GET` queries.

use std::{convert::Infallible, sync::Arc};

use async_graphql::parser::types::OperationType;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    response::Response,
};

use super::{
    answer::{self, Media, Stop},
    graph::Graph,
    read, trace,
};
use crate::{
    config::Http,
    error::Error,
    graphql::guard::{self, Admitted},
    telemetry,
};

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
    let answered = Box::pin(answered(&door, request, media, &trace_id)).await;
    Ok(answered.unwrap_or_else(|stop| stop.respond(media, &trace_id)))
}

async fn answered<G: Graph>(
    door: &Door<G>,
    request: Request,
    media: Media,
    trace_id: &str,
) -> Result<Response, Stop> {
    let guard = door.graph.guard();
    let (parts, body) = request.into_parts();
    let request = read::request(&parts, body, &door.settings, guard.limits()).await?;
    let Admitted { request, name, kind, cost } = guard.admit(request).map_err(Stop::Refused)?;
    match kind {
        OperationType::Mutation if parts.method != Method::POST => {
            let what = "a mutation is sent by POST".to_owned();
            return Err(Stop::Method(Error::BadInput(what)));
        }
        OperationType::Subscription => {
            let what = "a subscription is not answered here".to_owned();
            return Err(Error::BadInput(what).into());
        }
        OperationType::Query | OperationType::Mutation => {}
    }
    telemetry::operation(name.as_deref(), kind);
    // Dropped with the request where the client goes away, and here where it takes too long. On
    // the heap, for an execution is large and is handed on by value.
    let executed = tokio::time::timeout(
        door.settings.request_seconds,
        Box::pin(async {
            let caller = door.graph.caller(&parts).await?;
            Ok::<_, Error>(Box::pin(door.graph.run(caller, request)).await)
        }),
    );
    let executed = executed.await.map_err(|_| Error::TimedOut("the operation"))?;
    let mut response = executed?;
    guard::tell_cost(&mut response, cost);
    Ok(answer::executed(media, response, trace_id))
}
