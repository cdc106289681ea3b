//! The figures of one server: their names, labels and meaning, all in this place. Each begins with
//! `camket_`. What operators make of them is in `docs/operating.md`.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::Histogram,
    },
    registry::{Registry, Unit},
};

use crate::{db::Pool, http::auth::attempts};

/// The media type of what [`Scrape::text`] writes.
pub const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper ends of the buckets of durations, in seconds. The longest is the usual time-out.
const OPERATIONS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];
const STATEMENTS: [f64; 9] = [0.0001, 0.0005, 0.001, 0.005, 0.02, 0.1, 0.5, 2.5, 10.0];

/// What happened since the start. Each call is a few atomic operations.
pub struct Metrics {
    durations: Family<Operation, Histogram, fn() -> Histogram>,
    operations: Family<Ended, Counter>,
    errors: Family<Error, Counter>,
    responses: Family<Response, Counter>,
    subscriptions: Family<Transport, Gauge>,
    limited: Family<Reason, Counter>,
    pub(super) exports_failed: Counter,
}

/// An operation as it is told: its name, where that is known, and `query`, `mutation` or
/// `subscription`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Operation {
    pub operation: Arc<str>,
    pub kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    operation: Arc<str>,
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Error {
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Response {
    status: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Transport {
    transport: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connections {
    pool: &'static str,
    state: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            durations: Family::new_with_constructor(|| Histogram::new(OPERATIONS)),
            operations: Family::default(),
            errors: Family::default(),
            responses: Family::default(),
            subscriptions: Family::default(),
            limited: Family::default(),
            exports_failed: Counter::default(),
        }
    }
}

impl Metrics {
    /// An operation ended, this long after it was admitted.
    pub(super) fn operation(&self, which: &Operation, outcome: &'static str, took: Duration) {
        self.durations.get_or_create(which).observe(took.as_secs_f64());
        let Operation { operation, kind } = which.clone();
        self.operations.get_or_create(&Ended { operation, kind, outcome }).inc();
    }

    pub(super) fn error(&self, code: &'static str) {
        self.errors.get_or_create(&Error { code }).inc();
    }

    pub(super) fn response(&self, status: StatusCode) {
        self.responses.get_or_create(&Response { status: status.as_str().to_owned() }).inc();
    }

    /// A subscription was opened over `websocket` or `sse`; it is counted until what comes back is
    /// dropped.
    #[must_use]
    pub fn subscribed(&self, transport: &'static str) -> Subscription {
        let open = self.subscriptions.get_or_create_owned(&Transport { transport });
        open.inc();
        Subscription(open)
    }

    /// A request was told to wait, by the limit of this name.
    pub fn limited(&self, reason: &'static str) {
        self.limited.get_or_create(&Reason { reason }).inc();
    }

    /// Describes all of these.
    fn register(&self, registry: &mut Registry) {
        let seconds = Unit::Seconds;
        let help = "How long operations ran, from admission to answer";
        registry.register_with_unit("operation_duration", help, seconds, self.durations.clone());
        let help = "Operations that ended: ok, error, cancelled";
        registry.register("operations", help, self.operations.clone());
        registry.register("errors", "Errors in answers, by code", self.errors.clone());
        registry.register("http_responses", "Answers by HTTP status", self.responses.clone());
        let help = "Subscriptions that are open";
        registry.register("subscriptions", help, self.subscriptions.clone());
        let help = "Requests that were told to wait, by the limit that said so";
        registry.register("limited", help, self.limited.clone());
        let help = "Times the collector did not take spans";
        registry.register("trace_exports_failed", help, self.exports_failed.clone());
    }
}

/// A subscription that is open.
pub struct Subscription(Gauge);

impl Drop for Subscription {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// SQL statements, counted where they are sent; cheap to clone.
#[derive(Clone)]
pub struct Statements {
    durations: Histogram,
    failed: Counter,
}

impl Default for Statements {
    fn default() -> Self {
        Self { durations: Histogram::new(STATEMENTS), failed: Counter::default() }
    }
}

impl Statements {
    pub fn note(&self, took: Duration, failed: bool) {
        self.durations.observe(took.as_secs_f64());
        if failed {
            self.failed.inc();
        }
    }
}

/// All that is told at one moment.
pub struct Scrape<'a> {
    pub metrics: &'a Metrics,
    pub statements: &'a Statements,
    pub pools: Vec<Pool>,
    pub sign_in: attempts::Counts,
    /// How often points were counted in this process for want of Redis.
    pub budget_fallbacks: u64,
    /// The position of the last event; none where the database does not say.
    pub log_position: Option<i64>,
}

impl Scrape<'_> {
    /// In the OpenMetrics text format.
    pub fn text(self) -> Result<String, std::fmt::Error> {
        let mut registry = Registry::with_prefix("camket");
        self.metrics.register(&mut registry);
        self.database(&mut registry);
        let failed = ConstCounter::new(self.sign_in.failed);
        registry.register("sign_in_failed", "Tokens that were not good", failed);
        let slowed = ConstCounter::new(self.sign_in.slowed);
        let help = "Requests that were told to wait after tokens that were not good";
        registry.register("sign_in_slowed", help, slowed);
        let fallbacks = ConstCounter::new(self.budget_fallbacks);
        let help = "Times points were counted in this process for want of Redis";
        registry.register("budget_fallbacks", help, fallbacks);
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry)?;
        Ok(text)
    }

    fn database(&self, registry: &mut Registry) {
        let up = ConstGauge::new(i64::from(self.log_position.is_some()));
        registry.register("database_up", "Whether the database answers: 1 or 0", up);
        if let Some(position) = self.log_position {
            let help = "The position of the last event in the log";
            registry.register("event_log_position", help, ConstGauge::new(position));
        }
        let Statements { durations, failed } = self.statements;
        let help = "How long SQL statements took";
        let seconds = Unit::Seconds;
        registry.register_with_unit("sql_statement_duration", help, seconds, durations.clone());
        registry.register("sql_statements_failed", "SQL statements that failed", failed.clone());
        let connections = Family::<Connections, Gauge>::default();
        for Pool { name, size, idle, most } in &self.pools {
            let in_use = size.saturating_sub(*idle);
            for (state, number) in [("idle", *idle), ("in_use", in_use), ("most", *most)] {
                let labels = Connections { pool: name, state };
                connections.get_or_create(&labels).set(number.into());
            }
        }
        let help = "Connections to the database: idle, in use, and the most there may be";
        registry.register("database_connections", help, connections);
    }
}
