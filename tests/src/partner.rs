//! A partner's subgraph that a test holds in its hand: it says of itself what was deployed, verifies
//! statements as it should, knows some communes, and lies in one way where a test wants it to.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use api::{app::App, domain::statement::keys::Keys};
use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::{id::PartyId, party};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{Actor, TestApp};

/// In which way it does not do what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// It does.
    None,
    /// It says of itself what was not published.
    OtherSdl,
    /// It answers everybody.
    Public,
    /// It answers everybody who asks for its type's name alone.
    PublicTypeName,
    TakesOtherAudience,
    TakesExpired,
    /// It looks at no signature.
    TakesForged,
    /// It takes statements that are not signed at all.
    TakesUnsigned,
    /// It refuses every statement.
    Refuses,
    /// It leaves out what it does not know.
    Drops,
    /// It answers what it knows first.
    Sorts,
    /// It has figures for communes that there are not.
    MakesUp,
    /// It fails altogether for a key that it does not know.
    Fails,
    Slow,
    /// It sends without end.
    Endless,
    Redirects,
    NoJson,
}

/// It stops with the test.
pub struct Partner {
    pub url: String,
    desk: Arc<Desk>,
    server: JoinHandle<()>,
}

struct Desk {
    lie: Lie,
    prefix: String,
    /// The ids that it knows.
    known: Vec<String>,
    /// Whose statements it takes, and whose clock it goes by.
    api: Arc<App>,
    sdl: Mutex<String>,
    heard: Mutex<Vec<(HeaderMap, Value)>>,
}

impl Drop for Partner {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Partner {
    /// Serves a subgraph with a prefix, which knows some communes by their ids.
    pub fn start(app: &TestApp, lie: Lie, prefix: &str, known: Vec<String>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has ports");
        listener.set_nonblocking(true).expect("it can be waited for");
        let listener = TcpListener::from_std(listener).expect("it belongs to the runtime");
        let url = format!("http://{}/graphql", listener.local_addr().expect("it has an address"));
        let (prefix, api) = (prefix.to_owned(), app.api.clone());
        let (sdl, heard) = (Mutex::default(), Mutex::default());
        let desk = Arc::new(Desk { lie, prefix, known, api, sdl, heard });
        let router = Router::new().route("/graphql", post(answer)).with_state(desk.clone());
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self { url, desk, server }
    }

    /// Says of itself what is deployed from now on.
    pub fn deploy(&self, sdl: &str) {
        sdl.clone_into(&mut lock(&self.desk.sdl));
    }

    /// The headers and the body of each question.
    pub fn heard(&self) -> Vec<(HeaderMap, Value)> {
        lock(&self.desk.heard).clone()
    }
}

/// The endpoints of the parties of a test.
pub(crate) type Partners = Mutex<HashMap<PartyId, Partner>>;

impl TestApp {
    /// Deploys a schema at the one endpoint of a party, and answers its address.
    pub fn deploy(&self, party: &party::Model, sdl: &str) -> String {
        let mut partners = lock(&self.partners);
        let partner = partners.entry(party.id).or_insert_with(|| {
            let prefix = party.prefix.as_deref().unwrap_or_default();
            Partner::start(self, Lie::None, prefix, Vec::new())
        });
        partner.deploy(sdl);
        partner.url.clone()
    }
}

impl Actor {
    /// The same for the party that they act for.
    pub fn deploys(&self, sdl: &str) -> String {
        self.app.deploy(self.party(), sdl)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Response {
    let heard = (headers.clone(), asked.clone());
    lock(&desk.heard).push(heard);
    match desk.lie {
        Lie::Slow => tokio::time::sleep(Duration::from_secs(5)).await,
        Lie::Redirects => {
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/elsewhere")])
                .into_response();
        }
        Lie::NoJson => return "<html>".into_response(),
        Lie::Endless => {
            let piece = || async { Some((Ok::<_, std::io::Error>(vec![b' '; 64 << 10]), ())) };
            let endless = futures_util::stream::unfold((), move |()| piece());
            return Body::from_stream(endless).into_response();
        }
        _ => {}
    }
    let query = asked["query"].as_str().unwrap_or_default();
    if !desk.admits(&headers, query).await {
        let errors = json!({ "errors": [{ "message": "no good statement" }] });
        return (StatusCode::UNAUTHORIZED, Json(errors)).into_response();
    }
    let data = match query {
        query if query.contains("_service") => json!({ "_service": { "sdl": desk.told_sdl() } }),
        query if query.contains("_entities") => desk.entities(&asked["variables"]),
        query if query.contains("__schema") => json!({ "__schema": {} }),
        _ => json!({ "__typename": "Query" }),
    };
    Json(json!({ "data": data })).into_response()
}

impl Desk {
    async fn admits(&self, headers: &HeaderMap, query: &str) -> bool {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let statement = bearer.and_then(|value| value.strip_prefix("Bearer "));
        match (self.lie, statement) {
            (Lie::Public, _) => true,
            (Lie::PublicTypeName, None) => query == "{ __typename }",
            (Lie::Refuses, _) | (_, None) => false,
            (_, Some(statement)) => {
                let keys = Keys::of(&self.api).await.expect("the registry has keys");
                self.is_good(&keys.jwks, statement).unwrap_or_default()
            }
        }
    }

    fn is_good(&self, jwks: &Value, statement: &str) -> Option<bool> {
        let (signed, signature) = statement.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let now = self.api.clock.now().timestamp();
        let is_signed = match (self.lie, header["alg"].as_str()) {
            (Lie::TakesForged, _) | (Lie::TakesUnsigned, Some("none")) => true,
            _ => verifies(jwks, &header, signed, signature)?,
        };
        let is_for_us = claims["aud"] == *self.prefix || self.lie == Lie::TakesOtherAudience;
        let is_fresh = now < claims["exp"].as_i64()? || self.lie == Lie::TakesExpired;
        Some(is_signed && is_for_us && is_fresh)
    }

    fn told_sdl(&self) -> String {
        let sdl = lock(&self.sdl);
        match self.lie {
            Lie::OtherSdl => format!("{sdl}\ntype VidutelMore {{ a: Int }}"),
            _ => format!("# As it is deployed.\n{sdl}"),
        }
    }

    fn entities(&self, variables: &Value) -> Value {
        let none = Vec::new();
        let sent = variables["representations"].as_array().unwrap_or(&none);
        let is_known = |sent: &Value| {
            sent["id"].as_str().is_some_and(|id| self.known.iter().any(|known| known == id))
        };
        if self.lie == Lie::Fails && !sent.iter().all(is_known) {
            return Value::Null;
        }
        let entity = |sent: &Value| {
            let has_figures = is_known(sent) || self.lie == Lie::MakesUp;
            if sent["__typename"] != "Commune" || self.known.is_empty() {
                return Value::Null;
            }
            let figures = has_figures.then(|| json!({ "__typename": "VidutelCommune" }));
            json!({ "__typename": "Commune", "id": sent["id"], "vidutel": figures })
        };
        let mut sent: Vec<Value> = sent.clone();
        match self.lie {
            Lie::Drops => sent.retain(is_known),
            Lie::Sorts => sent.sort_by_key(|it| !is_known(it)),
            _ => {}
        }
        json!({ "_entities": sent.iter().map(entity).collect::<Vec<_>>() })
    }
}

/// Whether a published key signed a text.
pub fn verifies(jwks: &Value, header: &Value, signed: &str, signature: &str) -> Option<bool> {
    if header["alg"] != "EdDSA" || header["typ"] != "camket-statement+jwt" {
        return Some(false);
    }
    let key = jwks["keys"].as_array()?.iter().find(|key| key["kid"] == header["kid"])?;
    let key = URL_SAFE_NO_PAD.decode(key["x"].as_str()?).ok()?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    Some(UnparsedPublicKey::new(&ED25519, key).verify(signed.as_bytes(), &signature).is_ok())
}
