//! Signing in with a provider in a browser: the authorization code flow with PKCE (OpenID Connect
//! Core, section 3.1; RFC 7636). The browser carries a state, a nonce and a verifier that this server
//! made; the code is exchanged by us, and what the provider then says of the person is believed for
//! its signature. Nothing of the provider's tokens is kept.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::Uri;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::Header;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    Provider, Providers, address,
    claims::{self, IdClaims},
    fetch::{Fetch, Unfetched},
    keys::Missing,
};
use crate::{authz::Identity, clock::Clock, telemetry::Span};

/// How long what a provider says of its addresses is kept.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// As what this server is known to a provider.
#[derive(Clone, Debug)]
pub struct Client {
    /// What the provider is called at the console's door.
    pub name: String,
    pub id: String,
    pub secret: Option<Secret>,
}

/// What no log shows.
#[derive(Clone, Deserialize)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// What the browser keeps between leaving for the provider and coming back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

impl Transaction {
    pub fn new(clock: &dyn Clock) -> Self {
        let random = || {
            let mut bytes = [0; 32];
            clock.random(&mut bytes);
            URL_SAFE_NO_PAD.encode(bytes)
        };
        Self { state: random(), nonce: random(), verifier: random() }
    }

    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }
}

/// Why nobody was signed in.
#[derive(Debug)]
pub enum Failed {
    /// The provider does not say that it is so; why, for the log.
    Refused(String),
    /// The provider is away.
    Away,
}

/// Where a provider is asked.
#[derive(Debug)]
struct Places {
    authorization: Uri,
    token: Uri,
    takes_basic: bool,
}

/// What is known of a provider's addresses.
#[derive(Default)]
pub(super) struct Known(Mutex<Option<(Arc<Places>, DateTime<Utc>)>>);

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl Providers {
    /// The names of those that a browser can sign in with.
    pub fn offered(&self) -> Vec<&str> {
        let clients = self.0.values().filter_map(|provider| provider.trust.client.as_ref());
        let mut names: Vec<&str> = clients.map(|client| &*client.name).collect();
        names.sort_unstable();
        names
    }

    /// The door of one of them.
    pub fn door(&self, name: &str) -> Option<ProviderDoor<'_>> {
        let doors = self.0.values().filter_map(|provider| {
            let client = provider.trust.client.as_ref()?;
            Some(ProviderDoor { provider, client })
        });
        doors.into_iter().find(|door| door.client.name == name)
    }
}

/// A provider with what this server is to it.
pub struct ProviderDoor<'a> {
    provider: &'a Provider,
    client: &'a Client,
}

impl ProviderDoor<'_> {
    pub fn issuer(&self) -> &str {
        &self.provider.trust.issuer
    }

    /// Where the browser goes to sign in, and whereto it is to come back.
    pub async fn leave(
        &self,
        transaction: &Transaction,
        back: &str,
        now: DateTime<Utc>,
    ) -> Result<String, Failed> {
        let places = self.places(now).await?;
        let asked = [
            ("response_type", "code"),
            ("client_id", &*self.client.id),
            ("redirect_uri", back),
            ("scope", "openid"),
            ("state", &transaction.state),
            ("nonce", &transaction.nonce),
            ("code_challenge", &transaction.challenge()),
            ("code_challenge_method", "S256"),
        ];
        let asked = encoded(&asked)?;
        let place = places.authorization.to_string();
        let joint = if place.contains('?') { '&' } else { '?' };
        Ok(format!("{place}{joint}{asked}"))
    }

    /// Whom a code means.
    pub async fn arrive(
        &self,
        transaction: &Transaction,
        code: &str,
        back: &str,
        now: DateTime<Utc>,
    ) -> Result<Identity, Failed> {
        let places = self.places(now).await?;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back),
            ("client_id", &self.client.id),
            ("code_verifier", &transaction.verifier),
        ];
        let mut basic = None;
        match &self.client.secret {
            Some(Secret(secret)) if places.takes_basic => {
                basic = Some(basic_of(&self.client.id, secret)?);
            }
            Some(Secret(secret)) => form.push(("client_secret", secret)),
            None => {}
        }
        let (form, asker) = (encoded(&form)?, Span::current());
        let tokens = self.provider.fetch.form(&places.token, form, basic, asker).await;
        let tokens: Tokens = tokens.map_err(|why| self.unfetched(why))?;
        let subject = self.subject(&tokens.id_token, &transaction.nonce, now).await?;
        Ok(Identity::Person { issuer: self.provider.trust.issuer.clone(), subject })
    }

    /// Whom an ID token means, once its signature and its claims were checked.
    async fn subject(
        &self,
        token: &str,
        nonce: &str,
        now: DateTime<Utc>,
    ) -> Result<String, Failed> {
        let refused = |why: &str| Failed::Refused(why.to_owned());
        let header = jsonwebtoken::decode_header(token);
        let header = header.ok().filter(is_id_token).ok_or_else(|| refused("no ID token"))?;
        let claims: IdClaims =
            self.provider.verified(token, &header, now).await.map_err(|missing| match missing {
                Some(Missing::Away) => Failed::Away,
                _ => refused("the ID token is not signed by the provider"),
            })?;
        claims::id_subject(claims, &self.provider.trust, &self.client.id, nonce, now)
            .map_err(refused)
    }

    /// The provider's addresses, by its own description.
    async fn places(&self, now: DateTime<Utc>) -> Result<Arc<Places>, Failed> {
        let Provider { trust, fetch, known, .. } = self.provider;
        if let Some((places, since)) = &*known.0.lock().unwrap_or_else(PoisonError::into_inner)
            && (TimeDelta::zero()..FRESH).contains(&(now - *since))
        {
            return Ok(places.clone());
        }
        let places = discovered(fetch, &trust.issuer).await.map_err(|why| {
            tracing::warn!(issuer = trust.issuer, why, "a sign-in provider is away");
            Failed::Away
        })?;
        let places = Arc::new(places);
        *known.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((places.clone(), now));
        Ok(places)
    }

    fn unfetched(&self, why: Unfetched) -> Failed {
        match why {
            Unfetched::Answered(status) if status.is_client_error() => {
                Failed::Refused(format!("the provider answered {status} to the code"))
            }
            why => {
                let why = why.to_string();
                tracing::warn!(
                    issuer = self.provider.trust.issuer,
                    why,
                    "a sign-in provider is away"
                );
                Failed::Away
            }
        }
    }
}

async fn discovered(fetch: &Fetch, issuer: &str) -> Result<Places, String> {
    let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let place: Uri = place.parse().map_err(|_| "no address".to_owned())?;
    let found: Discovery = fetch.json(&place, Span::current()).await?;
    if found.issuer != issuer {
        return Err("it calls itself something else".to_owned());
    }
    let safe = |text: &str| match address(text) {
        Ok(uri) if uri.scheme() == place.scheme() => Ok(uri),
        _ => Err("one of its addresses is not safe".to_owned()),
    };
    // What is there where nothing is said (OpenID Connect Discovery, section 3).
    let basic = |methods: Vec<String>| methods.iter().any(|method| method == "client_secret_basic");
    Ok(Places {
        authorization: safe(&found.authorization_endpoint)?,
        token: safe(&found.token_endpoint)?,
        takes_basic: found.token_endpoint_auth_methods_supported.is_none_or(basic),
    })
}

/// Whether a token may say who somebody is: it is no access token, and has no rules that we do not
/// know.
fn is_id_token(header: &Header) -> bool {
    let is_plain = header.typ.as_deref().is_none_or(|typ| typ.eq_ignore_ascii_case("jwt"));
    is_plain && header.crit.is_none()
}

/// As RFC 6749, section 2.3.1 has it: both are encoded as in a form.
fn basic_of(id: &str, secret: &str) -> Result<String, Failed> {
    let part =
        |text: &str| encoded(&[("", text)]).map(|pair| pair.trim_start_matches('=').to_owned());
    let both = format!("{}:{}", part(id)?, part(secret)?);
    Ok(format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(both)))
}

fn encoded(pairs: &[(&str, &str)]) -> Result<String, Failed> {
    serde_urlencoded::to_string(pairs).map_err(|cause| Failed::Refused(cause.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let transaction = Transaction { state: String::new(), nonce: String::new(), verifier };
        assert_eq!(transaction.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_secret_is_encoded_and_never_shown() {
        let basic = basic_of("a b", "p:w/=").unwrap();
        let encoded = base64::engine::general_purpose::STANDARD.encode("a+b:p%3Aw%2F%3D");
        assert_eq!(basic, format!("Basic {encoded}"));
        assert_eq!(format!("{:?}", Secret("p".to_owned())), "…");
    }
}
