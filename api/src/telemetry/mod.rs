//! What an operator sees of a running server: a line in the log and a span for each request, and
//! figures of all of them. Nothing of it tells who asked, for whom, from where or with what: an
//! operation is called by its name only where the name is known (`known.rs`), since clients choose names.
//!
//! [`Telemetry::request`] watches a request, an operation of a WebSocket, or a stream; what runs
//! [`Request::within`] it says what it is ([`operation`]) and what goes wrong ([`fault`]).

use std::{
    net::IpAddr,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, Utc};

use crate::{config, error::Result, http::Network};

mod export;
mod known;
pub mod metrics;
mod request;
mod span;

pub use metrics::{Metrics, Subscription};
pub use request::{Request, fault, operation};
pub use span::{PARENT, Span};

use export::Export;
use known::Known;

/// One for each server.
pub struct Telemetry {
    pub metrics: Metrics,
    known: RwLock<Known>,
    scrapers: Vec<Network>,
    export: Option<Export>,
}

impl Default for Telemetry {
    /// As documented, which sends no spans.
    fn default() -> Self {
        let scrapers = config::telemetry::Telemetry::default().scrapers();
        Self { metrics: Metrics::default(), known: RwLock::default(), scrapers, export: None }
    }
}

impl Telemetry {
    /// As configured; spans are sent by the runtime that this is called in.
    pub fn new(settings: &config::telemetry::Telemetry) -> Result<Self> {
        let metrics = Metrics::default();
        let export = settings.traces().map(|collector| {
            Export::start(&collector, &settings.service_name, metrics.exports_failed.clone())
        });
        let (known, scrapers) = (RwLock::default(), settings.scrapers());
        Ok(Self { metrics, known, scrapers, export: export.transpose()? })
    }

    /// Watches a request that begins now, until it is dropped.
    pub fn request(self: &Arc<Self>, span: Span, now: DateTime<Utc>) -> Arc<Request> {
        Arc::new(Request::new(self.clone(), span, now))
    }

    /// Calls operations of this name by it, beside the shared ones: somebody registered it.
    pub fn know(&self, name: &str) {
        if !self.known.read().unwrap_or_else(PoisonError::into_inner).holds(name) {
            self.known.write().unwrap_or_else(PoisonError::into_inner).add(name);
        }
    }

    fn name(&self, name: Option<&str>) -> Arc<str> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).name(name)
    }

    /// Whether a machine may read the metrics.
    pub fn may_scrape(&self, address: IpAddr) -> bool {
        self.scrapers.iter().any(|network| network.holds(address))
    }

    /// Sends what is left to send, for a few seconds at most.
    pub async fn stop(&self) {
        if let Some(export) = &self.export {
            export.stop().await;
        }
    }
}
