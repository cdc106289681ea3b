//! One request from its beginning to its end: what is logged, counted and sent of it.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use async_graphql::parser::types::OperationType;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use opentelemetry::{
    InstrumentationScope, KeyValue,
    trace::{SpanKind, Status},
};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use tracing::Instrument;

use super::{Span, Telemetry, metrics::Operation};

tokio::task_local! {
    static CURRENT: Arc<Request>;
}

/// Codes of errors that are ours to mend, not the caller's.
const OURS: [&str; 3] = ["INTERNAL_SERVER_ERROR", "TIMEOUT", "UNAVAILABLE"];

/// Codes of one request that are told; the metrics count all of them.
const MOST_CODES: usize = 20;

/// A request that is watched. It is over when it is dropped.
pub struct Request {
    telemetry: Arc<Telemetry>,
    pub span: Span,
    began: Instant,
    began_at: DateTime<Utc>,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    /// What it turned out to be, and since when that ran.
    operation: Option<(Operation, Instant)>,
    codes: Vec<&'static str>,
    status: Option<StatusCode>,
    is_finished: bool,
}

impl Told {
    /// `cancelled` where nobody waited for its end.
    fn outcome(&self) -> &'static str {
        match (self.codes.is_empty(), self.is_finished) {
            (false, _) => "error",
            (true, true) => "ok",
            (true, false) => "cancelled",
        }
    }
}

/// Says what runs within the present request: from here on it is timed. The name is told only
/// where it is known.
pub fn operation(name: Option<&str>, kind: OperationType) {
    current(|request| {
        let kind = match kind {
            OperationType::Query => "query",
            OperationType::Mutation => "mutation",
            OperationType::Subscription => "subscription",
        };
        let operation = Operation { operation: request.telemetry.name(name), kind };
        request.told().operation = Some((operation, Instant::now()));
    });
}

/// Says that the present request has an error of this code.
pub fn fault(code: &'static str) {
    current(|request| {
        request.telemetry.metrics.error(code);
        let codes = &mut request.told().codes;
        if codes.len() < MOST_CODES && !codes.contains(&code) {
            codes.push(code);
        }
    });
}

/// Looks at the present request, if this is called within one.
pub(super) fn current<T>(look: impl FnOnce(&Request) -> T) -> Option<T> {
    CURRENT.try_with(|request| look(request)).ok()
}

impl Request {
    pub(super) fn new(telemetry: Arc<Telemetry>, span: Span, now: DateTime<Utc>) -> Self {
        Self { telemetry, span, began: Instant::now(), began_at: now, told: Mutex::default() }
    }

    /// Runs what the request asks for. What is logged on the way has the ids of the trace.
    pub async fn within<T>(self: Arc<Self>, work: impl Future<Output = T>) -> T {
        let ids = tracing::info_span!(
            "request",
            trace_id = self.span.trace_id(),
            span_id = self.span.id()
        );
        let done = CURRENT.scope(self.clone(), work.instrument(ids)).await;
        self.told().is_finished = true;
        done
    }

    /// Notes how it was answered over HTTP.
    pub fn answered(&self, status: StatusCode) {
        self.telemetry.metrics.response(status);
        self.told().status = Some(status);
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        let told = std::mem::take(&mut *self.told());
        let (outcome, took) = (told.outcome(), self.began.elapsed());
        if let Some((operation, since)) = &told.operation {
            self.telemetry.metrics.operation(operation, outcome, since.elapsed());
        }
        let named = told.operation.as_ref().map(|(operation, _)| operation);
        tracing::info!(
            trace_id = self.span.trace_id(),
            span_id = self.span.id(),
            operation = named.map(|it| &*it.operation),
            kind = named.map(|it| it.kind),
            status = told.status.map(|status| status.as_u16()),
            outcome,
            codes = (!told.codes.is_empty()).then(|| told.codes.join(",")),
            duration_ms = took.as_secs_f64() * 1000.0,
            "request"
        );
        if let Some(export) = self.telemetry.export.as_ref().filter(|_| self.span.is_sampled) {
            export.send(exported(self, &told, outcome, took));
        }
    }
}

/// The span as a collector is told of it, in the words of OpenTelemetry's conventions.
fn exported(request: &Request, told: &Told, outcome: &'static str, took: Duration) -> SpanData {
    let (span_context, parent_span_id, parent_span_is_remote) = request.span.exported();
    let start_time = SystemTime::from(request.began_at);
    let mut attributes = vec![KeyValue::new("camket.outcome", outcome)];
    let mut name = "request".to_owned();
    if let Some((Operation { operation, kind }, _)) = &told.operation {
        name = format!("{kind} {operation}");
        attributes.push(KeyValue::new("graphql.operation.name", operation.clone()));
        attributes.push(KeyValue::new("graphql.operation.type", *kind));
    }
    if let Some(status) = told.status {
        let status = i64::from(status.as_u16());
        attributes.push(KeyValue::new("http.response.status_code", status));
    }
    if !told.codes.is_empty() {
        attributes.push(KeyValue::new("error.type", told.codes.join(",")));
    }
    let ours = told.codes.iter().find(|code| OURS.contains(code));
    SpanData {
        span_context,
        parent_span_id,
        parent_span_is_remote,
        span_kind: SpanKind::Server,
        name: name.into(),
        start_time,
        end_time: start_time + took,
        attributes,
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: ours.map_or(Status::Unset, |code| Status::error(*code)),
        instrumentation_scope: InstrumentationScope::builder("camket").build(),
    }
}
