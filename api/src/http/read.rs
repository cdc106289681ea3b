//! Reads one GraphQL request from an HTTP request: the body of a `POST`, the query of a `GET`.

use std::{collections::HashMap, time::Duration};

use async_graphql::{Request, Value as ConstValue, Variables};
use axum::{
    body::Body,
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use super::{answer::Stop, csrf};
use crate::{
    config::Http,
    domain::operation::rules::hash_of,
    error::{Error, Result},
    graphql::guard::{Limits, limits::at_most, scan::json_values},
};

/// A request as sent. What else stands in it is not looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<Variables>,
    /// Only its shape is looked at.
    #[serde(rename = "extensions")]
    _extensions: Option<HashMap<String, IgnoredAny>>,
}

/// The same as texts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentInUrl {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// Reads the request, or says why there is none.
pub async fn request(
    parts: &Parts,
    body: Body,
    settings: &Http,
    limits: &Limits,
) -> Result<Request, Stop> {
    let request = if parts.method == Method::POST {
        is_json(&parts.headers)?;
        let body = all_of(&parts.headers, body, settings.body_bytes, settings.body_seconds).await?;
        from_body(&body, limits)?
    } else {
        if !csrf::allows_get(&parts.headers) {
            let what = "a GET needs the header GraphQL-Require-Preflight: 1".to_owned();
            return Err(Error::BadInput(what).into());
        }
        from_url(parts.uri.query().unwrap_or_default(), limits)?
    };
    Ok(checked(request)?)
}

/// Reads a message that is not the body of a request: one JSON object, or why it is none.
pub fn message(text: &str, limits: &Limits) -> Result<Value> {
    at_most(limits.values, json_values(text.as_bytes()), "values")?;
    match serde_json::from_str(text) {
        Ok(message @ Value::Object(_)) => Ok(message),
        _ => Err(Error::BadInput("not a JSON object".to_owned())),
    }
}

/// Reads the request that stands in a message.
pub fn operation(payload: Value) -> Result<Request> {
    let sent = if payload.is_object() { Sent::deserialize(payload).ok() } else { None };
    checked(sent.ok_or_else(not_a_request)?.into_request()?)
}

impl Sent {
    fn into_request(self) -> Result<Request> {
        let text = text(self.query, self.document_id)?;
        let mut request = Request::new(text).variables(self.variables.unwrap_or_default());
        request.operation_name = self.operation_name;
        Ok(request)
    }
}

/// The text that is asked for, or the document id in its place: no text begins like one.
fn text(query: Option<String>, document_id: Option<String>) -> Result<String> {
    match (query, document_id) {
        (Some(query), None) if hash_of(&query).is_none() => Ok(query),
        (None, Some(id)) if hash_of(&id).is_some() => Ok(id),
        (None, Some(_)) => {
            Err(Error::NotRegistered("documentId is not sha256: and 64 hexadecimal digits"))
        }
        (Some(_), Some(_)) => {
            Err(Error::BadInput("send a query or a documentId, not both".to_owned()))
        }
        _ => Err(not_a_request()),
    }
}

fn not_a_request() -> Error {
    let what = "this is not a GraphQL request: { query or documentId, variables, operationName }";
    Error::BadInput(what.to_owned())
}

fn checked(request: Request) -> Result<Request> {
    if request.query.trim().is_empty() {
        return Err(Error::BadInput("the query is empty".to_owned()));
    }
    if holds_nul(&request) {
        return Err(Error::BadInput("a text holds NUL".to_owned()));
    }
    Ok(request)
}

pub fn is_json(headers: &HeaderMap) -> Result<(), Stop> {
    let refused = |what: &str| {
        Err(Stop::Hangup(StatusCode::UNSUPPORTED_MEDIA_TYPE, Error::BadInput(what.to_owned())))
    };
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    if !parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
        return refused("send one request as application/json");
    }
    let charset = parts.find_map(|part| {
        part.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("charset"))
    });
    if charset.is_some_and(|(_, name)| !name.trim_matches('"').eq_ignore_ascii_case("utf-8")) {
        return refused("JSON is sent as UTF-8");
    }
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return refused("send the body without compressing it");
    }
    Ok(())
}

/// The whole body, if it is not too long and does not take too long.
pub async fn all_of(
    headers: &HeaderMap,
    body: Body,
    most: usize,
    patience: Duration,
) -> Result<Vec<u8>, Stop> {
    let too_long = || {
        let what = format!("the body is over {most} bytes");
        Stop::Hangup(StatusCode::PAYLOAD_TOO_LARGE, Error::BadInput(what))
    };
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let said = said.and_then(|length| length.parse::<u64>().ok());
    if said.is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > most)) {
        return Err(too_long());
    }
    match tokio::time::timeout(patience, Limited::new(body, most).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes().into()),
        Ok(Err(cause)) if cause.is::<LengthLimitError>() => Err(too_long()),
        Ok(Err(_)) => {
            let what = "the body broke off".to_owned();
            Err(Stop::Hangup(StatusCode::BAD_REQUEST, Error::BadInput(what)))
        }
        Err(_) => Err(Stop::Hangup(StatusCode::REQUEST_TIMEOUT, Error::TimedOut("the body"))),
    }
}

fn from_body(body: &[u8], limits: &Limits) -> Result<Request, Stop> {
    let start = body.trim_ascii_start().first();
    if start == Some(&b'[') {
        let what = "send one request, not a batch: { query, variables, operationName }";
        return Err(Error::BadInput(what.to_owned()).into());
    }
    few_values(body, limits)?;
    let sent: Result<Sent, _> = serde_json::from_slice(body);
    match sent {
        Ok(sent) if start == Some(&b'{') => Ok(sent.into_request()?),
        _ => Err(not_a_request().into()),
    }
}

fn from_url(query: &str, limits: &Limits) -> Result<Request, Stop> {
    let wrong = |what: &str| Stop::from(Error::BadInput(what.to_owned()));
    let sent: SentInUrl = serde_urlencoded::from_str(query)
        .map_err(|_| wrong("the URL has no GraphQL request: ?query=…&variables=…"))?;
    let variables = match sent.variables.as_deref() {
        None | Some("") => Variables::default(),
        Some(text) => {
            few_values(text.as_bytes(), limits)?;
            let variables: Option<Variables> = serde_json::from_str(text)
                .map_err(|_| wrong("the variables are not one JSON object"))?;
            variables.unwrap_or_default()
        }
    };
    let extensions = sent.extensions.as_deref().filter(|text| !text.is_empty());
    let extensions = extensions.map(serde_json::from_str::<Option<HashMap<String, IgnoredAny>>>);
    if extensions.is_some_and(|read| read.is_err()) {
        return Err(wrong("the extensions are not one JSON object"));
    }
    let (query, id) = (sent.query, sent.document_id.filter(|id| !id.is_empty()));
    let mut request = Request::new(text(query, id)?).variables(variables);
    request.operation_name = sent.operation_name.filter(|name| !name.is_empty());
    Ok(request)
}

/// Values are counted before room is made for them.
pub fn few_values(json: &[u8], limits: &Limits) -> Result<(), Stop> {
    at_most(limits.values, json_values(json), "values").map_err(Stop::from)
}

/// Whether a text of the request holds NUL, which no database keeps.
pub fn holds_nul(request: &Request) -> bool {
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
