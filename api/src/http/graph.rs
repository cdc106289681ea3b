//! What the door needs to know of the graph behind it.

use std::sync::Arc;

use async_graphql::{Executor, Request, Response};
use axum::http::{HeaderMap, header, request::Parts};

use super::{ClientAddress, auth};
use crate::{
    app::App,
    authz::Viewer,
    clock::Clock,
    error::Result,
    graphql::{self, guard::Guard},
    refusal::Language,
    telemetry::Telemetry,
};

/// A graph that can be served: ours, a partner's, a test's.
pub trait Graph: Send + Sync + 'static {
    type Schema: Executor;
    /// Who asks.
    type Caller: Send;

    fn guard(&self) -> &Guard<Self::Schema>;

    fn clock(&self) -> &dyn Clock;

    fn telemetry(&self) -> &Arc<Telemetry>;

    /// Who asks, by the headers of the request and where it comes from.
    fn caller(
        self: &Arc<Self>,
        request: &Parts,
    ) -> impl Future<Output = Result<Self::Caller>> + Send;

    /// Runs an operation that the guard admitted.
    fn run(
        self: &Arc<Self>,
        caller: Self::Caller,
        request: Request,
    ) -> impl Future<Output = Response> + Send;
}

impl Graph for App {
    type Schema = graphql::Schema;
    type Caller = (Viewer, Language);

    fn guard(&self) -> &Guard<Self::Schema> {
        &self.guard
    }

    fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    fn telemetry(&self) -> &Arc<Telemetry> {
        &self.telemetry
    }

    async fn caller(self: &Arc<Self>, request: &Parts) -> Result<Self::Caller> {
        let address = request.extensions.get::<ClientAddress>().copied();
        let viewer = auth::viewer(self, &request.headers, address).await?;
        Ok((viewer, language(&request.headers)))
    }

    async fn run(self: &Arc<Self>, (viewer, language): Self::Caller, request: Request) -> Response {
        graphql::run(self, viewer, language, request).await
    }
}

/// The first language of `Accept-Language` that the product speaks.
fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    accepted
        .unwrap_or_default()
        .split(',')
        .map(|range| range.trim().to_ascii_lowercase())
        .find_map(|range| match range.get(..2) {
            Some("vi") => Some(Language::Vi),
            Some("en") => Some(Language::En),
            _ => None,
        })
        .unwrap_or_default()
}
