//! Settings: the documented defaults, a file, and the environment, in that order. This is the only
//! file that reads the environment. A mistake is told with everything that is wrong, not just the
//! first.

use std::{
    io::IsTerminal,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::LazyLock,
    time::Duration,
};

use figment::{
    Figment,
    providers::{Env, Format as _, Toml},
};
use serde::{Deserialize, Deserializer};
use tracing::Dispatch;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter, util::SubscriberInitExt};

use crate::{
    error::{Error, Result},
    graphql::guard::Limits,
    http::{Hosts, Network},
};

pub mod federation;
pub mod oidc;
pub mod telemetry;

const DEFAULTS: &str = include_str!("../config.default.toml");

/// What a browser's headers need at the least.
const SMALLEST_HEAD: usize = 4096;

/// Variables of the environment that are not settings: where the file is, and what tests read.
const NO_SETTINGS: [&str; 2] = ["config", "test_database_url"];

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub database: Database,
    pub federation: federation::Federation,
    pub http: Http,
    pub limits: Limits,
    pub log: Log,
    pub oidc: oidc::Oidc,
    pub redis: Redis,
    pub telemetry: telemetry::Telemetry,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    url: Option<String>,
    pub max_connections: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    listen: String,
    #[serde(deserialize_with = "list")]
    hosts: Vec<String>,
    #[serde(deserialize_with = "list")]
    pub origins: Vec<String>,
    #[serde(deserialize_with = "list")]
    pub trusted_proxies: Vec<String>,
    pub connections: usize,
    pub head_bytes: usize,
    pub body_bytes: usize,
    #[serde(deserialize_with = "seconds")]
    pub head_seconds: Duration,
    #[serde(deserialize_with = "seconds")]
    pub body_seconds: Duration,
    #[serde(deserialize_with = "seconds")]
    pub request_seconds: Duration,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    url: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    filter: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Json,
    Text,
}

/// The documented defaults.
#[expect(clippy::expect_used, reason = "the file is part of the program, and tests read it")]
static DOCUMENTED: LazyLock<Config> = LazyLock::new(|| {
    Figment::from(Toml::string(DEFAULTS)).extract().expect("the defaults are right")
});

impl Default for Http {
    fn default() -> Self {
        DOCUMENTED.http.clone()
    }
}

impl Default for Limits {
    fn default() -> Self {
        DOCUMENTED.limits.clone()
    }
}

impl Default for federation::Federation {
    fn default() -> Self {
        DOCUMENTED.federation.clone()
    }
}

impl Default for telemetry::Telemetry {
    fn default() -> Self {
        DOCUMENTED.telemetry.clone()
    }
}

impl Config {
    /// Reads the settings. `file` comes from the command line; CAMKET_CONFIG stands in for it.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let file =
            file.map(Path::to_owned).or_else(|| Env::var("CAMKET_CONFIG").map(PathBuf::from));
        let mut settings = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = &file {
            if !file.is_file() {
                let file = file.display();
                return Err(Error::BadInput(format!("there is no configuration file {file}")));
            }
            settings = settings.merge(Toml::file_exact(file));
        }
        let environment = Env::prefixed("CAMKET_").ignore(&NO_SETTINGS).split("__");
        settings.merge(environment).extract().map_err(|causes| {
            let causes: Vec<String> = causes.into_iter().map(|cause| cause.to_string()).collect();
            Error::BadInput(format!("the configuration is not right: {}", causes.join("; ")))
        })
    }

    /// Refuses half a configuration, saying all that is wrong with it.
    pub fn check_for_serve(&self) -> Result<()> {
        let mut wrong = self.database.wrong();
        wrong.extend(self.federation.wrong());
        wrong.extend(self.http.wrong());
        wrong.extend(self.limits.wrong());
        wrong.extend(self.log.wrong());
        wrong.extend(self.oidc.wrong());
        wrong.extend(self.redis.client().err().map(|error| error.to_string()));
        wrong.extend(self.telemetry.wrong());
        refuse(&wrong)
    }

    /// The same for commands that only need the database.
    pub fn check_for_database(&self) -> Result<()> {
        refuse(&self.database.wrong())
    }
}

fn refuse(wrong: &[String]) -> Result<()> {
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Error::BadInput(format!("the configuration is not right: {}", wrong.join("; "))))
}

impl Database {
    /// The address; empty only before it was checked.
    pub fn url(&self) -> &str {
        self.url.as_deref().unwrap_or_default()
    }

    /// The address without what stands before its host, for messages.
    pub fn shown(&self) -> String {
        match self.url().split_once("://") {
            Some((scheme, rest)) => {
                let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
                format!("{scheme}://{}", host.split('?').next().unwrap_or_default())
            }
            None => "database.url".to_owned(),
        }
    }

    fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let (scheme, rest) = self.url().split_once(':').unwrap_or(("", ""));
        match (self.url(), scheme) {
            ("", _) => wrong.push(
                "database.url is missing: set it in the file, or CAMKET_DATABASE__URL".to_owned(),
            ),
            (_, "sqlite") if rest.contains(":memory:") || rest.contains("mode=memory") => {
                wrong.push("database.url is in memory: name a file".to_owned());
            }
            (_, "sqlite" | "postgres" | "postgresql") if rest.len() > "//".len() => {}
            _ => wrong.push(
                "database.url is neither postgres://user@host/name nor sqlite:///path".to_owned(),
            ),
        }
        if !(1..=1000).contains(&self.max_connections) {
            wrong.push("database.max_connections is not 1 to 1000".to_owned());
        }
        wrong
    }
}

impl Http {
    pub fn listen(&self) -> Result<SocketAddr> {
        let address = self.listen.parse();
        address.map_err(|_| Error::BadInput(format!("http.listen is not {}", Self::ADDRESS)))
    }

    pub fn hosts(&self) -> Hosts {
        Hosts::new(self.hosts.iter().cloned())
    }

    /// The networks of the proxies that say whom they ask for; those that make no sense were
    /// refused.
    pub fn trusted_proxies(&self) -> Vec<Network> {
        self.trusted_proxies.iter().filter_map(|network| network.parse().ok()).collect()
    }

    const ADDRESS: &str = "an address and a port such as 127.0.0.1:4000";

    fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.listen.parse::<SocketAddr>().is_err() {
            wrong.push(format!("http.listen {:?} is not {}", self.listen, Self::ADDRESS));
        }
        if self.hosts.is_empty() {
            wrong.push(
                "http.hosts is empty: name what this server is called by, in the file or in \
                 CAMKET_HTTP__HOSTS"
                    .to_owned(),
            );
        }
        for host in &self.hosts {
            if !host.chars().all(is_of_a_host) {
                wrong.push(format!("http.hosts {host:?} is not a name with or without a port"));
            }
        }
        for origin in &self.origins {
            let host = origin.strip_prefix("https://").or(origin.strip_prefix("http://"));
            if !host.is_some_and(|host| !host.is_empty() && host.chars().all(is_of_a_host)) {
                wrong.push(format!("http.origins {origin:?} is not like https://example.vn"));
            }
        }
        for network in &self.trusted_proxies {
            if network.parse::<Network>().is_err() {
                wrong.push(format!("http.trusted_proxies {network:?} is not like 10.0.0.0/8"));
            }
        }
        let Self { head_seconds, body_seconds, request_seconds, .. } = self;
        if [head_seconds, body_seconds, request_seconds].iter().any(|time| time.is_zero()) {
            wrong.push("a time-out of http is 0".to_owned());
        }
        if self.connections == 0 || self.body_bytes == 0 || self.head_bytes < SMALLEST_HEAD {
            let least = format!("http.head_bytes is under {SMALLEST_HEAD}, or another is 0");
            wrong.push(least);
        }
        wrong
    }
}

impl Redis {
    /// Redis, if there is one; it is not asked yet.
    pub fn client(&self) -> Result<Option<redis::Client>> {
        let client = self.url.as_deref().map(redis::Client::open).transpose();
        client.map_err(|_| Error::BadInput("redis.url is not like redis://host:6379/0".to_owned()))
    }
}

impl Log {
    /// What is written in production.
    pub fn for_machines(filter: &str) -> Self {
        Self { format: LogFormat::Json, filter: filter.to_owned() }
    }

    /// Plain text about what matters, for the commands that read no settings.
    pub fn for_people(filter: &str) -> Self {
        Self { format: LogFormat::Text, filter: filter.to_owned() }
    }

    /// Begins to log to standard error; a second call changes nothing.
    pub fn start(&self) {
        if self.written_to(std::io::stderr).try_init().is_err() {
            tracing::debug!("the log has begun already");
        }
    }

    /// The log as it is configured, written anywhere.
    pub fn written_to<W>(&self, writer: W) -> Dispatch
    where
        W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
    {
        let log = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::builder().parse_lossy(&self.filter))
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(writer);
        match self.format {
            LogFormat::Json => log.json().flatten_event(true).with_span_list(false).into(),
            LogFormat::Text => log.into(),
        }
    }

    fn wrong(&self) -> Vec<String> {
        match EnvFilter::builder().parse(&self.filter) {
            Ok(_) => Vec::new(),
            Err(cause) => vec![format!("log.filter {:?}: {cause}", self.filter)],
        }
    }
}

fn is_of_a_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']')
}

/// A number of seconds.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u32::deserialize(deserializer).map(|seconds| Duration::from_secs(seconds.into()))
}

/// A list, or one text with commas.
fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum List {
        Many(Vec<String>),
        Text(String),
    }
    Ok(match List::deserialize(deserializer)? {
        List::Many(items) => items,
        List::Text(text) => text
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(text)).extract().unwrap()
    }

    fn complaint(config: &Config) -> String {
        config.check_for_serve().err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn half_a_configuration_is_refused_with_all_that_is_wrong() {
        let told = complaint(&config("[http]\nlisten = 'here'\n[log]\nfilter = 'api=loud'"));
        for part in ["database.url is missing", "http.hosts is empty", "http.listen", "log.filter"]
        {
            assert!(told.contains(part), "{part}: {told}");
        }
        let told =
            complaint(&config("[database]\nurl = 'mysql://x/y'\n[http]\nhosts = 'http://a'"));
        assert!(told.contains("neither postgres"), "{told}");
        assert!(told.contains("http.hosts \"http://a\""), "{told}");
    }

    #[test]
    fn a_whole_configuration_is_taken_and_hosts_may_be_one_text() {
        let whole =
            config("[database]\nurl = 'postgres://a:b@c/d'\n[http]\nhosts = 'x.vn, y.vn:81'");
        assert_eq!(complaint(&whole), "");
        assert_eq!(whole.http.hosts, ["x.vn", "y.vn:81"]);
        assert_eq!(whole.database.shown(), "postgres://c/d");
    }

    #[test]
    fn figures_origins_and_networks_that_make_no_sense_are_refused() {
        let told = complaint(&config(
            "[http]
             origins = 'portal.example.vn'
             trusted_proxies = '10.0.0.0/33'
             head_seconds = 0
             head_bytes = 100
             [limits]
             nesting = 65
             cost = 0
             [telemetry]
             scrapers = '10.0.0/8'
             otlp_endpoint = 'collector:4318'
             service_name = ''",
        ));
        for part in [
            "http.origins \"portal.example.vn\"",
            "http.trusted_proxies \"10.0.0.0/33\"",
            "a time-out of http is 0",
            "http.head_bytes is under 4096",
            "limits.nesting is not 1 to 64",
            "a figure of limits is 0",
            "telemetry.scrapers \"10.0.0/8\"",
            "telemetry.otlp_endpoint is not like http://127.0.0.1:4318",
            "telemetry.service_name is empty",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }

    #[test]
    fn the_documented_limits_and_times_are_the_defaults() {
        assert_eq!(Limits::default().wrong(), Vec::<String>::new());
        assert_eq!(Http::default().body_bytes, 1 << 20);
        assert_eq!(Http::default().request_seconds, Duration::from_secs(30));
    }

    #[test]
    fn spans_are_sent_under_the_collectors_address_or_nowhere() {
        let sent_to = |address: &str| {
            let config = config(&format!("[telemetry]\notlp_endpoint = {address:?}"));
            (config.telemetry.wrong().is_empty(), config.telemetry.traces().unwrap_or_default())
        };
        for (address, place) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            ("https://collector.example.vn/otlp/", "https://collector.example.vn/otlp/v1/traces"),
        ] {
            assert_eq!(sent_to(address), (true, place.parse().unwrap()));
        }
        for wrong in ["", "ftp://collector", "http://", "http://key@collector", "http://c?key=1"] {
            assert!(!sent_to(wrong).0, "{wrong}");
        }
        assert_eq!(telemetry::Telemetry::default().traces(), None);
    }

    #[test]
    fn unknown_settings_are_refused() {
        let text = "[http]\nport = 4000";
        let read = Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(text));
        assert!(read.extract::<Config>().is_err());
    }
}
