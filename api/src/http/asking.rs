//! An operation of whatever kind as a stream of answers: what WebSocket and Server-Sent Events
//! share. Rights, limits and time-outs are those of a single answer over HTTP.

use std::sync::Arc;

use async_graphql::{Request, Response, ServerError, parser::types::OperationType};
use axum::http::request::Parts;
use tokio::time::timeout;

use super::{Caller, Door, Graph, trace};
use crate::{
    app::App,
    error::{Error, Result},
    graphql::{
        errors::{self, coded},
        guard::Admitted,
        live::{Live, Told},
    },
    telemetry,
};

/// One of the answers to an operation.
#[derive(Debug)]
pub enum Answer {
    Next(Response),
    /// It was not executed, or goes on no longer; nothing follows.
    Error(Vec<ServerError>),
    /// Nothing follows.
    Complete,
}

/// Somebody who asks, over a connection that outlives one answer.
#[derive(Clone)]
pub struct Asking {
    pub door: Door<App>,
    /// What was said about who asks.
    pub parts: Arc<Parts>,
    /// What the metrics call the connection.
    pub transport: &'static str,
}

impl Asking {
    /// Hands over answer after answer, until there is none left or nobody takes it (`tell` answers
    /// false).
    pub async fn run<T, G>(&self, request: Request, tell: T)
    where
        T: FnMut(Answer) -> G + Send,
        G: Future<Output = bool> + Send,
    {
        let app = &self.door.graph;
        let Parts { extensions, headers, .. } = &*self.parts;
        let span = trace::span(&*app.clock, extensions, headers).child(&*app.clock);
        let watched = app.telemetry.request(span, app.clock.now());
        watched.within(self.watched(request, &span.trace_id(), tell)).await;
    }

    async fn watched<T, G>(&self, request: Request, trace_id: &str, mut tell: T)
    where
        T: FnMut(Answer) -> G + Send,
        G: Future<Output = bool> + Send,
    {
        let answer = match self.in_time(self.admitted(request)).await {
            Ok((caller, admitted)) if admitted.kind == OperationType::Subscription => {
                return self.follow(trace_id, caller, admitted, tell).await;
            }
            Ok((caller, admitted)) => {
                let run = self.door.graph.run(caller, admitted);
                self.in_time(async { run.await.map_err(told) }).await
            }
            Err(errors) => Err(errors),
        };
        match answer {
            Ok(response) => {
                if tell(Answer::Next(coded(response, trace_id))).await {
                    tell(Answer::Complete).await;
                }
            }
            Err(errors) => {
                tell(refused(errors, trace_id)).await;
            }
        }
    }

    async fn admitted(&self, request: Request) -> Result<(Caller, Admitted), Vec<ServerError>> {
        let app = &self.door.graph;
        let caller = app.caller(&self.parts).await.map_err(told)?;
        let admitted = app.admit(&caller, request).await?;
        telemetry::operation(admitted.name.as_deref(), admitted.kind);
        Ok((caller, admitted))
    }

    /// What comes of something, unless it takes too long.
    async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, Vec<ServerError>>>,
    ) -> Result<T, Vec<ServerError>> {
        let done = timeout(self.door.settings.request_seconds, Box::pin(work)).await;
        done.unwrap_or_else(|_| Err(told(Error::TimedOut("the operation"))))
    }

    async fn follow<T, G>(&self, trace_id: &str, caller: Caller, admitted: Admitted, mut tell: T)
    where
        T: FnMut(Answer) -> G + Send,
        G: Future<Output = bool> + Send,
    {
        let _counted = self.door.graph.telemetry.metrics.subscribed(self.transport);
        let live = Live {
            app: self.door.graph.clone(),
            ask: || self.door.graph.caller(&self.parts),
            patience: self.door.settings.request_seconds,
        };
        live.run(caller, admitted, |told| {
            tell(match told {
                Told::Next(response) => Answer::Next(coded(response, trace_id)),
                Told::Ended(errors) if errors.is_empty() => Answer::Complete,
                Told::Ended(errors) => refused(errors, trace_id),
            })
        })
        .await;
    }
}

fn told(error: Error) -> Vec<ServerError> {
    vec![errors::fault(error)]
}

/// That it was not executed, with why.
pub fn refused(errors: Vec<ServerError>, trace_id: &str) -> Answer {
    Answer::Error(coded(Response::from_errors(errors), trace_id).errors)
}
