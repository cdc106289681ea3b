//! Gives every error of a response its code and trace id, and keeps causes out of it.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value, value};

use crate::{error::Error, telemetry};

/// A fault as an error of a response.
pub fn fault(error: Error) -> ServerError {
    let mut fault = ServerError::new(error.to_string(), None);
    fault.source = Some(Arc::new(error));
    fault
}

/// A document that is not GraphQL: what was expected, not what was sent.
pub fn parse_failed(mut error: ServerError) -> ServerError {
    let expected = error.message.lines().last().unwrap_or_default().trim();
    error.message = format!("not a GraphQL document {expected}");
    error.source = Some(Arc::new(Error::NotGraphql(error.message.clone())));
    error
}

/// An error with a source of ours has that source's code. One without a source comes from the
/// framework: with a path it is an argument that could not be read, without one the document.
/// Any other source is a bug: it is logged, and the client learns the trace id.
pub fn coded(mut response: Response, trace_id: &str) -> Response {
    for error in &mut response.errors {
        let code = code(error, trace_id);
        telemetry::fault(code);
        extend(error, code, trace_id);
    }
    response
}

fn extend(error: &mut ServerError, code: &str, trace_id: &str) {
    // Beyond this a number of JSON is not exact.
    let exact = |figure: u64| figure.min(1 << 53);
    let figures: Option<(&str, Value)> = match error.source::<Error>() {
        Some(Error::OverLimit { limit, maximum, figure }) => {
            let figure = exact(*figure);
            Some(("limit", value!({ "name": *limit, "maximum": *maximum, "figure": figure })))
        }
        Some(Error::OutOfPoints { requested, balance, .. }) => {
            Some(("cost", balance.told(*requested, 0)))
        }
        _ => None,
    };
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    extensions.set("code", code);
    extensions.set("traceId", trace_id);
    if let Some((name, figures)) = figures {
        extensions.set(name, figures);
    }
}

fn code(error: &mut ServerError, trace_id: &str) -> &'static str {
    if let Some(ours) = error.source::<Error>() {
        let code = ours.code();
        if let Error::Internal(cause) = ours {
            // Not where: a path is made of aliases, which are the client's words.
            tracing::error!(trace_id, %cause, "internal error");
        }
        return code;
    }
    if error.source.is_some() {
        tracing::error!(trace_id, error.message, "error of unknown source");
        error.message = "internal error".to_owned();
        return "INTERNAL_SERVER_ERROR";
    }
    if !error.path.is_empty() {
        return "BAD_USER_INPUT";
    }
    "GRAPHQL_VALIDATION_FAILED"
}
