//! Somebody who sends requests: the public, a stranger, or a member or token of a party.

use api::http::ClientAddress;
use axum::{
    body::{Body, to_bytes},
    http::{Request, header, request::Builder},
};
use entity::{api_token, member, member::Role, party};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{HOST, Reply, TestApp};

/// Cheap to clone, so that one person can send many requests at once.
#[derive(Clone)]
pub struct Actor {
    pub(crate) app: TestApp,
    bearer: Option<String>,
    headers: Vec<(&'static str, String)>,
    address: Option<ClientAddress>,
    seat: Option<Seat>,
}

/// For whom somebody acts, and as what.
#[derive(Clone)]
pub(crate) struct Seat {
    pub party: party::Model,
    pub member: Option<member::Model>,
    pub token: Option<api_token::Model>,
}

impl Actor {
    pub(crate) fn new(app: &TestApp, bearer: Option<String>, seat: Option<Seat>) -> Self {
        Self { app: app.clone(), bearer, headers: Vec::new(), address: None, seat }
    }

    /// The party they act for.
    #[track_caller]
    pub fn party(&self) -> &party::Model {
        &self.seat().party
    }

    #[track_caller]
    pub fn member(&self) -> &member::Model {
        self.seat().member.as_ref().expect("this actor is a person")
    }

    #[track_caller]
    pub fn token(&self) -> &api_token::Model {
        self.seat().token.as_ref().expect("this actor is a system")
    }

    #[track_caller]
    fn seat(&self) -> &Seat {
        self.seat.as_ref().expect("this actor acts for a party")
    }

    /// What stands in the `Authorization` header after `Bearer`.
    pub fn bearer(&self) -> Option<&str> {
        self.bearer.as_deref()
    }

    /// The same person, who sends a header with every request.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same person, who names the party to act for.
    #[must_use]
    pub fn acting_for(self, party: &party::Model) -> Self {
        let code = party.code.clone();
        self.with_header(api::http::auth::PARTY_HEADER, code)
    }

    /// The same person, who prefers English.
    #[must_use]
    pub fn in_english(self) -> Self {
        self.with_header("accept-language", "en")
    }

    /// The same person, at an address.
    #[must_use]
    #[track_caller]
    pub fn at_address(mut self, address: &str) -> Self {
        self.address = Some(ClientAddress(address.parse().expect("an address")));
        self
    }

    /// Another membership of the same person.
    pub async fn joins(&self, party: &party::Model, role: Role) -> member::Model {
        let (issuer, subject) = (self.member().issuer.clone(), self.member().subject.clone());
        let build = self.app.member(party).with(|row| {
            (row.issuer, row.subject, row.role) = (issuer, subject, role);
        });
        build.await
    }

    /// Sends a GraphQL document with its variables.
    pub async fn gql(&self, query: &str, variables: Value) -> Reply {
        self.gql_with_headers(query, variables, &[]).await
    }

    /// Sends a query without variables.
    pub async fn ask(&self, query: &str) -> Reply {
        self.gql(query, json!({})).await
    }

    /// Sends a mutation whose document has the one variable `$input`.
    pub async fn act(&self, mutation: &str, input: Value) -> Reply {
        self.gql(mutation, json!({ "input": input })).await
    }

    /// Calls a persisted operation by its name, with its variables.
    pub async fn call(&self, name: &str, variables: Value) -> Reply {
        let uri = format!("/operations/{name}");
        let request = Request::post(uri).header(header::CONTENT_TYPE, "application/json");
        self.send(request, Body::from(variables.to_string())).await
    }

    /// Fetches something by its path and query.
    pub async fn fetch(&self, uri: &str) -> Reply {
        self.send(Request::get(uri).header("graphql-require-preflight", "1"), Body::empty()).await
    }

    pub async fn gql_with_headers(
        &self,
        query: &str,
        variables: Value,
        headers: &[(&str, &str)],
    ) -> Reply {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut request =
            Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, Body::from(body)).await
    }

    /// Sends a request as this actor.
    pub async fn send(&self, mut request: Builder, body: Body) -> Reply {
        request = request.header(header::HOST, HOST);
        if let Some(bearer) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        if let Some(address) = self.address {
            request = request.extension(address);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        self.app.send(request.body(body).expect("the request is well-formed")).await
    }
}

impl TestApp {
    /// Sends any request, as it is, through the real router.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        self.settle().await;
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("the answer has an end");
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap_or_default(),
            text: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}
