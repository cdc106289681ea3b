//! A province for tests: it signs statements, and a registry on loopback tells its public keys.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    routing::get,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::RwLock, task::JoinHandle};
use tower::ServiceExt;

use crate::{PREFIX, app, data::Data, statement::Verifier};

pub const ISSUER: &str = "http://province.test";

pub struct Province {
    registry: String,
    keys: Arc<RwLock<Vec<Jwk>>>,
    asked: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl Province {
    /// One with a single key, named `first`.
    pub async fn start() -> Self {
        let keys = Arc::new(RwLock::new(vec![public("first")]));
        let asked = Arc::new(AtomicUsize::new(0));
        let (told, counted) = (keys.clone(), asked.clone());
        let answer = async move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Json(json!({ "keys": *told.read().await }))
        };
        let router = Router::new().route("/jwks.json", get(answer));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let registry = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { registry, keys, asked, server }
    }

    pub fn app(&self) -> Router {
        app(Data::load().unwrap(), Verifier::new(&self.registry, ISSUER, PREFIX))
    }

    pub async fn publish(&self, name: &str) {
        self.keys.write().await.push(public(name));
    }

    /// How often the registry was asked for its keys.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    pub async fn go_away(&mut self) {
        self.server.abort();
        assert!((&mut self.server).await.unwrap_err().is_cancelled());
    }
}

/// The secret key of that name.
pub fn secret(name: &str) -> EncodingKey {
    let mut seed = [0; 32];
    seed[..name.len()].copy_from_slice(name.as_bytes());
    // PKCS #8 of Ed25519: this, then the seed.
    let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    EncodingKey::from_ed_der(&[head.as_slice(), &seed].concat())
}

pub fn public(name: &str) -> Jwk {
    let mut key = Jwk::from_encoding_key(&secret(name), Algorithm::EdDSA).unwrap();
    key.common.key_id = Some(name.to_owned());
    key
}

pub fn head(key: &str) -> Header {
    let mut head = Header::new(Algorithm::EdDSA);
    head.typ = Some("camket-statement+jwt".to_owned());
    head.kid = Some(key.to_owned());
    head
}

/// What the province says of the public.
pub fn claims() -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    json!({
        "iss": ISSUER, "aud": PREFIX, "iat": now, "exp": now + 60, "jti": "1", "sub": "public",
        "own": false, "kind": "PUBLIC",
    })
}

pub fn sign(head: &Header, claims: &Value, key: &EncodingKey) -> String {
    jsonwebtoken::encode(head, claims, key).unwrap()
}

pub fn statement() -> String {
    sign(&head("first"), &claims(), &secret("first"))
}

/// Sends a question, with `Authorization` as given.
pub async fn send(app: &Router, authorization: Option<&str>, body: String) -> (StatusCode, Value) {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    let answer = app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// Asks as the router does, for the public.
pub async fn ask(app: &Router, query: &str, variables: Value) -> Value {
    let question = json!({ "query": query, "variables": variables }).to_string();
    let (status, answer) = send(app, Some(&format!("Bearer {}", statement())), question).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}
