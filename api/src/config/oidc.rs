//! Settings of sign-in by OpenID providers.

use std::{collections::HashSet, time::Duration};

use jsonwebtoken::{Algorithm, AlgorithmFamily};
use serde::Deserialize;

use super::list;
use crate::http::auth::oidc::{
    Trust, address,
    code::{Client, Secret},
};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    clock_skew_seconds: u64,
    max_lifetime_hours: u64,
    issuers: Vec<Issuer>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Issuer {
    issuer: String,
    #[serde(deserialize_with = "list")]
    audiences: Vec<String>,
    #[serde(default = "rs256")]
    algorithms: Vec<Algorithm>,
    jwks_uri: Option<String>,
    name: Option<String>,
    client_id: Option<String>,
    client_secret: Option<Secret>,
}

/// What every provider can sign with (OpenID Connect Discovery, section 3).
fn rs256() -> Vec<Algorithm> {
    vec![Algorithm::RS256]
}

impl Oidc {
    /// The providers that are trusted, once the settings were checked.
    pub fn trusts(&self) -> Vec<Trust> {
        let trust = |issuer: &Issuer| Trust {
            issuer: issuer.issuer.clone(),
            audiences: issuer.audiences.clone(),
            algorithms: issuer.algorithms.clone(),
            jwks_uri: issuer.jwks_uri.as_deref().and_then(|uri| address(uri).ok()),
            clock_skew: Duration::from_secs(self.clock_skew_seconds),
            max_lifetime: Duration::from_secs(self.max_lifetime_hours * 3600),
            client: issuer.client(),
        };
        self.issuers.iter().map(trust).collect()
    }

    pub(super) fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.clock_skew_seconds > 60 {
            wrong.push("oidc.clock_skew_seconds is not 0 to 60".to_owned());
        }
        if !(1..=720).contains(&self.max_lifetime_hours) {
            wrong.push("oidc.max_lifetime_hours is not 1 to 720".to_owned());
        }
        let (mut seen, mut names) = (HashSet::new(), HashSet::new());
        for issuer in &self.issuers {
            let name = &issuer.issuer;
            wrong.extend(issuer.wrong().map(|what| format!("oidc.issuers {name:?}: {what}")));
            if !seen.insert(name) {
                wrong.push(format!("oidc.issuers {name:?} is there twice"));
            }
            let client = issuer.client();
            if client.is_some_and(|client| !names.insert(client.name)) {
                wrong.push(format!("oidc.issuers {name:?}: another has the same name"));
            }
        }
        wrong
    }
}

impl Issuer {
    /// As what this server is known to it, if it is.
    fn client(&self) -> Option<Client> {
        let host = || address(&self.issuer).ok()?.host().map(str::to_owned);
        Some(Client {
            id: self.client_id.clone()?,
            name: self.name.clone().or_else(host).unwrap_or_default(),
            secret: self.client_secret.clone(),
        })
    }

    fn wrong(&self) -> impl Iterator<Item = String> {
        let place = |name: &str, text: &str| {
            address(text).err().map(|expected| format!("{name} is not {expected}"))
        };
        let symmetric = |algorithm: &Algorithm| algorithm.family() == AlgorithmFamily::Hmac;
        let audiences = self.audiences.is_empty() || self.audiences.iter().any(String::is_empty);
        let algorithms = self.algorithms.is_empty() || self.algorithms.iter().any(symmetric);
        let is_empty = |text: &Option<String>| text.as_ref().is_some_and(String::is_empty);
        let nameless = is_empty(&self.name) || is_empty(&self.client_id);
        let of_a_client = self.client_secret.is_some() || self.name.is_some();
        let lonely = self.client_id.is_none() && of_a_client;
        [
            place("issuer", &self.issuer),
            self.issuer.contains('?').then(|| "issuer has a query".to_owned()),
            self.jwks_uri.as_deref().and_then(|uri| place("jwks_uri", uri)),
            audiences.then(|| "audiences does not say whom a token must be for".to_owned()),
            nameless.then(|| "name or client_id is empty".to_owned()),
            lonely.then(|| "client_secret or name without client_id".to_owned()),
            algorithms.then(|| "algorithms is not a list of asymmetric ones".to_owned()),
        ]
        .into_iter()
        .flatten()
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

    fn oidc(text: &str) -> Result<Oidc, Box<figment::Error>> {
        let read = Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(text));
        Ok(read.extract::<Config>()?.oidc)
    }

    #[test]
    fn a_provider_is_trusted_as_it_is_written() {
        let oidc = oidc(
            "[[oidc.issuers]]\nissuer = 'https://id.vn/a'\naudiences = 'one, two'\n\
             client_id = 'console'\nclient_secret = 'hidden'\n\
             [[oidc.issuers]]\nissuer = 'http://127.0.0.1:9'\naudiences = ['x']\n\
             algorithms = ['ES256', 'EdDSA']\njwks_uri = 'https://keys.vn/a'",
        )
        .unwrap();

        assert_eq!(oidc.wrong(), [""; 0]);
        let trusts = oidc.trusts();
        assert_eq!((&*trusts[0].issuer, trusts[0].audiences.len()), ("https://id.vn/a", 2));
        assert_eq!(trusts[0].algorithms, [Algorithm::RS256]);
        assert_eq!(trusts[0].clock_skew, Duration::from_secs(30));
        assert_eq!(trusts[0].max_lifetime, Duration::from_secs(24 * 3600));
        assert_eq!(trusts[1].algorithms, [Algorithm::ES256, Algorithm::EdDSA]);
        assert!(trusts[1].jwks_uri.is_some() && trusts[1].client.is_none());
        let client = trusts[0].client.as_ref().unwrap();
        assert_eq!((&*client.id, &*client.name), ("console", "id.vn"));
        assert!(!format!("{oidc:?}").contains("hidden"));
    }

    #[test]
    fn what_would_trust_too_much_is_told() {
        let issuer = "[[oidc.issuers]]\nissuer = 'https://id.vn'\naudiences = ['x']\n";
        for (text, told) in [
            ("[oidc]\nclock_skew_seconds = 61".to_owned(), "clock_skew_seconds is not 0 to 60"),
            ("[oidc]\nmax_lifetime_hours = 0".to_owned(), "max_lifetime_hours is not 1 to 720"),
            (issuer.replace("https", "http"), "issuer is not https, except on this machine"),
            (issuer.replace("id.vn", "id.vn?a=b"), "issuer has a query"),
            (issuer.replace("https://id.vn", "id"), "issuer is not an address such as"),
            (issuer.replace("'x'", ""), "audiences does not say whom"),
            (format!("{issuer}algorithms = []"), "not a list of asymmetric ones"),
            (format!("{issuer}algorithms = ['RS256', 'HS256']"), "not a list of asymmetric ones"),
            (format!("{issuer}jwks_uri = 'http://id.vn'"), "jwks_uri is not https"),
            (format!("{issuer}{issuer}"), "is there twice"),
            (format!("{issuer}client_id = ''"), "name or client_id is empty"),
            (format!("{issuer}client_secret = 'x'"), "without client_id"),
            (
                format!(
                    "{issuer}client_id = 'a'\n{}client_id = 'b'",
                    issuer.replace(".vn", ".vn/b")
                ),
                "another has the same name",
            ),
        ] {
            let wrong = oidc(&text).unwrap().wrong().join("; ");
            assert!(wrong.contains(told), "{text}: {wrong}");
        }
        for text in
            ["algorithms = ['none']", "algorithms = ['ES999']", "audience = 'x'", "audiences = 7"]
        {
            assert!(oidc(&format!("[[oidc.issuers]]\nissuer = 'https://id.vn'\n{text}")).is_err());
        }
    }
}
