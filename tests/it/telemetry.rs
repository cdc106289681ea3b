//! What an operator sees: the log, traces and metrics, and what must never be in them.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use api::{config::Log, http::ClientAddress};
use axum::{body::Body, http::Request};
use serde_json::Value;
use tests::{HOST, Reply, TestApp};
use tracing::{Dispatch, dispatcher::DefaultGuard, subscriber::NoSubscriber};

mod logs;
mod metrics;
mod otlp;
mod traces;

const NAMED: &str = "query WhoAmI { viewer { party { code } } }";

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

const CALLER: &str = "00f067aa0ba902b7";

/// Two logs that want nothing, as long as the process lives. Where there is but one log, `tracing` asks
/// only that of the thread which comes first to a place that logs; another test's thread has none, and
/// the place would be silent for all from then on.
static OTHERS: LazyLock<[Dispatch; 2]> =
    LazyLock::new(|| [(); 2].map(|()| Dispatch::new(NoSubscriber::default())));

/// What is logged in this thread as it is in production; a test's server runs in it.
struct Captured {
    text: Arc<Mutex<Vec<u8>>>,
    _until: DefaultGuard,
}

impl Captured {
    fn from_now_on(filter: &str) -> Self {
        LazyLock::force(&OTHERS);
        let text = Arc::new(Mutex::default());
        let log: Dispatch = Log::for_machines(filter).written_to({
            let text = text.clone();
            move || Line(text.clone())
        });
        Self { text, _until: tracing::dispatcher::set_default(&log) }
    }

    fn text(&self) -> String {
        String::from_utf8(self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap()
    }

    /// The lines that tell of a request that is over.
    fn requests(&self) -> Vec<Value> {
        let text = self.text();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["message"] == "request").collect()
    }
}

struct Line(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Line {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Asks for the metrics from an address.
async fn scrape_from(app: &TestApp, address: Option<&str>) -> Reply {
    let mut request = Request::get("/metrics");
    if let Some(address) = address {
        request = request.extension(ClientAddress(address.parse().unwrap()));
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

/// The metrics as they are now.
async fn scrape(app: &TestApp) -> Metrics {
    let reply = scrape_from(app, Some("127.0.0.1")).await;
    assert_eq!(reply.status, 200);
    Metrics(reply.text)
}

struct Metrics(String);

impl Metrics {
    /// The value of a series without `camket_`; none where there is no such series.
    fn at(&self, series: &str) -> Option<f64> {
        let prefix = format!("camket_{series} ");
        let value = self.0.lines().find_map(|line| line.strip_prefix(&prefix))?;
        Some(value.parse().unwrap())
    }

    fn of_operation(&self, name: &str, kind: &str, outcome: &str) -> Option<f64> {
        let labels = format!("operation=\"{name}\",kind=\"{kind}\",outcome=\"{outcome}\"");
        self.at(&format!("operations_total{{{labels}}}"))
    }
}

/// A request with a document, as anybody sends it.
fn posted(query: &str) -> Request<Body> {
    let request = Request::post("/graphql").header("host", HOST);
    let body = serde_json::json!({ "query": query }).to_string();
    request.header("content-type", "application/json").body(body.into()).unwrap()
}
