//! Which transport a request to `/graphql` asks for: a socket, a stream of events, or one answer.

use std::{convert::Infallible, sync::Arc};

use async_graphql::parser::types::OperationType;
use axum::{
    extract::{FromRequestParts, Request, State, ws::WebSocketUpgrade},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use super::{
    Door, Graph,
    answer::{Media, Stop},
    asking::{Asking, refused},
    endpoint, read, sse, trace, ws,
};
use crate::{app::App, graphql::errors};

pub async fn graphql(
    State(door): State<Door<App>>,
    request: Request,
) -> Result<Response, Infallible> {
    let headers = request.headers();
    if wants_socket(headers) {
        return Ok(upgraded(door, request).await);
    }
    if !sse::is_accepted(headers) {
        return Box::pin(endpoint::graphql(State(door), request)).await;
    }
    let trace_id = trace::id(door.graph.clock(), &request);
    let media = Media::accepted(headers);
    let (parts, body) = request.into_parts();
    let guard = door.graph.guard();
    let read = read::request(&parts, body, &door.settings, guard.limits()).await;
    let sent = match read {
        Ok(sent) => sent,
        // Who takes nothing but a stream is told in one.
        Err(Stop::Fault(_, error)) if media.is_none() => {
            return Ok(sse::told(refused(vec![errors::fault(error)], &trace_id)));
        }
        Err(stop) => return Ok(stop.respond(media.unwrap_or(Media::Json), &trace_id)),
    };
    let kind = door.graph.kind(&parts, &sent).await;
    // Who accepts both wants a stream where there is more than one answer.
    if let Some(media) = media
        && kind != Some(OperationType::Subscription)
    {
        return Ok(Box::pin(endpoint::answer(&door, &parts, sent, media, &trace_id)).await);
    }
    if let Some(Err(stop)) = kind.map(|kind| endpoint::suits(&parts.method, kind)) {
        return Ok(stop.respond(Media::Json, &trace_id));
    }
    Ok(sse::stream(Asking { door, parts: Arc::new(parts), transport: "sse" }, sent))
}

/// Whether a client wants to leave HTTP for a WebSocket. Some offer HTTP/2 in the same header, which
/// is to be passed over.
fn wants_socket(headers: &HeaderMap) -> bool {
    let offered = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    let mut offered = offered.flat_map(|offered| offered.split(','));
    offered.any(|protocol| protocol.trim().eq_ignore_ascii_case("websocket"))
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
