//! A browser at the console: it keeps the cookie of its session, and says with each request what the
//! pages say.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    body::Body,
    http::{Request, header, request::Builder},
};
use entity::party;
use serde_json::{Value, json};

use crate::{Actor, HOST, Reply, Socket, TestApp};

/// The cookie's name where the server is not this machine.
pub const COOKIE: &str = "__Host-camket-session";

/// Clones share their cookie.
#[derive(Clone)]
pub struct Browser {
    app: TestApp,
    cookie: Arc<Mutex<Option<String>>>,
}

impl TestApp {
    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        Browser { app: self.clone(), cookie: Arc::default() }
    }
}

impl Actor {
    /// The same person at the console.
    pub async fn at_console(&self) -> Browser {
        let browser = self.app.browser();
        browser.signs_in(&self.member().subject).await;
        browser
    }
}

impl Browser {
    /// Signs in as somebody, for the first of their parties.
    #[track_caller]
    pub fn signs_in(&self, subject: &str) -> impl Future<Output = ()> {
        let body = json!({ "persona": subject });
        async move {
            let reply = self.post("/console/session/dev", body).await;
            assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
        }
    }

    /// The secret of its session.
    pub fn cookie(&self) -> Option<String> {
        self.kept().clone()
    }

    /// The same browser with another secret.
    pub fn with_cookie(&self, secret: &str) -> Self {
        Self { app: self.app.clone(), cookie: Arc::new(Mutex::new(Some(secret.to_owned()))) }
    }

    /// Who is signed in, as the pages are told.
    pub async fn session(&self) -> Value {
        self.get("/console/session").await.body
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path), Body::empty()).await
    }

    /// What a page sends.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(page(path), Body::from(body.to_string())).await
    }

    /// Asks the graph.
    pub async fn gql(&self, query: &str, variables: Value) -> Reply {
        self.post("/console/graphql", json!({ "query": query, "variables": variables })).await
    }

    /// Acts for another party from now on.
    pub async fn chooses(&self, party: &party::Model) -> Reply {
        self.post("/console/session/party", json!({ "party": party.id.to_string() })).await
    }

    /// Sends a request as it is, with the cookie, and keeps the one that comes back.
    pub async fn send(&self, request: Builder, body: Body) -> Reply {
        let mut request = request.header(header::HOST, HOST);
        if let Some(secret) = self.cookie() {
            request = request.header(header::COOKIE, format!("{COOKIE}={secret}"));
        }
        let reply = self.app.send(request.body(body).expect("the request is well-formed")).await;
        for set in reply.headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().expect("cookies are texts");
            let pair = set.split(';').next().and_then(|pair| pair.split_once('='));
            if let Some((COOKIE, secret)) = pair {
                *self.kept() = Some(secret.to_owned()).filter(|secret| !secret.is_empty());
            }
        }
        reply
    }

    /// A socket that a page of this origin opens.
    pub async fn socket(&self) -> Socket {
        let cookie = format!("{COOKIE}={}", self.cookie().unwrap_or_default());
        let origin = format!("https://{HOST}");
        let headers = [("cookie", &*cookie), ("origin", &*origin)];
        let address = self.app.listen().await;
        Socket::connect_to(address, "/console/graphql", "graphql-transport-ws", &headers).await
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.cookie.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request with the headers of a page.
pub fn page(path: &str) -> Builder {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, format!("https://{HOST}"))
        .header("sec-fetch-site", "same-origin")
        .header("x-requested-with", "camket-console")
}
