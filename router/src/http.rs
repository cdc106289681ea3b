//! The HTTP client for everything that Hive Router does not ask itself: it sends the headers that
//! it is given and no others, follows no redirects, knows no proxies, takes no compression, and
//! reads no more of an answer than is allowed.

use std::{fmt, io, time::Duration};

use hive_router::http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use tokio::time::timeout;

use crate::hosts::Resolver;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(3);

/// How long an idle connection is kept: shorter than the five seconds after which common servers
/// hang up, since a request that meets that fails. So much later, too, a name that leads elsewhere
/// is noticed.
const IDLE: Duration = Duration::from_secs(4);

/// Asks over connections that it keeps.
pub struct Client(legacy::Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>);

/// An answer that was read to its end.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// Not the whole of it came in time.
    Late,
    /// It is longer than is allowed.
    Long,
    /// Nothing was reached, or it broke off.
    Broken(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Late => out.write_str("no whole answer in time"),
            Self::Long => out.write_str("an answer longer than is allowed"),
            Self::Broken(why) => out.write_str(why),
        }
    }
}

impl Client {
    /// A client that connects to what the resolver finds.
    pub fn new(resolver: Resolver) -> io::Result<Self> {
        let mut connector = HttpConnector::new_with_resolver(resolver);
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT));
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let mut builder = legacy::Client::builder(TokioExecutor::new());
        builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE);
        Ok(Self(builder.build(connector)))
    }

    /// Asks, and reads the answer to its end, all within `time`, however slowly it drips.
    pub async fn ask(
        &self,
        request: Request<Full<Bytes>>,
        time: Duration,
        bytes: usize,
    ) -> Result<Answer, Failure> {
        timeout(time, self.read(request, bytes)).await.unwrap_or(Err(Failure::Late))
    }

    /// Asks, and comes back with an answer that is still to be read, where one begins in time.
    pub async fn open(
        &self,
        request: Request<Full<Bytes>>,
        time: Duration,
    ) -> Result<Response<Incoming>, Failure> {
        let answer = timeout(time, self.0.request(request)).await.map_err(|_| Failure::Late)?;
        answer.map_err(|cause| broken(&cause))
    }

    async fn read(&self, request: Request<Full<Bytes>>, bytes: usize) -> Result<Answer, Failure> {
        let answer = self.0.request(request).await.map_err(|cause| broken(&cause))?;
        Answer::read(answer, bytes).await
    }
}

impl Answer {
    /// Reads an answer to its end, however long that takes.
    pub async fn read(answer: Response<Incoming>, bytes: usize) -> Result<Self, Failure> {
        let (head, body) = answer.into_parts();
        let body = match Limited::new(body, bytes).collect().await {
            Ok(body) => body.to_bytes(),
            Err(cause) if cause.is::<LengthLimitError>() => return Err(Failure::Long),
            Err(cause) => return Err(broken(&*cause)),
        };
        Ok(Self { status: head.status, headers: head.headers, body })
    }

    /// A header as text, where there is one that is a text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the body is JSON, by what the answer says and without an encoding around it.
    pub fn is_json(&self) -> bool {
        let kind = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let encoding = self.header(header::CONTENT_ENCODING.as_str()).unwrap_or("identity");
        let kinds = ["application/json", "application/graphql-response+json"];
        kinds.iter().any(|known| known.eq_ignore_ascii_case(kind))
            && encoding.eq_ignore_ascii_case("identity")
    }
}

/// What is said about an error stands in its causes.
pub fn broken(error: &(dyn std::error::Error + 'static)) -> Failure {
    let causes = std::iter::successors(Some(error), |error| error.source());
    Failure::Broken(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
}
