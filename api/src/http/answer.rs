//! How an answer is written: its media type, as the client accepts it, and its status. Under
//! `application/graphql-response+json` a request that was not executed is 400; under
//! `application/json` it is 200, which is what older clients expect. GraphQL over HTTP says so.

use async_graphql::{Response as GraphqlResponse, ServerError, Value};
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    error::Error,
    graphql::errors::{self, coded},
};

pub const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// The media type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    GraphqlResponse,
    Json,
}

impl Media {
    /// What `Accept` prefers; JSON where it says nothing, none where it accepts neither.
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        let ranges = ranges(headers)?;
        if ranges.is_empty() {
            return Some(Self::Json);
        }
        let json = wanted(&ranges, JSON);
        // A client that takes anything may not know this one.
        let graphql = wanted(&ranges, [GRAPHQL_RESPONSE, "", ""]);
        match (graphql, json) {
            (0, 0) => None,
            (graphql, json) if graphql > 0 && graphql >= json => Some(Self::GraphqlResponse),
            (_, 0) => Some(Self::GraphqlResponse),
            _ => Some(Self::Json),
        }
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        })
    }
}

const JSON: [&str; 3] = ["application/json", "application/*", "*/*"];

/// Whether an answer may be plain JSON.
pub fn accepts_json(headers: &HeaderMap) -> bool {
    ranges(headers).is_some_and(|ranges| ranges.is_empty() || wanted(&ranges, JSON) > 0)
}

/// What `Accept` names; none where it is not text.
fn ranges(headers: &HeaderMap) -> Option<Vec<(String, u16)>> {
    let mut ranges = Vec::new();
    for value in headers.get_all(header::ACCEPT) {
        let value = value.to_str().ok()?.to_ascii_lowercase();
        ranges.extend(value.split(',').filter_map(range));
    }
    Some(ranges)
}

/// How much a type is wanted: the more precise range says so, wherever it stands.
fn wanted(ranges: &[(String, u16)], names: [&str; 3]) -> u16 {
    let said = |name: &&str| ranges.iter().find(|(range, _)| range == name);
    names.iter().find_map(said).map_or(0, |(_, quality)| *quality)
}

/// A media range and its quality in thousandths.
fn range(text: &str) -> Option<(String, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?;
    let quality = parts.find_map(|part| part.strip_prefix("q="));
    let quality = quality.map_or(Some(1.0), |quality| quality.parse::<f32>().ok());
    let thousandths = quality.map_or(0.0, |quality| (quality.clamp(0.0, 1.0) * 1000.0).round());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
    Some((range.to_owned(), thousandths as u16))
}

/// Why a request was not executed.
pub enum Stop {
    /// It is no request for an operation, or nobody may send it: the status is the same for
    /// everybody.
    Fault(StatusCode, Error),
    /// The same, and the connection is closed: what else comes on it is not a request.
    Hangup(StatusCode, Error),
    /// An operation of another kind than this method executes.
    Method(Error),
    /// An operation that was not admitted.
    Refused(Vec<ServerError>),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Error::RateLimited { .. } | Error::OutOfPoints { .. } | Error::TooManyStreams => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::TimedOut(_) => StatusCode::GATEWAY_TIMEOUT,
            Error::BadInput(_)
            | Error::NotGraphql(_)
            | Error::InvalidDocument(_)
            | Error::NotRegistered(_)
            | Error::OverLimit { .. } => StatusCode::BAD_REQUEST,
            Error::Refused(_) | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::Fault(status, error)
    }
}

impl Stop {
    pub fn respond(self, media: Media, trace_id: &str) -> Response {
        let retry_after = self.retry_after();
        let is_refused = matches!(self, Self::Refused(_));
        let (status, header, errors) = self.told();
        let status = match media {
            Media::Json if is_refused => StatusCode::OK,
            _ => status,
        };
        let response = coded(GraphqlResponse::from_errors(errors), trace_id);
        let mut response = write(media, status, response, false);
        response.headers_mut().extend(header);
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }

    /// The status, a header that goes with it, and what is wrong.
    pub fn told(self) -> (StatusCode, Option<(HeaderName, HeaderValue)>, Vec<ServerError>) {
        let with = |name, value| Some((name, HeaderValue::from_static(value)));
        match self {
            Self::Fault(status, error) => {
                let is_who = status == StatusCode::UNAUTHORIZED;
                let header = with(header::WWW_AUTHENTICATE, "Bearer").filter(|_| is_who);
                (status, header, vec![errors::fault(error)])
            }
            Self::Hangup(status, error) => {
                (status, with(header::CONNECTION, "close"), vec![errors::fault(error)])
            }
            Self::Method(error) => {
                let header = with(header::ALLOW, "POST");
                (StatusCode::METHOD_NOT_ALLOWED, header, vec![errors::fault(error)])
            }
            Self::Refused(errors) => (StatusCode::BAD_REQUEST, None, errors),
        }
    }

    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Fault(
                _,
                Error::RateLimited { retry_after } | Error::OutOfPoints { retry_after, .. },
            ) => Some(retry_after.as_secs()),
            _ => None,
        }
    }
}

/// The answer of an operation that was executed.
pub fn executed(media: Media, response: GraphqlResponse, trace_id: &str) -> Response {
    let mut response = coded(response, trace_id);
    response.extensions.insert("traceId".to_owned(), Value::from(trace_id));
    write(media, StatusCode::OK, response, true)
}

/// An answer has `data` exactly where the operation was executed.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<&'a std::collections::BTreeMap<String, Value>>,
}

fn write(media: Media, status: StatusCode, response: GraphqlResponse, executed: bool) -> Response {
    let body = Body {
        data: executed.then_some(&response.data),
        errors: &response.errors,
        extensions: (!response.extensions.is_empty()).then_some(&response.extensions),
    };
    match serde_json::to_vec(&body) {
        Ok(body) => {
            let private = HeaderValue::from_static("private, no-store");
            let headers =
                [(header::CONTENT_TYPE, media.content_type()), (header::CACHE_CONTROL, private)];
            (status, headers, body).into_response()
        }
        Err(cause) => {
            tracing::error!(%cause, "an answer cannot be written as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_chooses_the_media_type() {
        for (accept, media) in [
            (None, Some(Media::Json)),
            (Some(""), Some(Media::Json)),
            (Some("*/*"), Some(Media::Json)),
            (Some("application/*"), Some(Media::Json)),
            (Some("application/json"), Some(Media::Json)),
            (Some("Application/JSON; charset=utf-8"), Some(Media::Json)),
            (Some("application/graphql-response+json"), Some(Media::GraphqlResponse)),
            (
                Some("application/json, application/graphql-response+json"),
                Some(Media::GraphqlResponse),
            ),
            (Some("application/graphql-response+json;q=0.5, application/json"), Some(Media::Json)),
            (Some("application/graphql-response+json, */*;q=0.1"), Some(Media::GraphqlResponse)),
            (Some("application/json;q=0, */*"), None),
            (Some("text/html, */*;q=0.8"), Some(Media::Json)),
            (Some("text/html"), None),
            (Some("text/event-stream"), None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            }
            assert_eq!(Media::accepted(&headers), media, "{accept:?}");
        }
    }
}
