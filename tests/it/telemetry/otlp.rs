//! Spans sent to a collector: a real receiver on loopback, asked by the real command line.

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::{Span, span::SpanKind, status::StatusCode},
};
use prost::Message;
use tempfile::TempDir;
use tests::{Database, HOST, process::Server};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use super::{CALLER, NAMED, TRACE};
use crate::process::camket;

/// A collector that keeps what it is sent.
struct Collector {
    url: String,
    received: UnboundedReceiver<ExportTraceServiceRequest>,
}

impl Collector {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (keep, received) = unbounded_channel();
        let router = Router::new().route("/v1/traces", post(Self::take)).with_state(keep);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, received }
    }

    async fn take(
        State(keep): State<UnboundedSender<ExportTraceServiceRequest>>,
        headers: HeaderMap,
        body: Bytes,
    ) {
        assert_eq!(headers["content-type"], "application/x-protobuf");
        keep.send(ExportTraceServiceRequest::decode(body).unwrap()).unwrap();
    }

    /// The spans that came, with what each batch says of its sender.
    fn spans(&mut self) -> (Vec<Span>, Vec<KeyValue>) {
        let (mut spans, mut sender) = (Vec::new(), Vec::new());
        while let Ok(batch) = self.received.try_recv() {
            for resource in batch.resource_spans {
                sender.extend(resource.resource.into_iter().flat_map(|it| it.attributes));
                spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
            }
        }
        (spans, sender)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_span_of_each_request_is_sent_and_the_last_ones_before_the_end() {
    let database = Database::cloned().await;
    let directory = TempDir::new().unwrap();
    let mut collector = Collector::start().await;
    let (server, _) = Server::start(
        camket(&directory, &["serve"], &settings(&database.url, &collector.url)),
        HOST,
        0,
    );
    let traced = |flags: &str, body: &str| {
        let parent = format!("00-{TRACE}-{CALLER}-{flags}");
        let headers =
            [("host", HOST), ("content-type", "application/json"), ("traceparent", &parent)];
        server.send("POST", "/graphql", &headers, body).0
    };
    let named = serde_json::json!({ "query": NAMED }).to_string();

    let statuses = [traced("01", &named), traced("01", "[]"), traced("00", &named)];
    let metrics = server.get("/metrics", HOST);
    let stopped = server.stop();

    assert_eq!((statuses, metrics.0, stopped), ([200, 400, 200], 200, true));
    assert!(metrics.1.contains("camket_http_responses_total{status=\"400\"} 1"), "{}", metrics.1);
    let (spans, sender) = collector.spans();
    assert_eq!(text(&sender, "service.name"), Some("camket-test"));
    let [good, bad] = &spans[..] else { panic!("a caller does not want one of them: {spans:#?}") };
    for span in &spans {
        assert_eq!(hex(&span.trace_id), TRACE);
        assert_eq!(hex(&span.parent_span_id), CALLER);
        assert_eq!(span.kind(), SpanKind::Server);
        assert!(span.end_time_unix_nano > span.start_time_unix_nano);
        assert_eq!(span.status.as_ref().map_or(0, |status| status.code), StatusCode::Unset as i32);
    }
    assert_ne!(good.span_id, bad.span_id);
    assert_eq!(good.name, "query WhoAmI");
    assert_eq!(text(&good.attributes, "graphql.operation.name"), Some("WhoAmI"));
    assert_eq!(text(&good.attributes, "graphql.operation.type"), Some("query"));
    assert_eq!(bad.name, "request");
    assert_eq!(text(&bad.attributes, "error.type"), Some("BAD_USER_INPUT"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_never_answers_holds_up_neither_a_request_nor_the_end() {
    let database = Database::cloned().await;
    let directory = TempDir::new().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let command = camket(&directory, &["serve"], &settings(&database.url, &url));

    let (server, _) = Server::start(command, HOST, 0);
    let answers: Vec<u16> = (0..20).map(|_| server.ask(HOST, None, NAMED).0).collect();

    assert_eq!(answers, [200; 20]);
    assert!(server.stop(), "it does not end");
    drop(silent);
}

fn settings<'a>(database: &'a str, collector: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("CAMKET_DATABASE__URL", database),
        ("CAMKET_HTTP__LISTEN", "127.0.0.1:0"),
        ("CAMKET_HTTP__HOSTS", HOST),
        ("CAMKET_TELEMETRY__OTLP_ENDPOINT", collector),
        ("CAMKET_TELEMETRY__SERVICE_NAME", "camket-test"),
    ]
}

fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
