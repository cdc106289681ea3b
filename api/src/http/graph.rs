//! What the door needs to know of the graph behind it.

use std::{future::ready, sync::Arc};

use async_graphql::{Executor, Request, Response, ServerError, parser::types::OperationType};
use axum::http::{HeaderMap, header, request::Parts};

use super::{ClientAddress, auth, console::BySession, routers};
use crate::{
    app::App,
    authz::Viewer,
    clock::Clock,
    domain::{
        operation::{
            read::{self as operations, Runnable},
            rules,
        },
        session::read as sessions,
    },
    error::Result,
    graphql::{
        self, context, errors,
        guard::{Admitted, Guard},
    },
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

    /// Admits an operation of somebody's, or says all that is wrong with it.
    fn admit(
        self: &Arc<Self>,
        _: &Self::Caller,
        request: Request,
    ) -> impl Future<Output = Result<Admitted, Vec<ServerError>>> + Send {
        ready(self.guard().admit(request))
    }

    /// Runs an operation that was admitted.
    fn run(
        self: &Arc<Self>,
        caller: Self::Caller,
        admitted: Admitted,
    ) -> impl Future<Output = Result<Response>> + Send;
}

/// Who asks, in which language, from where and through whom.
pub struct Caller {
    pub viewer: Viewer,
    pub language: Language,
    pub address: Option<ClientAddress>,
    /// Whether a router of ours sends the request, for whoever asks.
    pub through_router: bool,
}

impl Graph for App {
    type Schema = graphql::Schema;
    type Caller = Caller;

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
        let language = language(&request.headers);
        if let Some(BySession(secret)) = request.extensions.get() {
            let viewer = sessions::viewer_by_secret(self, secret).await?;
            return Ok(Caller { viewer, language, address, through_router: false });
        }
        let through_router = routers::is_router(self, &request.headers, address).await?;
        let viewer = auth::viewer(self, &request.headers, address).await?;
        Ok(Caller { viewer, language, address, through_router })
    }

    async fn admit(
        self: &Arc<Self>,
        caller: &Self::Caller,
        mut request: Request,
    ) -> Result<Admitted, Vec<ServerError>> {
        let persisted = operations::persisted(self, &caller.viewer, &request.query).await;
        let persisted = persisted.map_err(|error| vec![errors::fault(error)])?;
        if let Some(operation) = &persisted {
            request.query.clone_from(&operation.document);
        }
        let admitted = self.guard.admit(request)?;
        if let Some(operation) = persisted {
            self.was_called(&operation, admitted.name.as_deref());
        }
        Ok(admitted)
    }

    async fn run(self: &Arc<Self>, caller: Self::Caller, admitted: Admitted) -> Result<Response> {
        let Caller { viewer, language, address, through_router } = caller;
        let Admitted { request, kind, cost, kept, .. } = admitted;
        let spent = self.spend(&viewer, address, cost).await?.keeping(kept);
        let parts = context::Parts::new(self.clone(), viewer, language);
        let mut response = graphql::run(parts.through_router(through_router), request).await;
        self.settle(spent, kind, &mut response).await;
        Ok(response)
    }
}

impl App {
    /// What somebody asks for, by its text or as a persisted operation; none if it is nothing.
    pub(super) async fn kind(
        self: &Arc<Self>,
        request: &Parts,
        sent: &Request,
    ) -> Option<OperationType> {
        let name = sent.operation_name.as_deref();
        if rules::hash_of(&sent.query).is_none() {
            return self.guard.kind(&sent.query, name);
        }
        let caller = self.caller(request).await.ok()?;
        let persisted = operations::persisted(self, &caller.viewer, &sent.query).await.ok()??;
        self.guard.kind(&persisted.document, name)
    }

    /// Notes that a persisted operation runs. What it calls itself in its document is known then.
    pub(super) fn was_called(&self, operation: &Runnable, name: Option<&str>) {
        self.uses.note(operation, self.clock.now());
        if let Some(name) = name {
            self.telemetry.know(name);
        }
    }
}

/// The first language of `Accept-Language` that the product speaks.
pub(super) fn language(headers: &HeaderMap) -> Language {
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
