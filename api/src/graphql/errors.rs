//! Gives every error of a response its code and trace id, and keeps causes out of it.

use async_graphql::{ErrorExtensionValues, Response, ServerError};

use crate::error::Error;

/// The answer to a document that is not GraphQL: what was expected, not what was sent.
pub fn parse_failed(mut error: ServerError, trace_id: &str) -> Response {
    let expected = error.message.lines().last().unwrap_or_default().trim();
    error.message = format!("not a GraphQL document {expected}");
    let mut response = Response::from_errors(vec![error]);
    for error in &mut response.errors {
        extend(error, "GRAPHQL_PARSE_FAILED", trace_id);
    }
    response
}

/// An error with a source of ours has that source's code. One without a source comes from the
/// framework: with a path it is an argument that could not be read, without one the document.
/// Any other source is a bug: it is logged, and the client learns the trace id.
pub fn coded(mut response: Response, trace_id: &str) -> Response {
    for error in &mut response.errors {
        let code = code(error, trace_id);
        extend(error, code, trace_id);
    }
    response
}

fn extend(error: &mut ServerError, code: &str, trace_id: &str) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    extensions.set("code", code);
    extensions.set("traceId", trace_id);
}

fn code(error: &mut ServerError, trace_id: &str) -> &'static str {
    if let Some(ours) = error.source::<Error>() {
        let code = ours.code();
        if let Error::Internal(cause) = ours {
            tracing::error!(trace_id, path = ?error.path, %cause, "internal error");
        }
        return code;
    }
    if error.source.is_some() {
        tracing::error!(trace_id, path = ?error.path, error.message, "error of unknown source");
        error.message = "internal error".to_owned();
        return "INTERNAL_SERVER_ERROR";
    }
    if !error.path.is_empty() {
        return "BAD_USER_INPUT";
    }
    "GRAPHQL_VALIDATION_FAILED"
}
