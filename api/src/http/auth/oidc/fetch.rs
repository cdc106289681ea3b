//! Asks a provider for a document: time and size are bounded.

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, Uri, header},
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
        let fetched = tokio::time::timeout(PATIENCE, self.document(uri, asker)).await;
        let document = fetched.map_err(|_| format!("no answer within {PATIENCE:?}"))??;
        serde_json::from_slice(&document).map_err(|cause| format!("not what it should be: {cause}"))
    }

    async fn document(&self, uri: &Uri, asker: Option<Span>) -> Result<Vec<u8>, String> {
        let mut request = Request::get(uri)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, USER_AGENT);
        if let Some(parent) = asker.and_then(Span::header) {
            request = request.header(telemetry::PARENT, parent);
        }
        let request = request.body(Body::empty()).map_err(|cause| cause.to_string())?;
        let answer = self.0.request(request).await.map_err(|cause| told(&cause))?;
        if answer.status() != StatusCode::OK {
            return Err(format!("it answered {}", answer.status()));
        }
        let body = to_bytes(Body::new(answer.into_body()), MAX_DOCUMENT).await;
        body.map(Into::into).map_err(|cause| told(&cause))
    }
}
