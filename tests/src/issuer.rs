//! A sign-in provider that a test holds in its hand: keys of its own, published on loopback, and
//! tokens of any kind. What a real provider would never sign is signed here.

use std::{
    future::pending,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use api::{http::auth::oidc::Trust, tx::sha256};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// Whom tokens are for unless a test says otherwise.
pub const AUDIENCE: &str = "https://camket.test/graphql";

/// It stops with the test.
pub struct Issuer {
    pub url: String,
    desk: Arc<Desk>,
    server: JoinHandle<()>,
}

struct Desk {
    url: String,
    keys: Mutex<Vec<Value>>,
    mood: Mutex<Mood>,
    asked: AtomicUsize,
    /// The `traceparent` of each question.
    parents: Mutex<Vec<String>>,
}

/// How it answers.
#[derive(Clone, Debug, Default)]
pub enum Mood {
    /// As it should.
    #[default]
    Well,
    /// With 503.
    Away,
    /// Never.
    Silent,
    /// With a place where the answer is said to be.
    Elsewhere(String),
    /// As another issuer.
    As(String),
    /// With more than anybody wants to read.
    AtLength,
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Issuer {
    /// Publishes these keys.
    pub async fn start(keys: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has ports");
        let url = format!("http://{}", listener.local_addr().expect("it has an address"));
        let desk = Arc::new(Desk {
            url: url.clone(),
            keys: Mutex::default(),
            mood: Mutex::default(),
            asked: AtomicUsize::new(0),
            parents: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(published))
            .with_state(desk.clone());
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        let issuer = Self { url, desk, server };
        issuer.publish(keys);
        issuer
    }

    pub fn publish(&self, keys: &[&Signer]) {
        self.publish_as_they_are(keys.iter().map(|key| key.public.clone()).collect());
    }

    pub fn publish_as_they_are(&self, keys: Vec<Value>) {
        *self.desk.keys.lock().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    pub fn is(&self, mood: Mood) {
        *self.desk.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// How often it was asked for anything.
    pub fn asked(&self) -> usize {
        self.desk.asked.load(Ordering::Relaxed)
    }

    /// For which request it was asked, each time that this was said.
    pub fn parents(&self) -> Vec<String> {
        self.desk.parents.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn trust(&self) -> Trust {
        Trust {
            issuer: self.url.clone(),
            audiences: vec![AUDIENCE.to_owned()],
            algorithms: vec![Algorithm::ES256],
            jwks_uri: None,
            clock_skew: Duration::from_secs(30),
            max_lifetime: Duration::from_secs(24 * 3600),
            client: None,
        }
    }
}

async fn discovery(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let keys = format!("{}/keys", desk.url);
    desk.answer(json!({ "issuer": desk.url, "jwks_uri": keys }), &headers).await
}

async fn published(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let keys = desk.keys.lock().unwrap_or_else(PoisonError::into_inner).clone();
    desk.answer(json!({ "keys": keys }), &headers).await
}

impl Desk {
    fn note(&self, asked: &HeaderMap) {
        let parent = asked.get("traceparent").and_then(|parent| parent.to_str().ok());
        let mut parents = self.parents.lock().unwrap_or_else(PoisonError::into_inner);
        parents.extend(parent.map(str::to_owned));
    }

    async fn answer(&self, mut document: Value, asked: &HeaderMap) -> Response {
        self.note(asked);
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mood = self.mood.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match mood {
            Mood::Well => {}
            Mood::Away => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Mood::Silent => pending().await,
            Mood::Elsewhere(place) => {
                return (StatusCode::FOUND, [(header::LOCATION, place)]).into_response();
            }
            Mood::As(issuer) => document["issuer"] = issuer.into(),
            Mood::AtLength => document["padding"] = "x".repeat(1 << 20).into(),
        }
        Json(document).into_response()
    }
}

/// A private key with its public one.
pub struct Signer {
    pub id: String,
    /// The key as it is published.
    pub public: Value,
    /// What stands in the header of what it signs.
    pub algorithm: &'static str,
    pair: Pair,
}

enum Pair {
    Es256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    pub fn es256() -> Self {
        let random = SystemRandom::new();
        let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let secret = EcdsaKeyPair::generate_pkcs8(how, &random).expect("a new key");
        let pair = EcdsaKeyPair::from_pkcs8(how, secret.as_ref(), &random).expect("a key");
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let public = json!({ "kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y) });
        Self::new(public, "ES256", Pair::Es256(pair))
    }

    pub fn ed25519() -> Self {
        let secret = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a new key");
        let pair = Ed25519KeyPair::from_pkcs8(secret.as_ref()).expect("a key");
        let x = base64(pair.public_key().as_ref());
        let public = json!({ "kty": "OKP", "crv": "Ed25519", "x": x });
        Self::new(public, "EdDSA", Pair::Ed25519(pair))
    }

    fn new(mut public: Value, algorithm: &'static str, pair: Pair) -> Self {
        let id = sha256(public.to_string())[..12].to_owned();
        for (name, value) in [("kid", &*id), ("use", "sig"), ("alg", algorithm)] {
            public[name] = value.into();
        }
        Self { id, public, algorithm, pair }
    }

    /// A token with these claims and the header that belongs to the key.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(&self.header(), claims)
    }

    pub fn header(&self) -> Value {
        json!({ "typ": "at+jwt", "alg": self.algorithm, "kid": self.id })
    }

    /// A token with any header, signed with this key all the same.
    pub fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let signature = match &self.pair {
            Pair::Es256(pair) => {
                let signed = pair.sign(&SystemRandom::new(), message.as_bytes());
                base64(signed.expect("it signs").as_ref())
            }
            Pair::Ed25519(pair) => base64(pair.sign(message.as_bytes()).as_ref()),
        };
        format!("{message}.{signature}")
    }
}

/// What is signed of a token: its header and claims.
pub fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64(header.to_string().as_bytes()), base64(claims.to_string().as_bytes()))
}

pub fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
