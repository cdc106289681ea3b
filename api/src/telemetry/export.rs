//! Sends spans to a collector by OTLP over HTTP. They wait in a queue of bounded length that a
//! thread of its own empties; where the collector is away they are dropped, never waited for.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    body::{Body, to_bytes},
    http::{Request, Response, Uri},
};
use opentelemetry_http::{Bytes, HttpClient, HttpError};
use opentelemetry_otlp::{RetryPolicy, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{BatchConfigBuilder, BatchSpanProcessor, SpanData, SpanProcessor},
};
use prometheus_client::metrics::counter::Counter;
use tokio::runtime::Handle;

use crate::{
    error::{Error, Result},
    http::outgoing::{self, Client},
};

/// How long the collector may take for one batch, and at the end for what is left.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often a batch is sent.
const EVERY: Duration = Duration::from_secs(5);

/// The most spans that wait.
const QUEUE: usize = 4096;

/// The longest answer of a collector in bytes; it says next to nothing.
const MAX_ANSWER: usize = 64 << 10;

pub struct Export(Arc<BatchSpanProcessor>);

impl Export {
    /// Sends by the runtime that this is called in; counts what does not arrive.
    pub fn start(collector: &Uri, service: &str, failed: Counter) -> Result<Self> {
        let client = outgoing::client(collector.scheme_str() == Some("https"))?;
        let sender =
            Sender { client, runtime: Handle::current(), failed, away: AtomicBool::default() };
        let mut exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(sender)
            .with_endpoint(collector.to_string())
            .with_timeout(PATIENCE)
            // The next batch is soon enough.
            .with_retry_policy(RetryPolicy::disabled())
            .build()
            .map_err(|cause| Error::BadInput(format!("spans cannot be sent: {cause}")))?;
        let resource = Resource::builder().with_service_name(service.to_owned()).build();
        opentelemetry_sdk::trace::SpanExporter::set_resource(&mut exporter, &resource);
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .with_scheduled_delay(EVERY)
            .build();
        Ok(Self(Arc::new(BatchSpanProcessor::new(exporter, batches))))
    }

    /// Puts a span into the queue, or drops it where that is full.
    pub fn send(&self, span: SpanData) {
        self.0.on_end(span);
    }

    /// Sends what is left.
    pub async fn stop(&self) {
        let processor = self.0.clone();
        let stopped =
            tokio::task::spawn_blocking(move || processor.shutdown_with_timeout(PATIENCE));
        if !matches!(stopped.await, Ok(Ok(()))) {
            tracing::warn!("the last spans were not sent");
        }
    }
}

/// The program's own HTTP client, lent to the thread that sends: that has no runtime.
#[derive(Debug)]
struct Sender {
    client: Client,
    runtime: Handle,
    failed: Counter,
    away: AtomicBool,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sent = sent(self.client.clone(), request.map(Body::from));
        let sent = self.runtime.spawn(async { tokio::time::timeout(PATIENCE, sent).await });
        let answer = match sent.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(format!("no answer within {PATIENCE:?}")),
            Err(stopped) => Err(stopped.to_string()),
        };
        let why = match &answer {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("it answered {}", answer.status())),
            Err(why) => Some(why.clone()),
        };
        let was_away = self.away.swap(why.is_some(), Ordering::Relaxed);
        if let Some(why) = why {
            self.failed.inc();
            // Once, not every few seconds for as long as it lasts.
            if !was_away {
                tracing::warn!(why, "the collector of spans does not take them");
            }
        }
        answer.map_err(Into::into)
    }
}

async fn sent(client: Client, request: Request<Body>) -> Result<Response<Bytes>, String> {
    let answer = client.request(request).await.map_err(|cause| outgoing::told(&cause))?;
    let (parts, body) = answer.into_parts();
    let body = to_bytes(Body::new(body), MAX_ANSWER).await;
    Ok(Response::from_parts(parts, body.map_err(|cause| outgoing::told(&cause))?))
}
