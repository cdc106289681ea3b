//! The plugin's settings: what stands under `plugins.camket.config` in `router.yaml`, where each
//! is described and most are taken from the environment.

use std::{path::PathBuf, sync::Arc, time::Duration};

use hive_router::{
    http::{HeaderValue, Uri},
    humantime_serde,
};
use serde::Deserialize;

use crate::hosts::Hosts;

/// The last part of a registry's address.
const REGISTRY: &str = "/registry";

/// As it stands in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    registry: String,
    key: Option<String>,
    cache: PathBuf,
    #[serde(with = "humantime_serde")]
    poll: Duration,
    hosts: Vec<String>,
    partners: Partners,
}

/// What holds for each partner.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partners {
    /// How long a partner may take for a whole answer.
    #[serde(with = "humantime_serde")]
    pub time: Duration,
    /// The most bytes of an answer.
    pub answer_bytes: usize,
    /// The most requests to one partner at a time.
    pub requests: usize,
    /// The most subscriptions to one partner at a time.
    pub streams: usize,
    /// How long a subscription may say nothing, not even that it is there.
    #[serde(with = "humantime_serde")]
    pub silence: Duration,
    /// After so many failures in a row a partner is left alone.
    pub failures: u32,
    /// For how long it is left alone.
    #[serde(with = "humantime_serde")]
    pub rest: Duration,
}

/// The settings, checked.
#[derive(Debug)]
pub struct Config {
    /// Where the registry is, without a slash at the end.
    pub registry: String,
    /// Where `api` answers GraphQL: beside its registry.
    pub api: String,
    /// The router's key, as a header says it.
    pub key: HeaderValue,
    /// The file that keeps the last graph.
    pub cache: PathBuf,
    /// How often the registry is asked.
    pub poll: Duration,
    /// Which hosts of partners may be reached.
    pub hosts: Arc<Hosts>,
    /// What holds for each partner.
    pub partners: Partners,
}

impl TryFrom<Written> for Config {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let registry = written.registry.trim_end_matches('/').to_owned();
        let uri: Uri = registry.parse().map_err(|why| format!("registry {registry:?}: {why}"))?;
        let base = registry.strip_suffix(REGISTRY).filter(|_| {
            matches!(uri.scheme_str(), Some("http" | "https")) && uri.path().ends_with(REGISTRY)
        });
        let base = base.ok_or_else(|| {
            format!("registry {registry:?} is no http address that ends with {REGISTRY}")
        })?;
        let key = written.key.filter(|key| !key.is_empty());
        let key = key.ok_or("there is no router key: set CAMKET_ROUTER_KEY to one that `camket router-key issue` printed")?;
        let mut key: HeaderValue = key.parse().map_err(|_| "the router key is no header")?;
        key.set_sensitive(true);
        Ok(Self {
            api: format!("{base}/graphql"),
            registry,
            key,
            cache: written.cache,
            poll: written.poll.max(Duration::from_millis(100)),
            hosts: Arc::new(Hosts::read(&written.hosts).map_err(|why| format!("hosts: {why}"))?),
            partners: written.partners,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(registry: &str, key: &str) -> Result<Config, String> {
        let written = serde_json::json!({
            "registry": registry, "key": key, "cache": "graph", "poll": "5s",
            "hosts": ["127.0.0.0/8", "localhost"],
            "partners": {
                "time": "5s", "answer_bytes": 8, "requests": 2, "streams": 2, "silence": "60s",
                "failures": 5, "rest": "10s",
            },
        });
        serde_json::from_value::<Written>(written).unwrap().try_into()
    }

    #[test]
    fn the_api_answers_beside_its_registry() {
        let config = read("https://camket.vn/base/registry/", "key").unwrap();

        assert_eq!(config.registry, "https://camket.vn/base/registry");
        assert_eq!(config.api, "https://camket.vn/base/graphql");
    }

    #[test]
    fn a_registry_that_is_none_and_a_key_that_is_none_are_refused() {
        for registry in [
            "",
            "camket.vn/registry",
            "ftp://camket.vn/registry",
            "http://camket.vn",
            "http://registry",
            "http://camket.vn/?/registry",
        ] {
            assert!(read(registry, "key").unwrap_err().contains("registry"), "{registry}");
        }
        assert!(read("http://127.0.0.1:4000/registry", "").unwrap_err().contains("router key"));
        assert!(read("http://127.0.0.1:4000/registry", "a\nb").is_err());
    }
}
