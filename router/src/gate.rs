//! The gate: the one way to partners. Hive Router is told that every partner lives here, on
//! loopback, so that whatever it asks a partner – for a query, a mutation, or an event of a
//! subscription, for which it calls no plugin – comes by. The gate exchanges what the client said
//! about itself for a statement, connects only where the operator allows it, sends the operation,
//! the statement and nothing else, waits no longer and reads no more than is allowed, and passes
//! on what was asked for and nothing else.

mod answer;
mod asked;
mod partner;
mod stream;

use std::{convert::Infallible, io, net::TcpListener as Listener, sync::Arc, time::Instant};

use hive_router::{
    http::{HeaderValue, Request, Response, StatusCode, Uri, header},
    tracing::warn,
};
use http_body_util::{BodyExt, Collected, Full, Limited, combinators::UnsyncBoxBody};
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpListener, time::timeout};

use self::{
    asked::{Asked, Sent},
    partner::{Closed, Partner, Partners, Place},
    stream::Events,
};
use crate::{
    config::{self, Config},
    fault::Fault,
    graph::Served,
    hosts::{Hosts, Resolver},
    http::{Answer, Client, Failure},
    statements::{Asker, Statements},
};

/// The most bytes that Hive Router may ask a partner with.
const ASKED_BYTES: usize = 8 * 1024 * 1024;

/// What partners are told about the program.
const USER_AGENT: HeaderValue = HeaderValue::from_static("camket-router");

/// What partners may answer with.
const ACCEPTED: HeaderValue =
    HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9");

/// What the gate answers with.
type Body = UnsyncBoxBody<Bytes, Infallible>;

/// What is asked of whom, by whom.
struct Asking<'a> {
    name: &'a str,
    url: &'a str,
    asker: Asker,
    sent: Sent<'a>,
    asked: Asked<'a>,
}

/// Everything that is needed to ask partners.
pub struct Gate {
    /// The first part of every path here: nobody else on this machine knows it.
    secret: String,
    limits: config::Partners,
    hosts: Arc<Hosts>,
    /// For partners that are asked by https, and for others.
    clients: [Client; 2],
    statements: Statements,
    partners: Partners,
    served: Arc<Served>,
}

/// The way to the gate, for whoever makes the graph.
#[derive(Clone, Debug)]
pub struct Door(String);

impl Door {
    /// The address here of a partner that lives at `url`.
    pub fn to(&self, partner: &str, url: &str) -> String {
        format!("{}/{partner}?{url}", self.0)
    }

    /// Whether an address is one here.
    pub fn leads(&self, url: &str) -> bool {
        url.strip_prefix(&self.0).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl Gate {
    /// A gate on a free port of loopback, closed until it is served.
    pub fn new(config: &Config, served: Arc<Served>) -> io::Result<(Self, Listener, Door)> {
        let listener = Listener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let secret = secret()?;
        let door = Door(format!("http://{}/{secret}", listener.local_addr()?));
        let hosts = Arc::clone(&config.hosts);
        let gate = Self {
            secret,
            limits: config.partners.clone(),
            clients: [client(&hosts, true)?, client(&hosts, false)?],
            hosts,
            statements: Statements::new(config)?,
            partners: Partners::new(config.partners.clone()),
            served,
        };
        Ok((gate, listener, door))
    }

    /// Answers whoever comes, as long as the program runs.
    pub async fn serve(self, listener: Listener) -> io::Result<()> {
        let listener = TcpListener::from_std(listener)?;
        let gate = Arc::new(self);
        loop {
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(why) => {
                    // Such as too many open files, which pass.
                    warn!(%why, "the gate cannot take a connection");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    continue;
                }
            };
            let _ = stream.set_nodelay(true);
            let gate = Arc::clone(&gate);
            tokio::spawn(async move {
                let service = service_fn(|request| {
                    let gate = Arc::clone(&gate);
                    async move { Ok::<_, Infallible>(gate.answer(request).await) }
                });
                let mut builder = http1::Builder::new();
                let connection = builder
                    .timer(TokioTimer::new())
                    .serve_connection(TokioIo::new(stream), service);
                // Hive Router hangs up where it or its client does not wait any more.
                let _ = connection.await;
            });
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let Some((name, url)) = self.way(&head.uri) else { return status(StatusCode::NOT_FOUND) };
        let body = Limited::new(body, ASKED_BYTES).collect().await;
        let body = body.map(Collected::to_bytes).unwrap_or_default();
        let sent: Option<Sent> = serde_json::from_slice(&body).ok();
        let Some((asked, sent)) =
            sent.and_then(|sent| Some((asked::read(&sent, &self.served.load())?, sent)))
        else {
            warn!(partner = name, "an operation for a partner cannot be read");
            return status(StatusCode::BAD_REQUEST);
        };
        let asking = Asking { name, url, asker: Asker::of(&head.headers), sent, asked };
        if asking.asked.is_subscription {
            match self.subscribe(&asking, &body).await {
                Ok(response) => response,
                Err(fault) => stream::told(&answer::without(&asking.asked.fields, &fault)),
            }
        } else {
            let answer = self.ask(&asking).await;
            json(answer.unwrap_or_else(|fault| answer::without(&asking.asked.fields, &fault)))
        }
    }

    /// Where a path leads: `/{secret}/{partner}?{url}`.
    fn way<'a>(&self, uri: &'a Uri) -> Option<(&'a str, &'a str)> {
        let (secret, name) = uri.path().strip_prefix('/')?.split_once('/')?;
        (secret == self.secret).then_some((name, uri.query()?))
    }

    /// What a partner answers to a query or a mutation.
    async fn ask(&self, asking: &Asking<'_>) -> Result<Vec<u8>, Fault> {
        let (partner, _place, url) = self.enter(asking)?;
        let request = self.request(asking, url, ACCEPTED).await?;
        let client = self.client(&request);
        let answer = client.ask(request, self.limits.time, self.limits.answer_bytes).await;
        judge(asking, &partner, answer)
    }

    /// The events of a partner or, where it refuses to send any, its one answer.
    async fn subscribe(&self, asking: &Asking<'_>, body: &Bytes) -> Result<Response<Body>, Fault> {
        let (partner, place, url) = self.enter(asking)?;
        let request = self.request(asking, url, stream::ACCEPTED).await?;
        match self.client(&request).open(request, self.limits.time).await {
            Ok(answer) if stream::is_one(&answer) => {
                partner.went(true, Instant::now());
                let events = answer.into_body();
                let limits = self.limits.clone();
                let asked = (body.clone(), Arc::clone(&self.served));
                Ok(Events::new(asking.name, limits, asked, events, place).respond())
            }
            Ok(answer) => {
                let answer = Answer::read(answer, self.limits.answer_bytes);
                let answer = timeout(self.limits.time, answer).await;
                let answer = judge(asking, &partner, answer.unwrap_or(Err(Failure::Late)))?;
                Ok(stream::told(&answer))
            }
            Err(failure) => judge(asking, &partner, Err(failure)).map(json),
        }
    }

    fn client<B>(&self, request: &Request<B>) -> &Client {
        let [by_tls, plain] = &self.clients;
        if request.uri().scheme_str() == Some("https") { by_tls } else { plain }
    }

    /// Whether and where a partner may be asked now.
    fn enter(&self, asking: &Asking<'_>) -> Result<(Arc<Partner>, Place, Uri), Fault> {
        let name = asking.name;
        let partner = self.partners.of(name);
        let place = partner.enter(Instant::now(), asking.asked.is_subscription);
        let place = place.map_err(|closed| match closed {
            Closed::Busy => Fault::unavailable(format!("{name} has too many requests")),
            Closed::Resting => Fault::unavailable(format!("{name} fails; it is tried again soon")),
        })?;
        let url: Option<Uri> = asking.url.parse().ok().filter(|url| self.hosts.admit(url));
        let Some(url) = url else {
            let why = format!("its address, {}, is not on the list of hosts", asking.url);
            return Err(failed(name, &partner, &why, unreachable(name)));
        };
        Ok((partner, place, url))
    }

    /// Everything that a partner receives.
    async fn request(
        &self,
        asking: &Asking<'_>,
        url: Uri,
        accepted: HeaderValue,
    ) -> Result<Request<Full<Bytes>>, Fault> {
        let name = asking.name;
        let bearer = self.statements.bearer(&asking.asker, name).await?;
        let body = serde_json::to_vec(&asking.sent).map_err(|_| unreachable(name))?;
        Request::post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, accepted)
            .header(header::USER_AGENT, USER_AGENT)
            .header(header::AUTHORIZATION, bearer)
            .body(body.into())
            .map_err(|_| unreachable(name))
    }
}

fn client(hosts: &Arc<Hosts>, by_tls: bool) -> io::Result<Client> {
    Client::new(Resolver::Listed { hosts: Arc::clone(hosts), by_tls })
}

/// Passes on what was asked for, and remembers whether anything came.
fn judge(
    asking: &Asking,
    partner: &Partner,
    answer: Result<Answer, Failure>,
) -> Result<Vec<u8>, Fault> {
    let name = asking.name;
    let answer = match answer {
        Ok(answer) => answer,
        Err(failure) => {
            let fault = match failure {
                Failure::Late => Fault::late(format!("{name} did not answer in time")),
                Failure::Long | Failure::Broken(_) => unreachable(name),
            };
            return Err(failed(name, partner, &failure.to_string(), fault));
        }
    };
    let may_be_one = answer.status.is_success() || answer.status.is_client_error();
    let pruned = answer::pruned(name, &asking.asked.fields, &answer.body);
    let Some(pruned) = pruned.filter(|_| may_be_one && answer.is_json()) else {
        let why = format!("its answer, of status {}, cannot be read", answer.status);
        let fault = Fault::unavailable(format!("{name} answered what cannot be read"));
        return Err(failed(name, partner, &why, fault));
    };
    partner.went(true, Instant::now());
    Ok(pruned)
}

fn failed(name: &str, partner: &Partner, why: &str, fault: Fault) -> Fault {
    warn!(partner = name, why, "a partner failed");
    partner.went(false, Instant::now());
    fault
}

fn unreachable(name: &str) -> Fault {
    Fault::unavailable(format!("{name} cannot be reached"))
}

fn json(body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Full::from(body).boxed_unsync());
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Full::default().boxed_unsync());
    *response.status_mut() = status;
    response
}

/// A word that cannot be guessed.
pub fn secret() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|why| io::Error::other(why.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
