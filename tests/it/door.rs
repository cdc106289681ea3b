//! The door itself, over real connections, before a graph of the tests' own: slow, broken and
//! oversized requests, time-outs, clients that go away, and how a server ends.

use std::{sync::Arc, time::Duration};

use api::{
    clock::Clock,
    config::Http,
    error::Result,
    graphql::guard::{Admitted, Guard, Guarded, Limits},
    http::{Door, Graph, Hosts, graph_router, server},
    telemetry::Telemetry,
};
use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Response, Schema};
use axum::http::request::Parts;
use serde_json::json;
use tests::TestClock;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    task::JoinHandle,
    time::timeout,
};

mod ending;
mod slow;

const HOST: &str = "door.test";

/// How long a test waits for what has to happen.
const PATIENCE: Duration = Duration::from_secs(30);

type Waits = Schema<Query, EmptyMutation, EmptySubscription>;

/// A graph whose one field takes as long as a test wants.
struct Waiting {
    guard: Guard<Waits>,
    clock: TestClock,
    signals: Arc<Signals>,
    telemetry: Arc<Telemetry>,
}

#[derive(Default)]
struct Signals {
    begun: Notify,
    go_on: Notify,
    /// The field was given up before it had its value.
    given_up: Notify,
}

struct Query;

#[Object]
impl Query {
    async fn wait(&self, ctx: &Context<'_>) -> bool {
        let signals = ctx.data_unchecked::<Arc<Signals>>();
        let mut guard = GivenUp { signals, finished: false };
        signals.begun.notify_one();
        signals.go_on.notified().await;
        guard.finished = true;
        true
    }
}

struct GivenUp<'a> {
    signals: &'a Signals,
    finished: bool,
}

impl Drop for GivenUp<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.signals.given_up.notify_one();
        }
    }
}

impl Graph for Waiting {
    type Schema = Waits;
    type Caller = ();

    fn guard(&self) -> &Guard<Waits> {
        &self.guard
    }

    fn clock(&self) -> &dyn Clock {
        &self.clock
    }

    fn telemetry(&self) -> &Arc<Telemetry> {
        &self.telemetry
    }

    async fn caller(self: &Arc<Self>, _: &Parts) -> Result<()> {
        Ok(())
    }

    async fn run(self: &Arc<Self>, (): (), admitted: Admitted) -> Result<Response> {
        let request = admitted.request.data(self.signals.clone());
        Ok(self.guard.schema().execute(request).await)
    }
}

/// A server on a port of its own.
struct Running {
    port: u16,
    signals: Arc<Signals>,
    stop: Option<oneshot::Sender<()>>,
    /// Ends with whether all requests were finished.
    server: JoinHandle<bool>,
}

impl Running {
    async fn start(settings: Http) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let signals = Arc::new(Signals::default());
        let schema = Guarded::new(|| Schema::build(Query, EmptyMutation, EmptySubscription));
        let guard = Guard::new(schema, Limits::default());
        let (clock, telemetry) = (TestClock::default(), Arc::default());
        let graph = Waiting { guard, clock, signals: signals.clone(), telemetry };
        let hosts = Hosts::new([HOST.to_owned()]);
        let door = Door { graph: Arc::new(graph), settings: Arc::new(settings.clone()) };
        let (stop, asked) = oneshot::channel();
        let server = tokio::spawn(async move {
            let router = graph_router(door, hosts);
            server::serve(listener, router, &settings, async { _ = asked.await }).await
        });
        Self { port, signals, stop: Some(stop), server }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }

    /// A connection on which a query was sent.
    async fn send(&self, query: &str) -> TcpStream {
        let mut stream = self.connect().await;
        let body = json!({ "query": query }).to_string();
        let request = format!("{}{body}", head(body.len()));
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    /// The answer to a query on a connection of its own.
    async fn ask(&self, query: &str) -> String {
        read(&mut self.send(query).await).await
    }
}

/// The head of a request with a body of so many bytes, after which the connection is to close.
fn head(length: usize) -> String {
    format!(
        "POST /graphql HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {length}\r\n\r\n"
    )
}

/// All that comes until the connection ends.
async fn read(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let all = timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    all.unwrap().unwrap();
    String::from_utf8(answer).unwrap()
}

/// The documented settings, but for these.
fn but(change: impl FnOnce(&mut Http)) -> Http {
    let mut settings = Http::default();
    change(&mut settings);
    settings
}

/// Settings with short times and so many places.
fn hasty(connections: usize) -> Http {
    let short = Duration::from_millis(300);
    but(|http| {
        (http.head_seconds, http.body_seconds, http.connections) = (short, short, connections);
    })
}
