//! Which transport a request to `/graphql` asks for: a socket, a stream of events, or one answer.

use std::{convert::Infallible, sync::Arc};

use async_graphql::parser::types::OperationType;
use axum::{
    extract::{FromRequestParts, Request, State, ws::WebSocketUpgrade},
    http::header,
    response::{IntoResponse, Response},
};

use super::{Door, Graph, answer::Media, asking::Asking, endpoint, read, sse, trace, ws};
use crate::app::App;

pub async fn graphql(
    State(door): State<Door<App>>,
    request: Request,
) -> Result<Response, Infallible> {
    let headers = request.headers();
    if headers.contains_key(header::UPGRADE) {
        return Ok(upgraded(door, request).await);
    }
    if !sse::is_accepted(headers) {
        return endpoint::graphql(State(door), request).await;
    }
    let trace_id = trace::id(door.graph.clock(), &request);
    let media = Media::accepted(headers);
    let (parts, body) = request.into_parts();
    let guard = door.graph.guard();
    let read = read::request(&parts, body, &door.settings, guard.limits()).await;
    let sent = match read {
        Ok(sent) => sent,
        Err(stop) => return Ok(stop.respond(media.unwrap_or(Media::Json), &trace_id)),
    };
    // Who accepts both wants a stream where there is more than one answer.
    let one_answer = |kind| kind != Some(OperationType::Subscription);
    if let Some(media) = media
        && one_answer(guard.kind(&sent))
    {
        return Ok(endpoint::answer(&door, &parts, sent, media, &trace_id).await);
    }
    Ok(sse::stream(Asking { door, parts: Arc::new(parts), transport: "sse" }, sent))
}

async fn upgraded(door: Door<App>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(socket) => {
            let parts = Arc::new(parts);
            ws::upgrade(socket, Asking { door, parts, transport: "websocket" })
        }
        Err(rejection) => rejection.into_response(),
    }
}
