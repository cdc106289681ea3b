//! Answers that are none, as RFC 9457 tells them: a status, a stable code, a sentence, the trace id,
//! and all that was refused.

use async_graphql::{Response as GraphqlResponse, ServerError, Value};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Value as Json, json};

use super::super::answer::Stop;
use crate::{error::Error, graphql::errors};

const PROBLEM: &str = "application/problem+json";

/// How long to wait for a request that has the same key, in seconds.
const IN_PROGRESS: u64 = 5;

/// Why a call has no answer.
pub struct Problem {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    what: What,
}

enum What {
    /// Faults; the first is told.
    Faults(Vec<ServerError>),
    /// A change was refused: the payload, and the user errors in it.
    Refusals { data: Json, user_errors: Vec<Json> },
    /// A code of our own with a sentence.
    Said { code: &'static str, detail: &'static str },
}

impl Problem {
    /// What is as the description says, and was not admitted or failed.
    pub fn failed(errors: Vec<ServerError>) -> Self {
        Self { status: StatusCode::OK, headers: Vec::new(), what: What::Faults(errors) }
    }

    /// The same with a status of its own.
    pub const fn at(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// A change of which nothing was done.
    pub fn refused(data: Json, user_errors: Vec<Json>) -> Self {
        let code = code_of(&user_errors);
        let mut headers = Vec::new();
        if code == "IDEMPOTENCY_IN_PROGRESS" {
            headers.push((header::RETRY_AFTER, IN_PROGRESS.into()));
        }
        let status = status_of_refusal(code);
        Self { status, headers, what: What::Refusals { data, user_errors } }
    }

    /// No operation of this name, or no object where one was asked for.
    pub const fn nothing(detail: &'static str) -> Self {
        Self::said(StatusCode::NOT_FOUND, "NOT_FOUND", detail)
    }

    /// Something else that is told with a code and a sentence.
    pub const fn said(status: StatusCode, code: &'static str, detail: &'static str) -> Self {
        Self { status, headers: Vec::new(), what: What::Said { code, detail } }
    }

    /// Another method than this operation takes.
    pub fn method(allowed: &'static str) -> Self {
        let what = format!("this operation takes {allowed}");
        let mut problem =
            Self::from(Stop::Fault(StatusCode::METHOD_NOT_ALLOWED, Error::BadInput(what)));
        problem.headers.push((header::ALLOW, HeaderValue::from_static(allowed)));
        problem
    }

    pub fn respond(self, trace_id: &str) -> Response {
        let Self { mut status, headers, what } = self;
        let mut told = json!({ "type": "about:blank", "traceId": trace_id });
        match what {
            What::Faults(faults) => {
                let faults = errors::coded(GraphqlResponse::from_errors(faults), trace_id).errors;
                let code = faults.first().and_then(|fault| fault.extensions.as_ref()?.get("code"));
                let code = match code {
                    Some(Value::String(code)) => code,
                    _ => "INTERNAL_SERVER_ERROR",
                };
                if status == StatusCode::OK {
                    status = status_of_fault(code);
                }
                told["code"] = json!(code);
                told["detail"] = json!(faults.first().map_or("", |fault| &*fault.message));
            }
            What::Refusals { data, user_errors } => {
                told["code"] = json!(code_of(&user_errors));
                let first = user_errors.first();
                told["detail"] = first.map_or(json!(""), |first| first["message"].clone());
                told["data"] = data;
                told["userErrors"] = Json::Array(user_errors);
            }
            What::Said { code, detail } => {
                told["code"] = json!(code);
                told["detail"] = json!(detail);
            }
        }
        told["status"] = json!(status.as_u16());
        told["title"] = json!(status.canonical_reason().unwrap_or_default());
        let mut response = super::json(status, PROBLEM, &told);
        if status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        response.headers_mut().extend(headers);
        response
    }
}

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Self {
        let retry_after = stop.retry_after();
        let (status, header, faults) = stop.told();
        let retry_after = retry_after.map(|seconds| (header::RETRY_AFTER, seconds.into()));
        let headers = header.into_iter().chain(retry_after).collect();
        Self { status, headers, what: What::Faults(faults) }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Stop::from(error).into()
    }
}

/// The code of the first refusal stands for all of them.
fn code_of(user_errors: &[Json]) -> &str {
    user_errors.first().and_then(|error| error["code"].as_str()).unwrap_or_default()
}

fn status_of_refusal(code: &str) -> StatusCode {
    match code {
        "NOT_FOUND" => StatusCode::NOT_FOUND,
        "FORBIDDEN" | "OWN_MATTER" => StatusCode::FORBIDDEN,
        "STALE_VERSION" | "IDEMPOTENCY_MISMATCH" | "IDEMPOTENCY_IN_PROGRESS" => {
            StatusCode::CONFLICT
        }
        _ if code.starts_with("ALREADY_") => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Of a call that is as the description says: what it holds is at fault, or we are.
fn status_of_fault(code: &str) -> StatusCode {
    match code {
        "UNAUTHENTICATED" => StatusCode::UNAUTHORIZED,
        "RATE_LIMITED" => StatusCode::TOO_MANY_REQUESTS,
        "BAD_USER_INPUT" | "COST_LIMIT" => StatusCode::UNPROCESSABLE_ENTITY,
        "TIMEOUT" => StatusCode::GATEWAY_TIMEOUT,
        "UNAVAILABLE" => StatusCode::SERVICE_UNAVAILABLE,
        // It was registered and no longer fits the schema.
        "GRAPHQL_PARSE_FAILED" | "GRAPHQL_VALIDATION_FAILED" => StatusCode::GONE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(code: &str) -> Response {
        let refusals = vec![json!({ "code": code, "message": "…", "path": [] })];
        Problem::refused(json!({}), refusals).respond("trace")
    }

    #[test]
    fn a_refusal_has_the_status_of_its_code() {
        for (code, status) in [
            ("NOT_FOUND", 404),
            ("FORBIDDEN", 403),
            ("OWN_MATTER", 403),
            ("STALE_VERSION", 409),
            ("IDEMPOTENCY_MISMATCH", 409),
            ("IDEMPOTENCY_IN_PROGRESS", 409),
            ("ALREADY_RECORDED", 409),
            ("ALREADY_ENDED", 409),
            ("BLANK", 422),
        ] {
            assert_eq!(answered(code).status().as_u16(), status, "{code}");
        }
    }

    #[test]
    fn what_still_runs_says_when_to_come_back() {
        assert_eq!(answered("IDEMPOTENCY_IN_PROGRESS").headers()[header::RETRY_AFTER], "5");
        assert!(!answered("BLANK").headers().contains_key(header::RETRY_AFTER));
    }
}
