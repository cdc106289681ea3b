//! An operation of whatever kind as a stream of answers: what WebSocket and Server-Sent Events
//! share. Rights, limits and time-outs are those of a single answer over HTTP.

use std::sync::Arc;

use async_graphql::{Request, Response, ServerError, parser::types::OperationType};
use axum::http::request::Parts;

use super::{Door, Graph, trace};
use crate::{
    app::App,
    error::{Error, Result},
    graphql::{
        errors::{self, coded},
        guard::Admitted,
        live::{Live, Told},
    },
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
}

impl Asking {
    /// Hands over answer after answer, until there is none left or nobody takes it (`tell` answers
    /// false).
    pub async fn run<T, G>(&self, request: Request, mut tell: T)
    where
        T: FnMut(Answer) -> G + Send,
        G: Future<Output = bool> + Send,
    {
        let app = &self.door.graph;
        let trace_id = trace::id(&*app.clock, &self.parts.headers);
        let admitted = match app.caller(&self.parts).await {
            Ok(caller) => app.admit(&caller, request).await,
            Err(error) => Err(vec![errors::fault(error)]),
        };
        match admitted {
            Ok(admitted) if admitted.kind == OperationType::Subscription => {
                self.follow(&trace_id, admitted, tell).await;
            }
            Ok(admitted) => match self.once(admitted).await {
                Ok(response) => {
                    if tell(Answer::Next(coded(response, &trace_id))).await {
                        tell(Answer::Complete).await;
                    }
                }
                Err(error) => {
                    tell(refused(vec![errors::fault(error)], &trace_id)).await;
                }
            },
            Err(errors) => {
                tell(refused(errors, &trace_id)).await;
            }
        }
    }

    async fn once(&self, admitted: Admitted) -> Result<Response> {
        let app = &self.door.graph;
        let executed = tokio::time::timeout(
            self.door.settings.request_seconds,
            Box::pin(async { app.run(app.caller(&self.parts).await?, admitted).await }),
        );
        executed.await.map_err(|_| Error::TimedOut("the operation"))?
    }

    async fn follow<T, G>(&self, trace_id: &str, admitted: Admitted, mut tell: T)
    where
        T: FnMut(Answer) -> G + Send,
        G: Future<Output = bool> + Send,
    {
        let live = Live {
            app: self.door.graph.clone(),
            ask: || self.door.graph.caller(&self.parts),
            patience: self.door.settings.request_seconds,
        };
        live.run(admitted, |told| {
            tell(match told {
                Told::Next(response) => Answer::Next(coded(response, trace_id)),
                Told::Ended(errors) if errors.is_empty() => Answer::Complete,
                Told::Ended(errors) => refused(errors, trace_id),
            })
        })
        .await;
    }
}

/// That it was not executed, with why.
pub fn refused(errors: Vec<ServerError>, trace_id: &str) -> Answer {
    Answer::Error(coded(Response::from_errors(errors), trace_id).errors)
}
