//! Who is asking: the statement that the province signs for this subgraph, and for no other, for a
//! minute. It says neither who the client is nor for which party it acts:
//!
//! | claim | |
//! | --- | --- |
//! | `own` | the client acts for the party that runs this subgraph |
//! | `kind` | the kind of its party; `PUBLIC` if there is none; `PROBE` where the registry itself asks |
//! | `sub` | the same for the same client, and different in every subgraph |

use std::{collections::HashMap, error::Error, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{Jwk, JwkSet},
};
use serde::Deserialize;
use serde_json::json;
use tokio::{
    sync::{Mutex, RwLock},
    task::spawn_blocking,
    time::Instant,
};
use ureq::tls::{RootCerts, TlsConfig};

const TYPE: &str = "camket-statement+jwt";
/// How far the clocks of the province and ours may differ, in seconds.
const LEEWAY: u64 = 5;
/// Anybody can send the name of a key that does not exist: the registry is asked no more often.
const ASK_AGAIN: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(5);
const MAX_KEYS: u64 = 64 * 1024;

/// What is used of a statement here.
#[derive(Clone, Debug, Deserialize)]
pub struct Statement {
    pub own: bool,
}

pub struct Verifier {
    jwks: String,
    validation: Validation,
    agent: ureq::Agent,
    keys: RwLock<HashMap<String, DecodingKey>>,
    asked: Mutex<Option<Instant>>,
}

impl Verifier {
    pub fn new(registry: &str, issuer: &str, audience: &str) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.leeway = LEEWAY;
        validation.set_required_spec_claims(&["aud", "exp", "iss"]);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[issuer]);
        let system = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let agent = ureq::Agent::config_builder()
            .tls_config(system)
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .build();
        Self {
            jwks: format!("{registry}/jwks.json"),
            validation,
            agent: agent.into(),
            keys: RwLock::default(),
            asked: Mutex::default(),
        }
    }

    async fn verify(&self, headers: &HeaderMap) -> Option<Statement> {
        let token = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
        let head = jsonwebtoken::decode_header(token).ok()?;
        if head.typ.as_deref() != Some(TYPE) || head.crit.is_some() {
            return None;
        }
        let key = self.key(&head.kid?).await?;
        Some(jsonwebtoken::decode(token, &key, &self.validation).ok()?.claims)
    }

    /// The key of that name. One that is known needs no registry; for another the registry is asked.
    async fn key(&self, name: &str) -> Option<DecodingKey> {
        if let Some(key) = self.keys.read().await.get(name) {
            return Some(key.clone());
        }
        let mut asked = self.asked.lock().await;
        if asked.is_none_or(|at| at.elapsed() >= ASK_AGAIN) {
            *asked = Some(Instant::now());
            match self.fetch().await {
                Ok(keys) => *self.keys.write().await = keys,
                Err(cause) => eprintln!("no keys from {}: {cause}", self.jwks),
            }
        }
        self.keys.read().await.get(name).cloned()
    }

    async fn fetch(&self) -> Result<HashMap<String, DecodingKey>, Box<dyn Error + Send + Sync>> {
        let request = self.agent.get(&self.jwks);
        let set: JwkSet = spawn_blocking(move || {
            request.call()?.body_mut().with_config().limit(MAX_KEYS).read_json()
        })
        .await??;
        let named =
            |key: &Jwk| Some((key.common.key_id.clone()?, DecodingKey::from_jwk(key).ok()?));
        Ok(set.keys.iter().filter_map(named).collect())
    }
}

/// Lets a request pass that bears a statement for this subgraph.
pub async fn required(
    State(verifier): State<Arc<Verifier>>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(statement) = verifier.verify(request.headers()).await else {
        let message = "a statement of the province for this subgraph is required";
        let error = json!({ "message": message, "extensions": { "code": "UNAUTHENTICATED" } });
        let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
        return (StatusCode::UNAUTHORIZED, challenge, Json(json!({ "errors": [error] })))
            .into_response();
    };
    request.extensions_mut().insert(statement);
    next.run(request).await
}
