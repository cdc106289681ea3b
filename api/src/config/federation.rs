//! Settings of the federated graph: what this installation is called in it, which hosts partners'
//! subgraphs may be at, and what composing may take.

use std::time::Duration;

use composer::Composer;
use serde::Deserialize;

use super::{list, seconds};
use crate::http::{
    auth::oidc::address,
    outgoing::reach::{Host, Reach},
};

/// Bytes of a mebibyte.
const MEBIBYTE: usize = 1 << 20;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Federation {
    pub issuer: String,
    #[serde(deserialize_with = "list")]
    hosts: Vec<String>,
    composer_mebibytes: usize,
    #[serde(deserialize_with = "seconds")]
    composer_seconds: Duration,
}

impl Federation {
    /// The same for partners on this machine alone.
    #[must_use]
    pub fn on_this_machine(mut self) -> Self {
        self.hosts = ["localhost", "127.0.0.0/8", "::1"].map(str::to_owned).into();
        self
    }

    /// The same under the address of this machine, at a port.
    #[must_use]
    pub fn at_port(mut self, port: u16) -> Self {
        self.issuer = format!("http://127.0.0.1:{port}");
        self
    }

    pub const fn composer(&self) -> Composer {
        let memory = self.composer_mebibytes.saturating_mul(MEBIBYTE);
        Composer { limits: composer::Limits { memory, deadline: self.composer_seconds } }
    }

    /// Where partners may be; what makes no sense was refused.
    pub fn reach(&self) -> Reach {
        self.hosts.iter().filter_map(|host| host.parse().ok()).collect()
    }

    pub(super) fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let issuer = &self.issuer;
        if let Err(expected) = address(issuer) {
            wrong.push(format!("federation.issuer is not {expected}"));
        }
        if issuer.contains('?') || issuer.ends_with('/') {
            wrong.push("federation.issuer has a query, or a slash at its end".to_owned());
        }
        for host in &self.hosts {
            if host.parse::<Host>().is_err() {
                wrong.push(format!("federation.hosts {host:?} is no name and no network"));
            }
        }
        if self.composer_mebibytes == 0 || self.composer_seconds.is_zero() {
            wrong.push("a limit of federation's composer is 0".to_owned());
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use figment::{
        Figment,
        providers::{Format, Toml},
    };

    use super::*;
    use crate::config::{Config, DEFAULTS};

    fn federation(text: &str) -> Federation {
        let text = format!("[federation]\n{text}");
        let read = Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(&text));
        read.extract::<Config>().unwrap().federation
    }

    #[test]
    fn the_defaults_and_those_of_the_demonstration_make_sense() {
        let federation = Federation::default();
        assert_eq!(federation.wrong(), [""; 0]);
        assert_eq!(federation.composer().limits.memory, 256 << 20);
        assert_eq!(federation.composer().limits.deadline, Duration::from_secs(10));
        let federation = federation.on_this_machine().at_port(4100);
        assert_eq!(federation.wrong(), [""; 0]);
        assert_eq!(federation.issuer, "http://127.0.0.1:4100");
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        for (text, told) in [
            ("issuer = 'http://camket.example.vn'", "issuer is not https, except on this machine"),
            ("issuer = 'camket.example.vn'", "issuer is not an address such as"),
            ("issuer = 'https://camket.example.vn/'", "a slash at its end"),
            ("issuer = 'https://camket.example.vn?a'", "has a query"),
            ("hosts = 'a.vn, 10.0.0.0/33'", "hosts \"10.0.0.0/33\" is no name"),
            ("hosts = ['*.vn']", "hosts \"*.vn\" is no name"),
            ("composer_mebibytes = 0", "composer is 0"),
            ("composer_seconds = 0", "composer is 0"),
        ] {
            let wrong = federation(text).wrong().join("; ");
            assert!(wrong.contains(told), "{text}: {wrong}");
        }
        let whole = federation("issuer = 'https://camket.vn'\nhosts = 'a.vn, 10.0.0.0/8'");
        assert_eq!(whole.wrong(), [""; 0]);
    }
}
