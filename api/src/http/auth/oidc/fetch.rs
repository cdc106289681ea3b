//! Asks a provider for a document: time and size are bounded, nothing is followed, and only the
//! machine's own certificate authorities are believed.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, Uri, header},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{ClientConfig, RootCertStore};
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// How long a provider may take for one document.
const PATIENCE: Duration = Duration::from_secs(5);

/// The largest document in bytes. Key sets with certificate chains take some 20 KB.
const MAX_DOCUMENT: usize = 256 << 10;

const USER_AGENT: &str = concat!("camket/", env!("CARGO_PKG_VERSION"));

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Fetch(Client<HttpsConnector<HttpConnector>, Body>);

impl Fetch {
    /// With `tls`, this machine must trust some certificate authority.
    pub fn new(tls: bool) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        if tls {
            let found = rustls_native_certs::load_native_certs();
            roots.add_parsable_certificates(found.certs);
            if roots.is_empty() {
                let causes: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
                return Err(Error::BadInput(format!(
                    "this machine trusts no certificate authority, which sign-in needs: install \
                     its certificates or name them in SSL_CERT_FILE; {}",
                    causes.join("; ")
                )));
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(Error::internal)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_http1()
            .build();
        // One question in ten minutes needs no connection that is kept.
        let client =
            Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        Ok(Self(client))
    }

    /// The JSON document at an address, or why there is none.
    pub async fn json<T: DeserializeOwned>(&self, uri: &Uri) -> Result<T, String> {
        let fetched = tokio::time::timeout(PATIENCE, self.document(uri)).await;
        let document = fetched.map_err(|_| format!("no answer within {PATIENCE:?}"))??;
        serde_json::from_slice(&document).map_err(|cause| format!("not what it should be: {cause}"))
    }

    async fn document(&self, uri: &Uri) -> Result<Vec<u8>, String> {
        let request = Request::get(uri)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, USER_AGENT)
            .body(Body::empty())
            .map_err(|cause| cause.to_string())?;
        let answer = self.0.request(request).await.map_err(|cause| told(&cause))?;
        if answer.status() != StatusCode::OK {
            return Err(format!("it answered {}", answer.status()));
        }
        let body = to_bytes(Body::new(answer.into_body()), MAX_DOCUMENT).await;
        body.map(Into::into).map_err(|cause| told(&cause))
    }
}

/// An error with its causes: the outermost of a failed connection says nothing.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
