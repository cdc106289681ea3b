//! Bearer tokens of OpenID providers: whom a token is by, whether it is good, whom it means. A
//! token is believed for its signature by a key of a provider that the operator named, never for
//! what it says of itself; it says who somebody is, never what they may do (`domain::member`).

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::http::{Uri, uri::Authority};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Header, Validation, dangerous};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    authz::Identity,
    error::{Error, Result},
};

mod claims;
pub mod code;
mod fetch;
mod keys;
mod signature;

use claims::Claims;
use fetch::Fetch;
use keys::{Keys, Missing};

/// The longest token in bytes; providers that put a person's groups in it reach some 4 KB.
const MAX_TOKEN: usize = 8 << 10;

/// Of one provider: who it is, and what makes its tokens good here.
#[derive(Clone, Debug)]
pub struct Trust {
    pub issuer: String,
    /// Whom a token must be for, one of them.
    pub audiences: Vec<String>,
    /// What a token may be signed with.
    pub algorithms: Vec<Algorithm>,
    /// Where its keys are, if it does not say so itself.
    pub jwks_uri: Option<Uri>,
    /// How far its clock and ours may differ.
    pub clock_skew: Duration,
    /// How long a token may have left.
    pub max_lifetime: Duration,
    /// As what this server is known to it, where browsers sign in with it.
    pub client: Option<code::Client>,
}

impl Trust {
    fn needs_tls(&self) -> bool {
        self.issuer.starts_with("https:")
            || self.jwks_uri.as_ref().is_some_and(|uri| uri.scheme_str() == Some("https"))
    }
}

/// The providers whose tokens are good here.
#[derive(Default)]
pub struct Providers(HashMap<String, Provider>);

struct Provider {
    trust: Arc<Trust>,
    keys: Arc<Keys>,
    fetch: Fetch,
    known: code::Known,
}

impl Providers {
    pub fn new(trusts: Vec<Trust>) -> Result<Self> {
        if trusts.is_empty() {
            return Ok(Self::default());
        }
        signature::install();
        let fetch = Fetch::new(trusts.iter().any(Trust::needs_tls))?;
        let provider = |trust: Trust| {
            let trust = Arc::new(trust);
            let keys = Keys::of(trust.clone(), fetch.clone());
            let (fetch, known) = (fetch.clone(), code::Known::default());
            (trust.issuer.clone(), Provider { trust, keys, fetch, known })
        };
        Ok(Self(trusts.into_iter().map(provider).collect()))
    }

    /// Whom a token means, now.
    pub async fn identify(&self, token: &str, now: DateTime<Utc>) -> Result<Identity> {
        if token.len() > MAX_TOKEN {
            return Err(Error::Unauthenticated("this token is too long"));
        }
        // Which provider to ask is all that is taken from a token before its signature is checked.
        let provider = unverified_issuer(token).and_then(|issuer| self.0.get(&issuer));
        let header = jsonwebtoken::decode_header(token).ok();
        let (Some(provider), Some(header)) = (provider, header) else {
            return Err(NOT_GOOD);
        };
        provider.identify(token, &header, now).await
    }
}

const NOT_GOOD: Error = Error::Unauthenticated("this token is not good (any more)");

impl Provider {
    async fn identify(&self, token: &str, header: &Header, now: DateTime<Utc>) -> Result<Identity> {
        let trust = &self.trust;
        if !is_access_token(header) {
            return Err(NOT_GOOD);
        }
        let claims = self.verified::<Claims>(token, header, now).await;
        let claims = claims.map_err(|missing| match missing {
            Some(Missing::Away) => Error::Unavailable("the sign-in provider"),
            _ => NOT_GOOD,
        })?;
        let subject = claims::subject(claims, trust, now).map_err(Error::Unauthenticated)?;
        Ok(Identity::Person { issuer: trust.issuer.clone(), subject })
    }

    /// What a token claims that this provider signed. Where there is no key, why.
    async fn verified<T: DeserializeOwned + Clone>(
        &self,
        token: &str,
        header: &Header,
        now: DateTime<Utc>,
    ) -> Result<T, Option<Missing>> {
        if !self.trust.algorithms.contains(&header.alg) {
            return Err(None);
        }
        let key = self.keys.find(header.kid.as_deref(), header.alg, now).await.map_err(Some)?;
        // The claims are compared elsewhere, with the time of our clock.
        let mut signature = Validation::new(header.alg);
        signature.required_spec_claims.clear();
        (signature.validate_exp, signature.validate_aud) = (false, false);
        let verified = jsonwebtoken::decode::<T>(token, &key, &signature);
        Ok(verified.map_err(|_| None)?.claims)
    }
}

/// Whether a token may be one for calling us (RFC 9068), and not a statement to partners, a
/// notice of signing out, or one with rules that we do not know.
fn is_access_token(header: &Header) -> bool {
    let typ = header.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    matches!(typ, "jwt" | "at+jwt") && header.crit.is_none()
}

fn unverified_issuer(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Issuer {
        iss: String,
    }
    let claims = dangerous::insecure_decode_claims::<Issuer>(token).ok()?;
    Some(claims.iss)
}

/// An address that may be asked: by TLS, or on this machine.
pub fn address(text: &str) -> std::result::Result<Uri, &'static str> {
    let wrong = "an address such as https://id.example.vn/realm";
    let uri: Uri = text.parse().map_err(|_| wrong)?;
    let authority = uri.authority().map(Authority::as_str).unwrap_or_default();
    if text.contains('#') || authority.is_empty() || authority.contains('@') {
        return Err(wrong);
    }
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if uri.host().is_some_and(is_loopback) => Ok(uri),
        Some("http") => Err("https, except on this machine itself"),
        _ => Err(wrong),
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    host == "localhost" || address.is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_asked_by_tls_or_on_this_machine() {
        for good in ["https://id.example/realms/a", "http://127.0.0.1:80", "http://[::1]:9/x"] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "id.example",
            "/realm",
            "http://id.example",
            "http://127.0.0.1.example",
            "http://10.0.0.1",
            "ftp://id.example",
            "https://user:secret@id.example",
            "https://id.example/#a",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
