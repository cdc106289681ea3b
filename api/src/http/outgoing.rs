//! The clients with which this server asks others: nothing is followed, no proxy of the environment
//! is used, and only the machine's own certificate authorities are believed. One asks whom the
//! operator named in full; the other whom partners name, within [`reach`].

use std::sync::Arc;

use axum::body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{ClientConfig, RootCertStore};

use self::{
    pinned::{Pinned, Resolve},
    reach::Reach,
};
use crate::error::{Error, Result};

pub mod pinned;
pub mod reach;

/// Cheap to clone.
pub type Client = legacy::Client<HttpsConnector<HttpConnector>, Body>;

/// Asks partners alone.
pub type PartnerClient<R> = legacy::Client<HttpsConnector<Pinned<R>>, Body>;

/// With `tls`, this machine must trust some certificate authority.
pub fn client(tls: bool) -> Result<Client> {
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(trusting(tls)?)
        .https_or_http()
        .enable_http1()
        .build();
    // What is asked now and then needs no connection that is kept.
    Ok(legacy::Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector))
}

/// The same for hosts within reach.
pub fn partners<R: Resolve>(reach: Reach, resolver: R, tls: bool) -> Result<PartnerClient<R>> {
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(trusting(tls)?)
        .https_or_http()
        .enable_http1()
        .wrap_connector(Pinned::new(reach, resolver));
    Ok(legacy::Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector))
}

fn trusting(tls: bool) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    if tls {
        let found = rustls_native_certs::load_native_certs();
        roots.add_parsable_certificates(found.certs);
        if roots.is_empty() {
            let causes: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
            return Err(Error::BadInput(format!(
                "this machine trusts no certificate authority, which https needs: install its \
                 certificates or name them in SSL_CERT_FILE; {}",
                causes.join("; ")
            )));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// An error with its causes: the outermost of a failed connection says nothing.
pub fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
