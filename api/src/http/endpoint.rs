//! `POST /graphql`: one JSON request, one JSON answer.

use std::sync::Arc;

use async_graphql::{Response as GraphqlResponse, ServerError, Value as ConstValue};
use axum::{
    body::Bytes,
    extract::{Extension, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use uuid::Uuid;

use super::auth::{self, ClientAddress};
use crate::{app::App, error::Error, graphql, refusal::Language};

pub async fn graphql(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    address: Option<Extension<ClientAddress>>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let trace_id = trace_id(&app, &headers);
    let body = match body {
        Ok(body) => body,
        Err(cause) => {
            return fault(cause.status(), "BAD_USER_INPUT", &cause.body_text(), &trace_id);
        }
    };
    if !is_json(&headers) {
        let text = "send one request as application/json";
        return fault(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_USER_INPUT", text, &trace_id);
    }
    let Some(request) = one_request(&body) else {
        let text =
            "the body is not one GraphQL request without NUL: { query, variables, operationName }";
        return fault(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", text, &trace_id);
    };
    let address = address.map(|Extension(address)| address);
    let viewer = match auth::viewer(&app, &headers, address).await {
        Ok(viewer) => viewer,
        Err(error) => return refused(&error, &trace_id),
    };
    let answer = graphql::execute(&app, viewer, language(&headers), &trace_id, request).await;
    json_response(StatusCode::OK, &answer)
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| {
        let essence = value.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/json")
    })
}

/// The one request of a body: an object with a query, no batch.
fn one_request(body: &[u8]) -> Option<async_graphql::Request> {
    let request: async_graphql::Request = serde_json::from_slice(body).ok()?;
    let is_object = body.trim_ascii_start().starts_with(b"{");
    (is_object && !request.query.trim().is_empty() && !holds_nul(&request)).then_some(request)
}

/// Whether a text of the request holds NUL, which no database keeps.
fn holds_nul(request: &async_graphql::Request) -> bool {
    fn in_value(value: &ConstValue) -> bool {
        match value {
            ConstValue::String(text) => text.contains('\0'),
            ConstValue::List(items) => items.iter().any(in_value),
            ConstValue::Object(fields) => fields.values().any(in_value),
            _ => false,
        }
    }
    let query = &request.query;
    query.contains('\0') || query.contains("\\u0000") || request.variables.values().any(in_value)
}

/// The first language of `Accept-Language` that the product speaks.
fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    accepted
        .unwrap_or_default()
        .split(',')
        .map(|range| range.trim().to_ascii_lowercase())
        .find_map(|range| match range.get(..2) {
            Some("vi") => Some(Language::Vi),
            Some("en") => Some(Language::En),
            _ => None,
        })
        .unwrap_or_default()
}

/// The caller's W3C trace id, or a new one.
fn trace_id(app: &App, headers: &HeaderMap) -> String {
    let parent = headers.get("traceparent").and_then(|value| value.to_str().ok());
    let lower_hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let given = parent.and_then(|parent| match parent.split('-').collect::<Vec<_>>()[..] {
        [version, id, span, _, ..] if version.len() == 2 && version != "ff" && span.len() == 16 => {
            let is_id = id.len() == 32 && lower_hex(id) && id.bytes().any(|b| b != b'0');
            is_id.then(|| id.to_owned())
        }
        _ => None,
    });
    given.unwrap_or_else(|| Uuid::simple(app.clock.uuid()).to_string())
}

fn refused(error: &Error, trace_id: &str) -> Response {
    let status = match error {
        Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        Error::BadInput(_) => StatusCode::BAD_REQUEST,
        Error::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Refused(_) | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    if let Error::Internal(cause) = error {
        tracing::error!(trace_id, %cause, "internal error before execution");
    }
    let mut response = fault(status, error.code(), &error.to_string(), trace_id);
    if let Error::RateLimited { retry_after } = error {
        response.headers_mut().insert(header::RETRY_AFTER, retry_after.as_secs().into());
    }
    response
}

fn fault(status: StatusCode, code: &str, message: &str, trace_id: &str) -> Response {
    let mut error = ServerError::new(message, None);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code);
    extensions.set("traceId", trace_id);
    let body = json!({ "errors": GraphqlResponse::from_errors(vec![error]).errors });
    json_response(status, &body)
}

fn json_response(status: StatusCode, body: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => (
            status,
            [
                (header::CONTENT_TYPE, "application/json; charset=utf-8"),
                (header::CACHE_CONTROL, "private, no-store"),
            ],
            body,
        )
            .into_response(),
        Err(cause) => {
            tracing::error!(%cause, "an answer cannot be written as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
