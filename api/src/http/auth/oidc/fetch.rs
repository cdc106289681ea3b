//! Asks a provider for a document: time and size are bounded.

use std::{fmt, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, Uri, header, request::Builder},
};
use serde::de::DeserializeOwned;

use crate::{
    error::Result,
    http::outgoing::{self, Client, told},
    telemetry::{self, Span},
};

/// How long a provider may take for one document.
const PATIENCE: Duration = Duration::from_secs(5);

/// The largest document in bytes. Key sets with certificate chains take some 20 KB.
const MAX_DOCUMENT: usize = 256 << 10;

const USER_AGENT: &str = concat!("camket/", env!("CARGO_PKG_VERSION"));

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Fetch(Client);

impl Fetch {
    /// With `tls`, this machine must trust some certificate authority.
    pub fn new(tls: bool) -> Result<Self> {
        outgoing::client(tls).map(Self)
    }

    /// The JSON document at an address, or why there is none. The provider learns for which request
    /// it is asked.
    pub async fn json<T: DeserializeOwned>(
        &self,
        uri: &Uri,
        asker: Option<Span>,
    ) -> Result<T, String> {
        let fetched = self.fetched(Request::get(uri), Body::empty(), asker).await;
        fetched.map_err(|why| why.to_string())
    }

    /// The JSON document that answers a form.
    pub async fn form<T: DeserializeOwned>(
        &self,
        uri: &Uri,
        form: String,
        authorization: Option<String>,
        asker: Option<Span>,
    ) -> Result<T, Unfetched> {
        let mut request =
            Request::post(uri).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        self.fetched(request, Body::from(form), asker).await
    }

    async fn fetched<T: DeserializeOwned>(
        &self,
        request: Builder,
        body: Body,
        asker: Option<Span>,
    ) -> Result<T, Unfetched> {
        let fetched = tokio::time::timeout(PATIENCE, self.document(request, body, asker)).await;
        let late = |_| Unfetched::Not(format!("no answer within {PATIENCE:?}"));
        let document = fetched.map_err(late)??;
        let parsed = serde_json::from_slice(&document);
        parsed.map_err(|cause| Unfetched::Not(format!("not what it should be: {cause}")))
    }

    async fn document(
        &self,
        request: Builder,
        body: Body,
        asker: Option<Span>,
    ) -> Result<Vec<u8>, Unfetched> {
        let mut request = request
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, USER_AGENT);
        if let Some(parent) = asker.and_then(Span::header) {
            request = request.header(telemetry::PARENT, parent);
        }
        let request = request.body(body).map_err(|cause| Unfetched::Not(cause.to_string()))?;
        let answer = self.0.request(request).await;
        let answer = answer.map_err(|cause| Unfetched::Not(told(&cause)))?;
        if answer.status() != StatusCode::OK {
            return Err(Unfetched::Answered(answer.status()));
        }
        let body = to_bytes(Body::new(answer.into_body()), MAX_DOCUMENT).await;
        body.map(Into::into).map_err(|cause| Unfetched::Not(told(&cause)))
    }
}

/// Why there is no document.
#[derive(Debug)]
pub enum Unfetched {
    Answered(StatusCode),
    Not(String),
}

impl fmt::Display for Unfetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(status) => write!(f, "it answered {status}"),
            Self::Not(why) => f.write_str(why),
        }
    }
}
