//! `/operations/{name}`: persisted operations called like REST. The variables are a plain JSON object,
//! the answer is the operation's `data`, and everything else is a status and a problem (RFC 9457).
//! The guard, the limits and the rights are those of `/graphql`.

use std::{collections::BTreeSet, convert::Infallible};

use async_graphql::{
    Request as GraphqlRequest, Response as GraphqlResponse,
    parser::types::{ExecutableDocument, OperationType},
};
use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde_json::Value as Json;

use self::{openapi::Described, problem::Problem};
use super::{
    Door, Graph,
    answer::{self, Stop},
    csrf,
    graph::Caller,
    read, trace,
};
use crate::{
    app::App,
    domain::operation::{
        read::{self as operations, Runnable},
        rules, shared,
    },
    error::{Error, Result},
    graphql::guard::{Reading, check_variables},
    refusal::Language,
    telemetry,
};

mod openapi;
pub(super) mod problem;
mod variables;

/// What it costs to have all operations described, in points.
const DESCRIPTION: u64 = 1_000;

pub fn routes() -> Router<Door<App>> {
    Router::new()
        .route("/operations/openapi.json", get(described))
        .route("/operations/{name}", any(call))
}

async fn call(
    State(door): State<Door<App>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Infallible> {
    let trace_id = trace::id(door.graph.clock(), &request);
    let answered = Box::pin(answered(&door, &name, request)).await;
    Ok(match answered {
        Ok(data) => json(StatusCode::OK, "application/json", &data),
        Err(problem) => problem.respond(&trace_id),
    })
}

async fn answered(door: &Door<App>, name: &str, request: Request) -> Result<Json, Problem> {
    let (parts, body) = request.into_parts();
    if !answer::accepts_json(&parts.headers) {
        let what = "accept application/json".to_owned();
        return Err(Stop::Fault(StatusCode::NOT_ACCEPTABLE, Error::BadInput(what)).into());
    }
    let app = &door.graph;
    let caller = app.caller(&parts).await?;
    let operation = operations::by_name(app, &caller.viewer, name).await?;
    let operation =
        operation.ok_or(Problem::nothing("no operation of this name is yours to call"))?;
    let (request, kind) = read_call(door, &operation, &parts, body).await?;
    let admitted = app.guard.admit(request).map_err(Problem::failed)?;
    app.was_called(&operation, admitted.name.as_deref());
    telemetry::operation(admitted.name.as_deref(), admitted.kind);
    let run = Box::pin(app.run(caller, admitted));
    let response = tokio::time::timeout(door.settings.request_seconds, run).await;
    let response = response.map_err(|_| Error::TimedOut("the operation"))??;
    told(response, kind)
}

/// The call as a GraphQL request, if it is as the OpenAPI document says.
async fn read_call(
    door: &Door<App>,
    operation: &Runnable,
    parts: &Parts,
    body: Body,
) -> Result<(GraphqlRequest, OperationType), Problem> {
    let (guard, settings) = (&door.graph.guard, &door.settings);
    let checked = guard.checked(&operation.document).map_err(Problem::failed)?;
    let definition =
        rules::sole(checked.document()).map_err(|_| Error::internal("no operation"))?;
    let definitions = &definition.variable_definitions;
    let changes = definition.ty == OperationType::Mutation;
    let variables = match parts.method {
        Method::POST => variables::from_body(parts, body, settings, guard.limits()).await?,
        Method::GET | Method::HEAD if !changes => {
            if !csrf::allows_get(&parts.headers) {
                let what = "a GET needs the header GraphQL-Require-Preflight: 1".to_owned();
                return Err(Error::BadInput(what).into());
            }
            let query = parts.uri.query().unwrap_or_default();
            variables::from_url(query, guard.types(), definitions, guard.limits())?
        }
        _ => return Err(Problem::method(if changes { "POST" } else { "GET, HEAD, POST" })),
    };
    check_variables(guard.types(), definitions, &variables, Reading::Exact)
        .map_err(|error| Stop::Fault(StatusCode::BAD_REQUEST, error))?;
    let request = GraphqlRequest::new(&operation.document).variables(variables);
    if read::holds_nul(&request) {
        return Err(Error::BadInput("a text holds NUL".to_owned()).into());
    }
    Ok((request, definition.ty))
}

/// The `data` of an answer, or what the status has to say instead.
fn told(response: GraphqlResponse, kind: OperationType) -> Result<Json, Problem> {
    if !response.errors.is_empty() {
        return Err(Problem::failed(response.errors));
    }
    let data = response.data.into_json().map_err(Error::internal)?;
    let only = data.as_object().filter(|roots| roots.len() == 1);
    let Some(root) = only.and_then(|roots| roots.values().next()) else { return Ok(data) };
    if root.is_null() {
        return Err(Problem::nothing("there is nothing here that you may see"));
    }
    let refused = root["userErrors"].as_array().filter(|_| kind == OperationType::Mutation);
    match refused {
        Some(refused) if !refused.is_empty() && !is_anything_done(root, refused) => {
            let refused = refused.clone();
            Err(Problem::refused(data, refused))
        }
        _ => Ok(data),
    }
}

/// Whether a payload with refusals shows a row of a batch that was not refused.
fn is_anything_done(payload: &Json, refused: &[Json]) -> bool {
    // `["input", "deliveries", "17", "quantity"]`
    let row = |error: &Json| error["path"][2].as_str()?.parse::<usize>().ok();
    let Some(rows) = refused.iter().map(row).collect::<Option<BTreeSet<usize>>>() else {
        return false;
    };
    let fields = payload.as_object().into_iter().flatten();
    let lists = fields.filter(|(name, _)| *name != "userErrors").filter_map(|(_, v)| v.as_array());
    lists
        .flat_map(|rows| rows.iter().enumerate())
        .any(|(row, object)| !object.is_null() && !rows.contains(&row))
}

/// The OpenAPI document of the operations that the caller may call.
async fn described(
    State(door): State<Door<App>>,
    request: Request,
) -> Result<Response, Infallible> {
    let trace_id = trace::id(door.graph.clock(), &request);
    let (parts, _) = request.into_parts();
    Ok(match description(&door, &parts).await {
        Ok(document) => json(StatusCode::OK, "application/json", &document),
        Err(error) => Problem::from(error).respond(&trace_id),
    })
}

async fn description(door: &Door<App>, parts: &Parts) -> Result<Json> {
    let app = &door.graph;
    let Caller { viewer, language, address, .. } = app.caller(parts).await?;
    let _all_of_it = app.spend(&viewer, address, DESCRIPTION).await?;
    let own = operations::callable(app, &viewer).await?;
    let mut documents: Vec<(&str, &str, ExecutableDocument)> = Vec::new();
    for row in &own {
        // One that no longer fits the schema is not offered.
        if let Ok(checked) = app.guard.checked(&row.document) {
            let head = shared::head(&row.document, Language::En);
            let summary = if head.is_empty() { &row.name } else { head };
            documents.push((&row.name, summary, checked.document().clone()));
        }
    }
    let own =
        documents.iter().map(|(name, summary, document)| Described { name, summary, document });
    let names: BTreeSet<&str> = documents.iter().map(|(name, ..)| *name).collect();
    let shared = shared::all().iter().filter(|shared| !names.contains(shared.name));
    let shared = shared.map(|shared| Described {
        name: shared.name,
        summary: shared.title(language),
        document: &shared.parsed,
    });
    Ok(openapi::document(app.guard.types(), own.chain(shared)))
}

fn json(status: StatusCode, content_type: &'static str, body: &Json) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (status, headers, body.to_string()).into_response()
}
