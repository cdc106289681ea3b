//! Settings of metrics and traces.

use axum::http::Uri;
use serde::Deserialize;

use super::list;
use crate::http::Network;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    #[serde(deserialize_with = "list")]
    scrapers: Vec<String>,
    otlp_endpoint: Option<String>,
    pub service_name: String,
}

impl Telemetry {
    /// The networks that may read metrics; those that make no sense were refused.
    pub fn scrapers(&self) -> Vec<Network> {
        self.scrapers.iter().filter_map(|network| network.parse().ok()).collect()
    }

    /// Where spans are sent, if they are.
    pub fn traces(&self) -> Option<Uri> {
        let base = self.otlp_endpoint.as_deref()?.trim_end_matches('/');
        format!("{base}/v1/traces").parse().ok()
    }

    pub(super) fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for network in &self.scrapers {
            if network.parse::<Network>().is_err() {
                wrong.push(format!("telemetry.scrapers {network:?} is not like 10.0.0.0/8"));
            }
        }
        if self.otlp_endpoint.is_some() && !self.traces().is_some_and(|uri| is_address(&uri)) {
            wrong.push("telemetry.otlp_endpoint is not like http://127.0.0.1:4318".to_owned());
        }
        if self.service_name.is_empty() {
            wrong.push("telemetry.service_name is empty".to_owned());
        }
        wrong
    }
}

/// What this is called with is no place for a password: it would be in every message about it.
fn is_address(uri: &Uri) -> bool {
    let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    scheme && uri.query().is_none() && uri.authority().is_some_and(|it| !it.as_str().contains('@'))
}
