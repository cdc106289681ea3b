//! The keys of one provider: asked for when they are needed, kept, exchanged when the provider
//! exchanges them. A token with a key that nobody knows makes us ask again, but only now and then;
//! a provider that is away costs nobody who signs with a key that is known.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::Uri;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey,
    jwk::{Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::{Trust, address, fetch::Fetch};
use crate::telemetry::Span;

/// Keys older than this are asked for again, while the old ones serve.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// Keys older than this wait for the new ones, unless the provider was away when last asked.
const STALE: TimeDelta = TimeDelta::hours(1);

/// Keys older than this serve no more.
const EXPIRED: TimeDelta = TimeDelta::hours(24);

/// How soon a provider is asked again: after it answered, and after it did not.
const PAUSE: TimeDelta = TimeDelta::seconds(30);
const RETRY: TimeDelta = TimeDelta::seconds(5);

/// The most keys of a provider.
const MAX_KEYS: usize = 100;

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The provider has no such key.
    Unknown,
    /// The provider is away, so nobody can say.
    Away,
}

pub struct Keys {
    trust: Arc<Trust>,
    fetch: Fetch,
    state: Mutex<State>,
    /// One question at a time.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    tried: Option<DateTime<Utc>>,
    away: bool,
}

struct Kept {
    keys: Arc<[Key]>,
    since: DateTime<Utc>,
}

struct Key {
    id: Option<String>,
    algorithm: Option<KeyAlgorithm>,
    key: DecodingKey,
}

/// What `/.well-known/openid-configuration` says, as far as it matters here.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

impl Keys {
    pub fn of(trust: Arc<Trust>, fetch: Fetch) -> Arc<Self> {
        let (state, turn) = (Mutex::default(), tokio::sync::Mutex::default());
        Arc::new(Self { trust, fetch, state, turn })
    }

    /// The key that a token says it is signed with.
    pub async fn find(
        self: &Arc<Self>,
        id: Option<&str>,
        algorithm: Algorithm,
        now: DateTime<Utc>,
    ) -> Result<DecodingKey, Missing> {
        let (known, away) = {
            let state = self.state();
            (state.look(id, algorithm, now), state.away)
        };
        match known {
            Some((key, age)) if age < FRESH => return Ok(key),
            Some((key, age)) if age < STALE || away => {
                if self.state().may_ask(now) {
                    self.ask(now);
                }
                return Ok(key);
            }
            // Whoever asks waits for the answer; if they go away, it still comes.
            _ => _ = self.ask(now).await,
        }
        let state = self.state();
        match state.look(id, algorithm, now) {
            Some((key, _)) => Ok(key),
            None if state.away || state.kept(now).is_none() => Err(Missing::Away),
            None => Err(Missing::Unknown),
        }
    }

    /// Asks the provider, unless it was asked just now.
    fn ask(self: &Arc<Self>, now: DateTime<Utc>) -> JoinHandle<()> {
        let (keys, asker) = (self.clone(), Span::current());
        let asking = async move {
            let _turn = keys.turn.lock().await;
            if !keys.state().begin(now) {
                return;
            }
            let asked = keys.asked(asker).await;
            let mut state = keys.state();
            state.away = asked.is_err();
            match asked {
                Ok(fetched) => state.kept = Some(Kept { keys: fetched, since: now }),
                Err(why) => {
                    tracing::warn!(issuer = keys.trust.issuer, why, "a sign-in provider is away");
                }
            }
        };
        tokio::spawn(asking.in_current_span())
    }

    async fn asked(&self, asker: Option<Span>) -> Result<Arc<[Key]>, String> {
        let place = match &self.trust.jwks_uri {
            Some(place) => place.clone(),
            None => self.discovered(asker).await?,
        };
        let set: Set = self.fetch.json(&place, asker).await?;
        let keys: Arc<[Key]> = set.keys.into_iter().take(MAX_KEYS).filter_map(usable).collect();
        if keys.is_empty() {
            tracing::warn!(issuer = self.trust.issuer, "a sign-in provider has no usable key");
        }
        Ok(keys)
    }

    /// Where the keys are, by the provider's own description.
    async fn discovered(&self, asker: Option<Span>) -> Result<Uri, String> {
        let issuer = &self.trust.issuer;
        let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let place: Uri = place.parse().map_err(|_| "no address".to_owned())?;
        let found: Discovery = self.fetch.json(&place, asker).await?;
        if found.issuer != *issuer {
            return Err(format!("it calls itself {}", shown(&found.issuer)));
        }
        match address(&found.jwks_uri) {
            Ok(keys) if keys.scheme() == place.scheme() => Ok(keys),
            _ => Err(format!("its keys are at {}, which is not safe", shown(&found.jwks_uri))),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn kept(&self, now: DateTime<Utc>) -> Option<&Kept> {
        self.kept.as_ref().filter(|kept| now - kept.since < EXPIRED)
    }

    /// A key and how long ago it came. A token without a key id means the only key that fits.
    fn look(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
        now: DateTime<Utc>,
    ) -> Option<(DecodingKey, TimeDelta)> {
        let kept = self.kept(now)?;
        let mut fits = kept.keys.iter().filter(|key| key.fits(id, algorithm));
        match (fits.next(), fits.next(), id) {
            (Some(key), _, Some(_)) | (Some(key), None, None) => {
                Some((key.key.clone(), now - kept.since))
            }
            _ => None,
        }
    }

    fn may_ask(&self, now: DateTime<Utc>) -> bool {
        let pause = if self.away { RETRY } else { PAUSE };
        self.tried.is_none_or(|tried| (now - tried).abs() >= pause)
    }

    fn begin(&mut self, now: DateTime<Utc>) -> bool {
        let may = self.may_ask(now);
        if may {
            self.tried = Some(now);
        }
        may
    }
}

impl Key {
    fn fits(&self, id: Option<&str>, algorithm: Algorithm) -> bool {
        id.is_none_or(|id| self.id.as_deref() == Some(id))
            && self.key.family() == algorithm.family()
            && self.algorithm.is_none_or(|own| own == algorithm.into())
    }
}

/// What somebody else wrote, for the log: in quotes and not at length.
fn shown(text: &str) -> String {
    format!("{:?}", text.chars().take(200).collect::<String>())
}

/// A key that signatures can be verified with; what else a set holds is not our concern.
fn usable(jwk: Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(jwk).ok()?;
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    let common = jwk.common;
    let signs = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature))
        && common.key_operations.is_none_or(|uses| uses.contains(&KeyOperations::Verify));
    (signs && key.family() != AlgorithmFamily::Hmac).then_some(Key {
        id: common.key_id,
        algorithm: common.key_algorithm,
        key,
    })
}
