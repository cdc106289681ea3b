//! Statements: what a partner is told of who asks, instead of the client's token. `api` makes one
//! for the client's headers and one partner, and makes it anew at least every half minute, so that
//! a token that was revoked stops counting.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hive_router::{
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
    tracing::warn,
};
use moka::{Expiry, future::Cache};
use serde::Deserialize;
use serde_json::json;

use crate::{
    config::Config,
    fault::Fault,
    hosts::Resolver,
    http::{Answer, Client},
};

/// The header with a router's key.
pub const KEY_HEADER: HeaderName = HeaderName::from_static("camket-router");

/// The header that names the party for which a client acts.
const PARTY_HEADER: HeaderName = HeaderName::from_static("camket-party");

/// The longest that a statement is used again.
const KEPT: Duration = Duration::from_secs(30);

/// The most statements that are kept.
const MOST: u64 = 10_000;

/// How long `api` may take.
const TIME: Duration = Duration::from_secs(3);

/// The most bytes of its answer.
const BYTES: usize = 64 * 1024;

/// Asks `api` for statements and keeps them.
pub struct Statements {
    client: Client,
    endpoint: String,
    key: HeaderValue,
    kept: Cache<blake3::Hash, Kept>,
}

/// What a client said about itself: the headers of it that `api` is asked with.
#[derive(Clone)]
pub struct Asker(Vec<(HeaderName, HeaderValue)>);

/// A statement as it is sent.
#[derive(Clone)]
struct Kept {
    bearer: HeaderValue,
    life: Duration,
}

/// Lets each statement be used for its own time.
struct Life;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    statements: std::collections::HashMap<String, String>,
    expires_in: u64,
}

impl Asker {
    /// Takes them from the headers of a client.
    pub fn of(headers: &HeaderMap) -> Self {
        let names = [header::AUTHORIZATION, PARTY_HEADER];
        let said = names.into_iter().flat_map(|name| {
            headers.get_all(&name).iter().map(move |value| (name.clone(), value.clone()))
        });
        Self(said.collect())
    }

    /// Tells askers and audiences apart, without keeping anybody's token.
    fn key(&self, audience: &str) -> blake3::Hash {
        let said =
            self.0.iter().flat_map(|(name, value)| [name.as_str().as_bytes(), value.as_bytes()]);
        let mut hasher = blake3::Hasher::new();
        for part in std::iter::once(audience.as_bytes()).chain(said) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.finalize()
    }
}

impl Statements {
    /// Asks at the registry of the settings.
    pub fn new(config: &Config) -> std::io::Result<Self> {
        Ok(Self {
            client: Client::new(Resolver::Any)?,
            endpoint: format!("{}/statements", config.registry),
            key: config.key.clone(),
            kept: Cache::builder().max_capacity(MOST).expire_after(Life).build(),
        })
    }

    /// The `Authorization` that says to `audience` who asks. Several who need the same one wait
    /// for one question; a refusal is not kept.
    pub async fn bearer(&self, asker: &Asker, audience: &str) -> Result<HeaderValue, Fault> {
        let kept = self.kept.try_get_with(asker.key(audience), self.ask(asker, audience)).await;
        kept.map(|kept| kept.bearer).map_err(Arc::unwrap_or_clone)
    }

    async fn ask(&self, asker: &Asker, audience: &str) -> Result<Kept, Fault> {
        let unavailable = |why: &str| {
            warn!(audience, why, "api gave no statement");
            Fault::unavailable(format!("{audience} cannot be told who asks"))
        };
        let body = json!({ "audiences": [audience] }).to_string();
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&self.endpoint)
            .header(header::CONTENT_TYPE, "application/json")
            .header(KEY_HEADER, &self.key);
        for (name, value) in &asker.0 {
            request = request.header(name, value);
        }
        let request = request.body(body.into()).map_err(|why| unavailable(&why.to_string()))?;
        let answer = self.client.ask(request, TIME, BYTES).await;
        let answer = answer.map_err(|why| unavailable(&why.to_string()))?;
        if answer.status != StatusCode::OK {
            return Err(refusal(&answer)
                .unwrap_or_else(|| unavailable(&format!("it answered {}", answer.status))));
        }
        given(&answer.body, audience).ok_or_else(|| unavailable("its answer is none"))
    }
}

impl Expiry<blake3::Hash, Kept> for Life {
    fn expire_after_create(&self, _: &blake3::Hash, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.life)
    }
}

/// Reads the statement for an audience. It is kept for at most half of its own life, so that it
/// is still good when it arrives.
fn given(body: &[u8], audience: &str) -> Option<Kept> {
    let given: Given = serde_json::from_slice(body).ok()?;
    let mut bearer: HeaderValue =
        format!("Bearer {}", given.statements.get(audience)?).parse().ok()?;
    bearer.set_sensitive(true);
    let life = KEPT.min(Duration::from_secs(given.expires_in) / 2);
    Some(Kept { bearer, life })
}

/// What `api` says of a client that it refuses. Where it refuses the router itself, it asks for the
/// router's key; that is nothing that a client could mend.
fn refusal(answer: &Answer) -> Option<Fault> {
    if answer.header(header::WWW_AUTHENTICATE.as_str()) == Some("Camket-Router") {
        return None;
    }
    #[derive(Deserialize)]
    struct Body {
        errors: Vec<Error>,
    }
    #[derive(Deserialize)]
    struct Error {
        message: String,
        extensions: Extensions,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Extensions {
        code: String,
        trace_id: Option<String>,
    }
    let body: Body = serde_json::from_slice(&answer.body).ok()?;
    let error = body.errors.into_iter().next()?;
    let Extensions { code, trace_id } = error.extensions;
    Some(Fault { message: error.message, code: Some(code), trace_id })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker(headers: &[(&'static str, &'static str)]) -> Asker {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        Asker::of(&map)
    }

    #[test]
    fn an_asker_is_its_token_and_party_and_nothing_else() {
        let plain = asker(&[("authorization", "Bearer a"), ("camket-party", "p")]);
        let more = asker(&[("x-other", "1"), ("camket-party", "p"), ("authorization", "Bearer a")]);

        assert_eq!(plain.key("vidutel"), more.key("vidutel"));
        assert_eq!(more.0.len(), 2);
    }

    #[test]
    fn askers_and_audiences_are_told_apart() {
        let keys: std::collections::HashSet<_> = [
            (asker(&[]), "vidutel"),
            (asker(&[]), "vidubank"),
            (asker(&[("authorization", "")]), "vidutel"),
            (asker(&[("camket-party", "")]), "vidutel"),
            (asker(&[("authorization", "Bearer a")]), "vidutel"),
            (asker(&[("authorization", "Bearer a")]), "vidubank"),
            (asker(&[("authorization", "Bearer b")]), "vidutel"),
            (asker(&[("authorization", "Bearer a"), ("camket-party", "p")]), "vidutel"),
            (asker(&[("authorization", "Bearer a"), ("authorization", "p")]), "vidutel"),
            (asker(&[("authorization", "Bearer ap")]), "vidutel"),
        ]
        .iter()
        .map(|(asker, audience)| asker.key(audience))
        .collect();

        assert_eq!(keys.len(), 10);
    }

    #[test]
    fn a_statement_is_kept_half_a_minute_and_never_more_than_half_its_life() {
        let life = |expires_in: u64| {
            let body = json!({ "statements": { "vidutel": "x.y.z" }, "expiresIn": expires_in });
            given(body.to_string().as_bytes(), "vidutel").unwrap().life.as_secs()
        };
        assert_eq!((life(60), life(3600), life(10), life(0)), (30, 30, 5, 0));
    }

    #[test]
    fn an_answer_without_the_statement_is_none() {
        for body in ["", "{}", r#"{"statements":{"vidubank":"x"},"expiresIn":60}"#] {
            assert!(given(body.as_bytes(), "vidutel").is_none(), "{body}");
        }
    }
}
